import * as fs from "node:fs";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Fault } from "@mh/contract/values/fault.ts";
import { homePaths } from "@mh/core/documents/home-paths.ts";
import { isHomeFile, kindOfFile } from "@mh/core/model/home-files.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import { createTarPacker } from "modern-tar";
import { cutOffName, isTemporary, removeCutOff, sweepCutOff } from "../adapters/cut-off-writes.ts";
import { putNewFile } from "../adapters/new-file.ts";
import { nodeFiles } from "../adapters/node-files.ts";
import { unlockedName } from "../encryption/unlocked-key.ts";
import { holdHome } from "../home/hold-home.ts";
import { readHome } from "../home/home-file.ts";
import { isOwnCode, keyFolder } from "../places.ts";
import { version } from "../version.ts";
import { type SealedFor, sealed } from "./age.ts";
import { type BackupFacts, type BackupProgress, factsName } from "./facts.ts";
import { followLog } from "./follow-log.ts";

interface Entry {
  /** In the archive: `home/…`, or `keys/…`. */
  name: string;
  file: string;
  size: number;
}

/**
 * Writes a home, as it is stored, and the folder of its keys into one archive: tar, gzip, age. What is a cache, a lock or the
 * unlocked key stays out. Nobody writes meanwhile: throws `home.busy` while another process holds the home, and
 * `journal.damaged` where its log does not add up, for nothing would restore that.
 */
export async function createBackup(
  root: string,
  environment: Record<string, string | undefined>,
  file: string,
  to: SealedFor,
  onProgress: BackupProgress = () => undefined,
): Promise<BackupFacts & { size: number }> {
  if (fs.existsSync(file))
    throw new Fault("args.invalid", `${file} is there already, and stays as it is. Name a new file.`);
  using _ = holdHome(root);
  const home = readHome(nodeFiles(root), root);
  const { damage } = followLog(root);
  if (damage !== undefined)
    throw new Fault(
      "journal.damaged",
      `The log of ${root} does not add up (${damage}). \`mh audit verify\` says where.`,
    );
  const entries = [...homeEntries(root), ...keyEntries(keyFolder(home.id, environment))];
  const facts: BackupFacts = {
    ...{ v: 1, home: home.id, at: new Date().toISOString(), mh: version, files: entries.length },
    bytes: entries.reduce((sum, { size }) => sum + size, 0),
  };
  const temporary = cutOffName(file);
  try {
    sweepCutOff(path.dirname(file), (name) => name === path.basename(file));
    const archive = await sealed(packed(facts, entries, onProgress).pipeThrough(new CompressionStream("gzip")), to);
    await pipeline(
      Readable.fromWeb(archive as never),
      fs.createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true }),
    );
    putNewFile(temporary, file);
    return { ...facts, size: fs.statSync(file).size };
  } catch (error) {
    throw diskFault(error);
  } finally {
    removeCutOff(temporary);
  }
}

function homeEntries(root: string): Entry[] {
  // Of a clone its code is no part.
  const isCode = isOwnCode(root);
  const wanted = homePaths(nodeFiles(root)).filter((name) => (isCode ? isHomeFile(name) : true) && isKept(name));
  return wanted.map((name) => entryOf(`home/${name}`, path.join(root, name)));
}

function isKept(name: string): boolean {
  const { form, atRest } = kindOfFile(name);
  if (form === "database" || atRest === "removed" || atRest === "copied") return false;
  return !(name.startsWith("run/") && atRest === "open");
}

function keyEntries(folder: string): Entry[] {
  if (!fs.existsSync(folder))
    throw new Fault("keys.missing", `The keys of this home are not at ${folder}. A backup without them opens nothing.`);
  const wanted = nodeFiles(folder)
    .list("")
    .filter((name) => name !== unlockedName && !isTemporary(name));
  return wanted.map((name) => entryOf(`keys/${name}`, path.join(folder, name)));
}

const entryOf = (name: string, file: string): Entry => ({ name, file, size: fs.statSync(file).size });

/** A tar of the facts and of every file. */
function packed(facts: BackupFacts, entries: readonly Entry[], onProgress: BackupProgress): ReadableStream<Uint8Array> {
  const { readable, controller } = createTarPacker();
  let [count, bytes] = [0, 0];
  const tell = (more: number) => {
    bytes += more;
    onProgress({ fraction: bytes / Math.max(1, facts.bytes), count });
  };
  const write = async () => {
    const first = Buffer.from(`${JSON.stringify(facts, null, 2)}\n`);
    await added(controller.add({ name: factsName, size: first.length, mode: 0o600 }), [first]);
    for (const { name, file, size } of entries) {
      const chunks = size > 0 ? fs.createReadStream(file, { end: size - 1 }) : [];
      await added(controller.add({ name, size, mode: 0o600 }), chunks, tell);
      count += 1;
      tell(0);
    }
    controller.finalize();
  };
  write().catch((error: unknown) => controller.error(error));
  return readable;
}

async function added(
  to: WritableStream<Uint8Array>,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  tell: (bytes: number) => void = () => undefined,
): Promise<void> {
  const writer = to.getWriter();
  for await (const chunk of chunks) {
    await writer.write(chunk);
    tell(chunk.length);
  }
  await writer.close();
}
