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
