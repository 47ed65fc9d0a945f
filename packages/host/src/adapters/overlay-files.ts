import type { Fault } from "@mh/contract/values/fault.ts";
import { linesIn } from "@mh/core/ports/byte-lines.ts";
import { wholeOf } from "@mh/core/ports/bytes.ts";
import { type AppendFile, type FileFacts, type Files, foundOneByOne } from "@mh/core/ports/files.ts";

/** The files of a home on a disk that takes nothing: what is written stays in memory, until it is closed to writing. */
export interface OverlayFiles extends Files {
  /** From then on every write is refused with the disk's reason. */
  close(reason: Fault): void;
}

export function overlayFiles(below: Files): OverlayFiles {
  /** Files as they were written here; undefined where they were removed. */
  const written = new Map<string, Uint8Array | undefined>();
  let inode = -1;
  const inodes = new Map<string, number>();
  let closed: Fault | undefined;
  const put = (path: string, bytes: Uint8Array | undefined) => {
    if (closed) throw closed;
    // A path that leaves the home is refused there.
    below.facts(path);
    written.set(path, bytes);
    inodes.set(path, inode--);
  };
  const read: Files["read"] = (path, end) =>
    written.has(path) ? written.get(path)?.subarray(0, end) : below.read(path, end);
  const facts = (path: string): FileFacts | undefined => {
    if (!written.has(path)) return below.facts(path);
    const bytes = written.get(path);
    return bytes && { size: bytes.length, mtimeMs: 0, ctimeMs: 0, inode: inodes.get(path) ?? 0 };
  };
  const isHere = (path: string) => !written.has(path) || written.get(path) !== undefined;
  const inside = (folder: string) =>
    [...written.keys()].filter((path) => path.startsWith(within(folder)) && isHere(path));
  return {
    read,
    readPart: (path, from, to) =>
      written.has(path) ? written.get(path)?.subarray(from, to) : below.readPart(path, from, to),
    lines(path, holding) {
      return written.has(path) ? linesOf(written.get(path), holding) : below.lines(path, holding);
    },
    facts,
    list: (folder) => [...new Set([...below.list(folder).filter(isHere), ...inside(folder)])].sort(),
    found(folder) {
      return foundOneByOne(this, folder);
    },
    names(folder) {
      const here = inside(folder).map((path) => path.slice(within(folder).length).split("/"));
      const all = new Map(below.names(folder).map((each) => [each.name, each]));
      for (const name of all.keys()) if (!isHere(within(folder) + name)) all.delete(name);
      for (const [name = "", ...rest] of here) all.set(name, { name, isFolder: rest.length > 0 });
      return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    links: (folder) => below.links(folder),
    linkOn: (path) => below.linkOn(path),
    open: (path) => appendTo(path, { read, facts, put }),
    replace: (path, bytes) => put(path, wholeOf(bytes)),
    remove(path) {
      // Nothing is written where there was none: what a command that was refused takes back is not there.
      if (facts(path)) put(path, undefined);
    },
    outlast: () => undefined,
    close(reason) {
      closed = reason;
    },
  };
}

function* linesOf(bytes: Uint8Array | undefined, holding?: readonly string[]): Generator<string> {
  if (bytes) yield* linesIn(bytes, holding);
}

const within = (folder: string): string => (folder === "" ? "" : `${folder}/`);

function appendTo(
  path: string,
  { read, facts, put }: { read: Files["read"]; facts: Files["facts"]; put: (path: string, bytes: Uint8Array) => void },
): AppendFile {
  const size = () => facts(path)?.size ?? 0;
  return {
    get size() {
      return size();
    },
    isOwn: true,
    append: (bytes) => put(path, Buffer.concat([read(path) ?? new Uint8Array(), bytes])),
    sync: () => Promise.resolve(),
    truncate(to) {
      if (to < size()) put(path, (read(path) ?? new Uint8Array()).subarray(0, to));
    },
    [Symbol.dispose]: () => undefined,
  };
}
