import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Fault } from "@mh/contract/values/fault.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import { createTarDecoder } from "modern-tar";
import { makeFolder, putInPlace, syncFolder, syncNames } from "../adapters/durable-names.ts";
import { nodeFiles } from "../adapters/node-files.ts";
import { readPlain } from "../adapters/plain-file.ts";
import { holdSameKey, isEnveloped } from "../encryption/envelope.ts";
import { unlockedName } from "../encryption/unlocked-key.ts";
import { homeExists, readHome } from "../home/home-file.ts";
import { keyFiles } from "../home/keys.ts";
import { keyFolder, realOf } from "../places.ts";
import { writePrivate } from "../secrets/private-file.ts";
import { type OpenedWith, unsealed } from "./age.ts";
import { type BackupFacts, type BackupProgress, factsIn, factsName } from "./facts.ts";
import { followLog } from "./follow-log.ts";

export interface Restored extends BackupFacts {
  /** Records of its log, every one checked. */
  records: number;
  /** Where its keys lie, or would. */
  keys: string;
}

/**
 * Says what a backup holds, all of it read and its log checked, and leaves nothing behind. Only what that takes is laid out:
 * no memory and no key comes to a folder for temporary files.
 */
export async function previewBackup(
  file: string,
  by: OpenedWith,
  environment: Environment,
  onProgress?: BackupProgress,
): Promise<Restored> {
  const stage = fs.mkdtempSync(path.join(os.tmpdir(), "mh-backup-"));
  const isWanted = (name: string) => /^home\/(home\.json$|logs\/audit\/)/.test(name);
  try {
    return await laidOut(file, by, stage, environment, { isWanted, onProgress });
  } finally {
    fs.rmSync(stage, { recursive: true, force: true });
  }
}

type Environment = Record<string, string | undefined>;

/**
 * Makes a home of a backup where there is none. It is laid out beside its place and moved there once it was read to its end
 * and its log adds up; keys that are there already must be the same. Cut off, it is simply done again. Throws
 * `backup.refused`.
 */
export async function restoreBackup(
  file: string,
  by: OpenedWith,
  root: string,
  environment: Environment,
  onProgress?: BackupProgress,
): Promise<Restored> {
  if (fs.existsSync(root) && fs.readdirSync(root).length > 0)
    throw new Fault("backup.refused", `${root} is not empty, and stays as it is. Name another place by --home.`);
  const place = realOf(root);
  sweepStages(place);
  const stage = `${stagesOf(place)}${process.pid}`;
  makeFolder(path.dirname(place));
  try {
    const restored = await laidOut(file, by, stage, environment, { onProgress });
    putKeys(path.join(stage, "keys"), restored.keys);
    // Onto an empty folder, or none: one that was filled meanwhile stays.
    syncBelow(path.join(stage, "home"));
    putInPlace(path.join(stage, "home"), place);
    syncNames(path.dirname(place));
    return restored;
  } catch (error) {
    throw diskFault(error);
  } finally {
    removeStage(stage);
  }
}

/** What stays of it the next restore removes: it changes nothing of what is told of this one. */
function removeStage(stage: string): void {
  try {
    fs.rmSync(stage, { recursive: true, force: true });
  } catch {
    return;
  }
}

/** The names in a folder and in all below it; what the files say is synced as it is written. */
function syncBelow(folder: string): void {
  syncFolder(folder);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) syncBelow(path.join(folder, entry.name));
}

/** A backup is laid out beside the home's place, so that it is put there by renaming. */
const stagesOf = (place: string): string => path.join(path.dirname(place), `.${path.basename(place)}.mh-restore-`);

/** Removes what one that was killed left, keys among it. */
function sweepStages(place: string): void {
  const [folder, begin] = [path.dirname(place), path.basename(stagesOf(place))];
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  for (const each of names.filter((name) => name.startsWith(begin) && /^\d+$/.test(name.slice(begin.length))))
    fs.rmSync(path.join(folder, each), { recursive: true, force: true });
}

