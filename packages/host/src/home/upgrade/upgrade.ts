import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Feature } from "@mh/core/feature.ts";
import { emptyHead } from "@mh/core/journal/chain.ts";
import { Journal } from "@mh/core/journal/journal.ts";
import { walk } from "@mh/core/journal/walk.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import { nodeFiles } from "../../adapters/node-files.ts";
import { readWitness, writeWitness } from "../../audit/witness.ts";
import { indexFile, keyFolder } from "../../places.ts";
import type { HomeParts } from "../../wiring/home-parts.ts";
import { type HomeFile, homeFormat, readHome } from "../home-file.ts";
import { type Data, openData } from "../open-data.ts";
import { removeIndex } from "../projection.ts";
import { recoveredEntry } from "../repair.ts";
import { upgradeSteps } from "./steps.ts";
import {
  afterFolder,
  beforeFolder,
  finishSwap,
  formatted,
  keptHomes,
  stageFolder,
  swapIn,
  upgradeFolder,
} from "./swap.ts";

export interface UpgradeOptions {
  environment: Record<string, string | undefined>;
  features: readonly Feature<HomeParts>[];
  clock: Clock;
  onProgress?: ((what: string, done: number) => void) | undefined;
}

/**
 * Brings a home of an earlier format to today's, once it is held. A copy is changed in a stage within the home, and checked:
 * the log whose chain begins with the former one, and an index made anew that says the same. Then it is put in place, and the
 * former home kept aside. Cut off at any moment, either the former home is whole or this one.
 */
export async function upgradeHome(root: string, options: UpgradeOptions): Promise<HomeFile> {
  finishSwap(root);
  const home = readHome(nodeFiles(root), root);
  if (home.format >= homeFormat) return home;
  let steps = 0;
  const note = (what: string) => options.onProgress?.(`upgrade: ${what}`, ++steps);
  const stage = path.join(root, stageFolder);
  try {
    await makeStage(root, stage, home, options, note);
  } catch (error) {
    fs.rmSync(stage, { recursive: true, force: true });
    throw error;
  }
  const names = formatted.filter((name) => fs.existsSync(path.join(stage, name)));
  swapIn(root, { from: stageFolder, aside: beforeFolder, names }, () => note("put in place"));
  return readHome(nodeFiles(root), root);
}

/** Makes the upgraded home beside the former one, whole, checked and on the disk. */
async function makeStage(
  root: string,
  stage: string,
  home: HomeFile,
  options: UpgradeOptions,
  note: (what: string) => void,
): Promise<void> {
  fs.rmSync(stage, { recursive: true, force: true });
  try {
    copyParts(root, stage);
  } catch (error) {
    throw diskFault(error);
  }
  note("copied");
  const open = () => {
    removeIndex(indexFile(stage));
    fs.mkdirSync(path.dirname(indexFile(stage)), { recursive: true, mode: 0o700 });
    const keys = { keyFolder: keyFolder(home.id, options.environment), environment: options.environment };
    return openData(stage, home, keys, options.features);
  };
  const former = await changed(open, home.format, options.clock, note);
  nodeFiles(stage).replace("home.json", Buffer.from(`${JSON.stringify({ ...home, format: homeFormat }, null, 2)}\n`));
  refuseUnlessSame(open, former);
  removeIndex(indexFile(stage));
  note("checked");
  syncBelow(stage);
  keepWitness(root, keyFolder(home.id, options.environment));
}

/** The index is a cache: both homes make their own. */
function copyParts(root: string, stage: string): void {
  fs.mkdirSync(stage, { recursive: true, mode: 0o700 });
  for (const name of formatted.filter((each) => fs.existsSync(path.join(root, each)))) {
    const from = fs.realpathSync(path.join(root, name));
    // What lies elsewhere can be neither put in place by renaming nor back again.
    if (fs.lstatSync(path.join(root, name)).isSymbolicLink() && fs.statSync(from).isDirectory())
      throw notUpgraded(`${name} is a link to ${from}; put that folder itself in its place`);
    const index = name === "memory" ? path.join(from, "index") : undefined;
    fs.cpSync(from, path.join(stage, name), {
      ...{ recursive: true, preserveTimestamps: true, verbatimSymlinks: true, mode: fs.constants.COPYFILE_FICLONE },
      filter: (source) => source !== index,
    });
  }
}

interface State {
  size: number;
  hash: string;
  counts: Record<string, number>;
  sum: string;
}

