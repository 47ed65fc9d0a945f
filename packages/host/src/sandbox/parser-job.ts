import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import type { Job, Place } from "@mh/core/ports/executor.ts";
import { moduleInside, nodeInside } from "./bubblewrap.ts";
import { entryFile } from "./entry-file.ts";

export interface ParserLimits {
  /** Of the processor, for one file. */
  cpuMs: number;
  /** By the clock, for one file: what waits for something that never comes uses no processor. */
  timeMs: number;
  memoryBytes: number;
  /** Of what is read out of one file. */
  answerBytesMax: number;
}

export const parserLimits: ParserLimits = {
  ...{ cpuMs: 30_000, timeMs: 300_000 },
  ...{ memoryBytes: 768 * 2 ** 20, answerBytesMax: 16 * 2 ** 20 },
};

/** A process that has used such a share of what one file may use is ended after the file that it is at. */
export const renewShare = { cpu: 1 / 3, memory: 1 / 2 };

/** What the parser consists of: its entry, and where that and what it imports lie inside. */
export interface ParserProgram {
  entry: string;
  places: readonly Place[];
}

const libraries = ["fflate", "unpdf"];

/** One file where it is bundled; in a clone its folder, and the libraries that it imports. */
export function parserProgram(): ParserProgram {
  const entry = entryFile("parser/parser-entry.ts");
  if (path.extname(entry) !== ".ts") {
    const at = moduleInside("parser", entry);
    return { entry: at, places: [{ from: entry, at }] };
  }
  const resolve = createRequire(entry).resolve;
  const folders = libraries.map((name) => {
    const file = fs.realpathSync(resolve(name));
    const within = path.join("node_modules", name);
    return { from: file.slice(0, file.lastIndexOf(within) + within.length), at: `/mh/node_modules/${name}` };
  });
  return {
    entry: `/mh/parser/${path.basename(entry)}`,
    places: [{ from: path.dirname(entry), at: "/mh/parser" }, ...folders],
  };
}

/**
 * Node with the parser, and nothing else of this machine: no network, no file to read but its own, none to write, no other
 * process. Node's own permission checks are on as well; without a sandbox these are all there is, beside the limits.
 */
export function parserJob(
  { entry, places }: ParserProgram,
  limits: ParserLimits,
  more: Pick<Job, "isOwners" | "signal">,
): Job {
  const { cpuMs, memoryBytes } = limits;
  const heapMiB = Math.floor((memoryBytes * 0.75) / 2 ** 20);
  const flags = (readable: readonly string[]) => [
    ...["--permission", ...readable.map((each) => `--allow-fs-read=${each}`)],
    ...[`--max-old-space-size=${heapMiB}`, "--disallow-code-generation-from-strings", "--no-warnings"],
  ];
  const outside = places.map(({ from }) => from);
  return {
    ...{ program: nodeInside, args: [...flags(["/mh/"]), entry], hasChannel: true, ...more },
    view: { base: "node", places, folder: "/mh" },
    limits: {
      ...{ cpuMs: cpuMs * (1 + renewShare.cpu), memoryBytes, processesMax: 1 },
      output: { bytesMax: 65_536, beyond: "drop" },
    },
    unsandboxed: { program: process.execPath, args: [...flags(outside), outsideOf(entry, places)] },
  };
}

/** Where a file that is shown inside lies on this machine. */
function outsideOf(file: string, places: readonly Place[]): string {
  const isIn = ({ from, at = from }: Place) => file === at || file.startsWith(`${at}/`);
  const place = places.find(isIn);
  if (!place) throw new Error(`${file} is not shown inside.`);
  return place.from + file.slice((place.at ?? place.from).length);
}