interface Reading {
  isWanted?: (name: string) => boolean;
  onProgress: BackupProgress | undefined;
}

async function laidOut(
  file: string,
  by: OpenedWith,
  stage: string,
  environment: Environment,
  { isWanted = () => true, onProgress }: Reading,
): Promise<Restored> {
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new Fault("file.not-found", `There is no file ${file}.`);
  const bytes = Readable.toWeb(fs.createReadStream(file)) as unknown as ReadableStream<Uint8Array>;
  const opened = await unsealed(bytes, by);
  let facts: BackupFacts | undefined;
  let files = 0;
  try {
    const entries = opened
      .pipeThrough(new DecompressionStream("gzip") as never)
      .pipeThrough(createTarDecoder({ strict: true }) as never) as unknown as AsyncIterable<{
      header: { name: string; type?: string };
      body: ReadableStream<Uint8Array>;
    }>;
    for await (const { header, body } of entries) {
      if (header.name === factsName) facts = factsIn(await new Response(body as never).text());
      else {
        const place = placeOf(stage, header);
        if (isWanted(header.name)) await pipeline(Readable.fromWeb(body as never), newFile(place));
        else await body.pipeTo(new WritableStream());
        files += 1;
        if (facts) onProgress?.({ fraction: files / facts.files, count: files });
      }
    }
  } catch (cause) {
    const fault = diskFault(cause);
    if (cause === fault || fault.code === "disk.full" || fault.code === "home.read-only") throw fault;
    throw new Fault("backup.refused", `It cannot be read to its end, and nothing of it was taken: ${cause}.`, {
      cause,
    });
  }
  if (!facts || facts.files !== files)
    throw new Fault("backup.refused", "It lacks files, and nothing of it was taken.");
  const home = path.join(stage, "home");
  if (!homeExists(home) || readHome(nodeFiles(home), home).id !== facts.home)
    throw new Fault("backup.refused", "It names another home than the one that it holds, and nothing of it was taken.");
  const { records, damage } = followLog(home);
  if (damage !== undefined)
    throw new Fault("backup.refused", `Its log does not add up (${damage}), and nothing of it was taken.`);
  return { ...facts, records, keys: keyFolder(facts.home, environment) };
}

/** Below `home` or `keys`, and nowhere else. No backup holds an unlocked key. */
function placeOf(stage: string, { name, type = "file" }: { name: string; type?: string }): string {
  const parts = name.split("/");
  const isInside = /^(home|keys)\/./.test(name) && !parts.some((part) => part === ".." || part === "." || part === "");
  const isUnlocked = name.toLowerCase() === `keys/${unlockedName}`;
  if (isInside && type === "file" && !name.includes("\0") && !isUnlocked) return path.join(stage, ...parts);
  throw new Fault("backup.refused", `It holds ${JSON.stringify(name.slice(0, 100))}, which no backup of mh's does.`);
}

function newFile(place: string): fs.WriteStream {
  fs.mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
  return fs.createWriteStream(place, { flags: "wx", mode: 0o600, flush: true });
}

/** Adds what is missing to a folder of keys. One that has keys is added to only by a backup that has the same ones. */
function putKeys(from: string, to: string): void {
  const isThere = (name: string) => fs.existsSync(path.join(to, name));
  const other = keyFiles.find((name) => isThere(name) && !isSameFile(path.join(from, name), path.join(to, name)));
  const isOtherEnvelope = isEnveloped(from) && isEnveloped(to) && !holdSameKey(from, to);
  if (other !== undefined || isOtherEnvelope)
    throw new Fault(
      "backup.refused",
      `The keys in ${to} are others, and stay as they are. Move that folder away first.`,
    );
  for (const name of nodeFiles(from)
    .list("")
    .filter((each) => !isThere(each)))
    writePrivate(path.join(to, name), readPlain(path.join(from, name)));
}

const isSameFile = (a: string, b: string): boolean => fs.existsSync(a) && readPlain(a).equals(readPlain(b));
