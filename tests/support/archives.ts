import * as crypto from "node:crypto";
import * as fs from "node:fs";
import { toBase64 } from "@mh/core/ports/bytes.ts";
import { fingerprint, type Manifest, signManifest } from "@mh/core/self/manifest.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { zipEntries } from "@mh/host/import/zip.ts";
import { archivesIn } from "@mh/host/self/write-archive.ts";

/** The files of an archive, by their names. */
const filesOf = (archive: string): Map<string, Buffer> =>
  new Map(zipEntries(archive).map((entry) => [entry.name, Buffer.concat([...entry.open()])]));

/** The values of one of its files of lines. */
export const linesOf = <T = Record<string, unknown>>(archive: string, name: string): T[] =>
  (filesOf(archive).get(name)?.toString() ?? "")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

/**
 * An archive as somebody makes it who has a key, and changes what they like: everything in it adds up. Gives the key that
 * signed it.
 */
export async function resigned(
  archive: string,
  target: string,
  change: (name: string, bytes: Buffer) => Uint8Array | string,
): Promise<string> {
  const seed = crypto.randomBytes(32);
  const files = filesOf(archive);
  const { manifest } = JSON.parse((files.get("manifest.json") as Buffer).toString()) as { manifest: Manifest };
  files.delete("manifest.json");
  const checkpointKey = toBase64(nodeCrypto.publicKey(seed));
  fs.rmSync(target, { force: true });
  using writer = archivesIn({ toSkills: () => [] } as never)(target);
  for (const [name, bytes] of files) {
    const changed = change(name, bytes);
    const written = await writer.add(name, [typeof changed === "string" ? Buffer.from(changed) : changed]);
    const entry = manifest.entries.find(({ path }) => path === name);
    Object.assign(entry as object, written);
  }
  manifest.home.checkpointKey = checkpointKey;
  const signed = signManifest((message) => nodeCrypto.sign(seed, message), manifest);
  await writer.add("manifest.json", [Buffer.from(signed)]);
  await writer.finish();
  return fingerprint(nodeCrypto, checkpointKey);
}

/**
 * What an archive tells of memories, but for what each home says itself: which command wrote a line, and a number where a line
 * of before was lost.
 */
export function toldBy(archive: string) {
  const read = (name: string) => linesOf<{ id: string; rev: number; cmd: string; op: string }>(archive, name);
  const byId = Map.groupBy([...read("revisions.ndjson"), ...read("memories.ndjson")], ({ id }) => id);
  const lines = (name: string) =>
    read(name)
      .map(({ cmd, ...line }) => ({
        ...line,
        rev: byId.get(line.id)?.filter(({ rev }) => rev <= line.rev).length ?? 0,
      }))
      .sort((a, b) => (a.id === b.id ? a.rev - b.rev : a.id < b.id ? -1 : 1));
  // Of a memory that is none any more, and never said anything that is known, only its removal is told.
  const said = new Set([...byId.values()].flat().flatMap(({ op, id }) => (op === "put" ? [id] : [])));
  return {
    memories: lines("memories.ndjson"),
    revisions: lines("revisions.ndjson").filter(({ id }) => said.has(id)),
    forgotten: linesOf<{ id: string }>(archive, "forgotten.ndjson"),
  };
}
