import type { MemoryLine } from "@mh/contract/values/memory.ts";
import { homePaths } from "../../documents/home-paths.ts";
import { kindOfFile } from "../../model/home-files.ts";
import { decodeLossy, decodeUtf8, utf8 } from "../../ports/bytes.ts";
import type { Files, Gzip } from "../../ports/files.ts";
import type { LineCodec } from "../../ports/line-codec.ts";
import { type Mark, type MarkKeys, PassageFinder } from "./marks.ts";

/** A file in which passages of a forgotten memory stand. */
export interface Trace {
  id: string;
  path: string;
  kind: string;
  /** The first line, counted from 1, in a file of lines. */
  line: number | null;
  /** The memory that stands in that line. */
  memory: string | null;
  /** How many of its passages were found, of how many. */
  passages: number;
  of: number;
  next: string;
}

export interface Looked {
  files: number;
  traces: Trace[];
  /** Files that could not be read. */
  unread: string[];
}

export interface LookDeps extends MarkKeys {
  files: Files;
  gzip: Gzip;
  /** Of an encrypted home. */
  sealer?: LineCodec | undefined;
}

const blockBytes = 4 * 2 ** 20;

/**
 * Looks through every file of a home, those that mh does not know included, for passages of what was forgotten. In steps,
 * one a block, each giving the path: its caller may do other work between.
 */
export function* lookForTraces(
  deps: LookDeps,
  forgotten: readonly { id: string; marks: readonly Mark[] }[],
): Generator<string, Looked> {
  const finder = new PassageFinder(deps, forgotten);
  const counts = new Map(forgotten.map(({ id, marks }) => [id, marks.length]));
  const looked: Looked = { files: 0, traces: [], unread: [] };
  for (const path of homePaths(deps.files)) {
    looked.files += 1;
    const isSealed = isSealedCopy(deps, path);
    const inFile = new Map<string, Trace & { marks: Set<number> }>();
    const note = (id: string, mark: number, place: Pick<Trace, "line" | "memory">) => {
      const { name, next } = kindOfFile(path);
      const of = counts.get(id) ?? 0;
      const found = inFile.get(id) ?? { id, path, kind: name, ...place, passages: 0, of, next, marks: new Set() };
      found.marks.add(mark);
      inFile.set(id, found);
    };
    for (const { id, mark } of finder.in(utf8.encode(path))) note(id, mark, { line: null, memory: null });
    try {
      for (const block of isSealed ? [] : blocks(deps, path, finder.overlap)) {
        for (const hit of finder.in(block.bytes)) note(hit.id, hit.mark, placeOf(path, block, hit.offset));
        yield path;
      }
    } catch {
      looked.unread.push(path);
    }
    if (isSealed) looked.unread.push(path);
    looked.traces.push(...[...inFile.values()].map(({ marks, ...trace }) => ({ ...trace, passages: marks.size })));
  }
  return looked;
}

/** Sealed under the path that it had: what it says cannot be told here. */
const isSealedCopy = ({ sealer }: LookDeps, path: string) =>
  sealer !== undefined && kindOfFile(path).atRest === "copied";

interface Block {
  bytes: Uint8Array;
  /** Line ends before it. */
  lines: number;
}

const wholeBytesMax = 64 * 2 ** 20;

/** What a file says: whole, or where that is much, or a database, in blocks that overlap. What is packed or sealed has no parts. */
function* blocks(deps: LookDeps, path: string, overlap: number): Generator<Block> {
  const { files, sealer } = deps;
  const { form, atRest } = kindOfFile(path);
  const size = files.facts(path)?.size ?? 0;
  const hasParts = form !== "gzip" && (!sealer || (atRest !== "sealed" && atRest !== "records"));
  if (form !== "database" && (size <= wholeBytesMax || !hasParts)) return yield { bytes: whole(deps, path), lines: 0 };
  let lines = 0;
  for (let from = 0; from < size; from += blockBytes) {
    const bytes = files.readPart(path, from, Math.min(size, from + blockBytes + overlap));
    if (!bytes) return;
    yield { bytes, lines };
    lines += lineEnds(bytes.subarray(0, blockBytes));
  }
}

/** Archives unpacked, and what records of an encrypted home say. */
function whole({ files, gzip, sealer }: LookDeps, path: string): Uint8Array {
  const { form, atRest } = kindOfFile(path);
  const stored = files.read(path) ?? new Uint8Array();
  const bytes = form === "gzip" ? gzip.expand(stored) : stored;
  if (!sealer || atRest !== "records") return bytes;
  return utf8.encode(decodeLossy(bytes).replace(/"sealed":"([^"]*)"/g, (_, sealed) => sealer.decode(sealed)));
}

function placeOf(path: string, { bytes, lines }: Block, offset: number): Pick<Trace, "line" | "memory"> {
  const { form } = kindOfFile(path);
  if (form !== "lines") return { line: null, memory: null };
  const start = bytes.lastIndexOf(0x0a, offset) + 1;
  const end = bytes.indexOf(0x0a, offset);
  const text = decodeUtf8(bytes.subarray(start, end === -1 ? bytes.length : end));
  return { line: lines + lineEnds(bytes.subarray(0, start)) + 1, memory: memoryIn(text) };
}

function lineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}

function memoryIn(line: string | undefined): string | null {
  try {
    const { op, id } = JSON.parse(line ?? "") as Partial<MemoryLine>;
    return op === "put" && typeof id === "string" ? id : null;
  } catch {
    // A line of another kind, or one that is cut by the block: its number says where it is.
    return null;
  }
}
