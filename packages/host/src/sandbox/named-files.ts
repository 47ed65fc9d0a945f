import { createHash } from "node:crypto";
import { constants, promises as fs } from "node:fs";
import * as path from "node:path";
import type { Pin } from "@mh/contract/values/approval.ts";
import type { NamedPath, PinnedFiles } from "@mh/core/ports/programs.ts";
import { placeOf } from "./place-of.ts";

const bytesMax = 64 * 2 ** 20;
const entriesMax = 2_000;
const shownLines = 12;
const shownCharacters = 1_200;

/** What is left of what may be read for one request. */
interface Budget {
  bytes: number;
  entries: number;
}

/**
 * Hashes what lies under some names in a folder: files with their beginning, folders with all that is in them, links with
 * what they lead to. `at` is another name of the folder, by which it is read. What is too much is said not to be held.
 */
export async function pinFiles(named: readonly NamedPath[], folder: string, at = folder): Promise<PinnedFiles> {
  const budget = { bytes: bytesMax, entries: entriesMax };
  const pins: Pin[] = [];
  const unpinned: string[] = [];
  const todo = [...named];
  for (let next = todo.shift(); next; next = todo.shift()) {
    const { argument, path: what } = next;
    if (pins.some((pin) => pin.what === what)) continue;
    const pin = await pinOf(folder, at, what, budget);
    if (pin === "too much") unpinned.push(`${what} is too large to be held fast: what lies there may change`);
    else if (pin) pins.push({ argument, what, ...pin });
    const interpreter = pin && pin !== "too much" ? /^#!\s*(\S+)/.exec(pin.shows ?? "")?.[1] : undefined;
    if (interpreter?.startsWith(`${folder}/`)) todo.push({ argument, path: interpreter });
  }
  return { pins, unpinned };
}

type Found = Omit<Pin, "argument" | "what">;

async function pinOf(
  folder: string,
  at: string,
  what: string,
  budget: Budget,
): Promise<Found | "too much" | undefined> {
  const place = await placeOf(folder, at, what);
  if (place === undefined) return undefined;
  if ("leadsTo" in place) return { hash: sha256(`link ${place.leadsTo}`), shows: `a link to ${place.leadsTo}` };
  const stats = await fs.lstat(place.at);
  if (stats.isFile()) return fileAt(place.at, budget);
  if (!stats.isDirectory()) return { hash: sha256(`other ${stats.mode}`) };
  const hash = await treeHash(place.at, budget);
  return hash === undefined ? "too much" : { hash, shows: "a folder, with all that is in it" };
}

async function fileAt(file: string, budget: Budget): Promise<Found | "too much"> {
  const bytes = await bytesOf(file, budget);
  if (bytes === undefined) return "too much";
  const shows = beginningOf(bytes);
  return { hash: sha256(bytes), bytes: bytes.length, ...(shows !== undefined && { shows }) };
}

/** Undefined where the budget does not reach. A pipe that nobody writes to would wait for ever. */
export async function bytesOf(file: string, budget: Budget = { bytes: bytesMax, entries: 1 }) {
  await using handle = await fs.open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const { size } = await handle.stat();
  budget.entries -= 1;
  budget.bytes -= size;
  return budget.bytes < 0 || budget.entries < 0 ? undefined : await handle.readFile();
}

/** Of text alone. */
function beginningOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.subarray(0, 16_384)).toString("utf8");
  if (text.includes("\0")) return undefined;
  const lines = text.slice(0, shownCharacters).split("\n");
  const shown = lines.slice(0, shownLines).join("\n").trimEnd();
  return shown.length < text.trimEnd().length ? `${shown}\n…` : shown;
}

/** Undefined where the budget does not reach. Links in it are held by what they say. */
async function treeHash(folder: string, budget: Budget): Promise<string | undefined> {
  const lines: string[] = [];
  for (const name of (await fs.readdir(folder)).sort()) {
    const file = path.join(folder, name);
    const stats = await fs.lstat(file);
    budget.entries -= 1;
    if (budget.entries < 0) return undefined;
    let held: string | undefined = String(stats.mode);
    if (stats.isDirectory()) held = await treeHash(file, budget);
    else if (stats.isSymbolicLink()) held = `link ${await fs.readlink(file)}`;
    else if (stats.isFile()) {
      const bytes = await bytesOf(file, budget);
      held = bytes && sha256(bytes);
    }
    if (held === undefined) return undefined;
    lines.push(`${JSON.stringify(name)} ${held}`);
  }
  return sha256(lines.join("\n"));
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
