import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { homePaths } from "@mh/core/documents/home-paths.ts";
import { type AtRest, kindOfFile } from "@mh/core/model/home-files.ts";
import { decodeLossy, utf8 } from "@mh/core/ports/bytes.ts";
import { diskFault, isDiskError } from "@mh/core/ports/disk-fault.ts";
import { nodeFiles } from "../adapters/node-files.ts";
import { blindReader } from "../audit/journal-reader.ts";
import { holdHome } from "../home/hold-home.ts";
import { readHome } from "../home/home-file.ts";
import { rulesTroubleFile } from "../home/rules-trouble.ts";
import { summaryFile } from "../home/summary.ts";
import { keptHomes } from "../home/upgrade/swap.ts";
import { isOwnCode, keyFolder } from "../places.ts";
import { Cipher } from "./cipher.ts";
import { coverLog, openSegments, type SealProgress } from "./cover-log.ts";
import { isEnveloped, makeEnvelope, openEnvelope } from "./envelope.ts";
import { encryptionOf } from "./home-disk.ts";
import { isWhollySealed, sealedFiles } from "./sealed-files.ts";
import { hasOpenName, namedFolders, sealedNames } from "./sealed-names.ts";
import { leaveKey, removeKey } from "./unlocked-key.ts";

type Environment = Record<string, string | undefined>;

export interface SwitchedOn {
  /** How many files were sealed now. */
  sealed: number;
  /** Days of the log from before that stay in the clear, where the log does not add up. */
  openLog: string[];
}

/**
 * Encrypts a home from here on, and what lies in it already. Where it was interrupted, or files were put there since, a second
 * time goes on: what is sealed stays as it is. Throws `home.busy`, and `home.locked`.
 */
export async function encryptHome(
  root: string,
  environment: Environment,
  passphrase: string,
  onProgress: SealProgress = () => undefined,
): Promise<SwitchedOn> {
  using _ = holdHome(root);
  const files = nodeFiles(root);
  const home = readHome(files, root);
  const open = keptHomes(root).find(({ encrypted }) => !encrypted);
  if (open)
    throw new Fault(
      "usage",
      `What an upgrade kept in ${open.folder} lies in the clear. \`mh self upgrade --done\` lets go of it; then again.`,
    );
  const folder = keyFolder(home.id, environment);
  try {
    const dataKey = isEnveloped(folder)
      ? await openEnvelope(folder, passphrase)
      : await makeEnvelope(folder, home.id, passphrase);
    leaveKey(folder, environment, dataKey);
    // From here on nothing is written in the clear, whatever happens next.
    if (!home.encrypted)
      files.replace("home.json", utf8.encode(`${JSON.stringify({ ...home, encrypted: true }, null, 2)}\n`));
    // What processes noted openly of agents and rules: of an encrypted home they note numbers.
    for (const noted of [summaryFile, rulesTroubleFile]) files.remove(noted);
    const cipher = new Cipher(dataKey);
    const { sealed } = sealWhatLies(root, cipher, onProgress);
    await coverLog(root, home, folder, { cipher, onProgress });
    return { sealed, openLog: openLogOf(root) };
  } catch (error) {
    throw isEnveloped(folder) ? begun(error) : error;
  }
}

/** Once the envelope is there the home opens by its passphrase alone, whatever came after it. */
function begun(error: unknown): unknown {
  if (!isDiskError(error) && !(error instanceof Fault)) return error;
  const fault = diskFault(error);
  if (!["disk.full", "disk.failed", "home.read-only"].includes(fault.code)) return fault;
  const why = fault.code === "disk.full" ? "The disk is full." : fault.message;
  const message = `The home is encrypted, and opens by this passphrase; what lies in it is not all sealed yet. ${why} \`mh encrypt\` goes on, with the same passphrase.`;
  return new Fault(fault.code, message, { cause: error });
}

/** Takes the key away, once no process holds the home. Throws `home.busy`. */
export function lockHome(root: string, environment: Environment): void {
  using _ = holdHome(root);
  const { folder, dataKey } = encryptionOf(root, environment);
  // What was put there by hand since is not left behind in the clear.
  if (dataKey) sealWhatLies(root, new Cipher(dataKey));
  removeKey(folder, environment);
}

function sealWhatLies(root: string, cipher: Cipher, onProgress: SealProgress = () => undefined): { sealed: number } {
  const files = nodeFiles(root);
  const named = sealedNames(files, cipher.names);
  const through = sealedFiles(files, cipher);
  const isOpen = (file: string) => hasOpenName(file) && files.facts(file) !== undefined;
  let sealed = 0;
  const paths = homePaths(through);
  for (const [n, file] of paths.entries()) {
    onProgress("files", n + 1, (n + 1) / paths.length);
    const atRest = atRestIn(root, file);
    if (atRest === "removed" || (atRest === "pages" && isPlainDatabase(root, file))) through.remove(file);
    if (atRest !== "sealed") continue;
    if (isWhollySealed(file, named.read(file) ?? new Uint8Array()) && !isOpen(file)) continue;
    through.replace(file, through.read(file) ?? new Uint8Array());
    sealed += 1;
  }
  removeEmptyFolders(root);
  return { sealed };
}

/** Of a clone that is the home, agents and prompts are those of mh. */
const atRestIn = (root: string, file: string): AtRest =>
  /^brain\/(agents|prompts)\//.test(file) && isOwnCode(root) ? "open" : kindOfFile(file).atRest;

/** What lay in folders with names of the owner's lies in others now. */
function removeEmptyFolders(root: string): void {
  const below = namedFolders.flatMap((folder) => {
    const full = path.join(root, folder);
    if (!fs.existsSync(full)) return [];
    return fs.readdirSync(full, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  });
  const paths = below.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  for (const folder of paths.reverse()) if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}

/** Files of an encrypted home that can be read without its key, and should not be: what they say, or their names. */
export function openFilesOf(root: string): string[] {
  return homePaths(nodeFiles(root)).filter((file) => {
    const atRest = atRestIn(root, file);
    if (atRest === "sealed") return !isSealed(root, file) || hasOpenName(file);
    return atRest === "pages" && isPlainDatabase(root, file);
  });
}

/** Days of the log with records from before the home was encrypted. */
export const openLogOf = (root: string): string[] => openSegments(blindReader(root)).map(({ path }) => path);

const isSealed = (root: string, file: string): boolean =>
  isWhollySealed(file, nodeFiles(root).read(file) ?? new Uint8Array());

/** The index is a cache, and made anew. What goes with a database lies as that does. */
function isPlainDatabase(root: string, file: string): boolean {
  const head = nodeFiles(root).readPart(file.replace(/-(wal|shm|journal)$/, ""), 0, 16);
  return head === undefined || decodeLossy(head) === "SQLite format 3\0";
}