/** Takes the steps from a format on, and writes down in the stage's log what was done; gives how it stood before. */
async function changed(open: () => Data, from: number, clock: Clock, note: (what: string) => void): Promise<State> {
  using data = open();
  const former = stateOf(data);
  const { reader, keys, head, torn } = data;
  const entries: Entry[] = torn.map((tail) => recoveredEntry(reader.crypto.id(), tail));
  for (const step of upgradeSteps.filter((each) => each.from >= from)) {
    entries.push(...step.run(data));
    note(`from format ${step.from}`);
  }
  entries.push({
    ...{ phase: "recovered", id: reader.crypto.id(), principal: "file" },
    body: { what: "upgrade", from, to: homeFormat },
  });
  const parts = { files: reader.files, clock, crypto: reader.crypto, sealer: reader.sealer };
  using journal = Journal.open({ ...parts, boot: reader.crypto.id(), macKey: keys.macKey }, head);
  journal.append(entries);
  await journal.sync();
  return former;
}

/** Of what each index is made to say the same: every memory, document and right. */
const compared = ["memories", "tombstones", "documents", "grants", "trust", "approvals", "adoptions", "tasks"] as const;
const columns: Record<(typeof compared)[number], string> = {
  memories: "id, record",
  tombstones: "id, line",
  documents: "path, text",
  grants: "*",
  trust: "*",
  approvals: "*",
  adoptions: "*",
  tasks: "id, record",
};

function stateOf({ db, head }: Data): State {
  const sum = crypto.createHash("sha256");
  const counts: Record<string, number> = {};
  for (const table of compared) {
    counts[table] = 0;
    for (const row of db.prepare(`SELECT ${columns[table]} FROM ${table} ORDER BY 1, 2`).iterate()) {
      counts[table] += 1;
      sum.update(JSON.stringify([table, row]));
    }
  }
  return { size: head.size, hash: head.hash, counts, sum: sum.digest("hex") };
}

function refuseUnlessSame(open: () => Data, former: State): void {
  using data = open();
  const now = stateOf(data);
  const lost = compared.filter((table) => now.counts[table] !== former.counts[table]);
  if (lost.length > 0) throw notUpgraded(`of ${lost.join(", ")} it would not hold as many`);
  if (now.sum !== former.sum) throw notUpgraded("an index made anew would not say the same");
  if (former.size === 0) return;
  for (const { head } of walk(data.reader, { head: emptyHead })) {
    if (head.size !== former.size) continue;
    if (head.hash !== former.hash) throw notUpgraded("its log would not begin with the former one");
    return;
  }
  throw notUpgraded("its log would be shorter than the former one");
}

const notUpgraded = (why: string): Fault =>
  new Fault("home.damaged", `The home was not upgraded: ${why}. It is as it was; \`mh doctor\` looks at it.`);

function syncBelow(folder: string): void {
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() && !entry.isDirectory()) continue;
    const fd = fs.openSync(path.join(entry.parentPath, entry.name), "r");
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  }
}

const witnessFile = `${upgradeFolder}/witness`;

function keepWitness(root: string, keys: string): void {
  const note = readWitness(keys);
  if (note !== undefined) nodeFiles(root).replace(witnessFile, Buffer.from(note));
}

/** What there is to go back to: the format of the home that was kept aside; undefined where none is. */
export const formerFormat = (root: string): number | undefined =>
  keptHomes(root).find(({ folder }) => folder === beforeFolder)?.format;

/**
 * Puts the former home back in place, and gives the folder in which what the upgraded one became since is kept. The caller
 * holds the home. Throws `home.missing` where none was kept.
 */
export function goBack(root: string, environment: Record<string, string | undefined>): string {
  if (formerFormat(root) === undefined) throw new Fault("home.missing", "No home of before an upgrade is kept here.");
  const { id } = readHome(nodeFiles(root), root);
  const names = formatted.filter((name) => fs.existsSync(path.join(root, beforeFolder, name)));
  // First, in case of a crash: the log gets shorter, as the owner wants, and would be taken for one that was cut.
  const note = nodeFiles(root).read(witnessFile);
  if (note) writeWitness(keyFolder(id, environment), Buffer.from(note).toString());
  let n = 1;
  while (fs.existsSync(path.join(root, afterFolder(n)))) n += 1;
  swapIn(root, { from: beforeFolder, aside: afterFolder(n), names });
  return afterFolder(n);
}

/** Lets go of what an upgrade kept aside. The caller holds the home. */
export function dropFormer(root: string): void {
  fs.rmSync(path.join(root, upgradeFolder), { recursive: true, force: true });
}
