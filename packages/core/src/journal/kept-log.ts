import { type Files, foundOneByOne } from "../ports/files.ts";

/** The log that a repair moved to a folder, read as if it lay where it was. In an encrypted home it may have been sealed since. */
export function keptFiles(files: Files, folder: string): Files {
  let last: { path: string; bytes: Uint8Array | undefined } | undefined;
  const read = (path: string): Uint8Array | undefined => {
    if (last?.path !== path) last = { path, bytes: files.read(`${folder}/${path}`) };
    return last.bytes;
  };
  return {
    ...files,
    found(below) {
      return foundOneByOne(this, below);
    },
    list: (below) => files.list(`${folder}/${below}`).map((path) => path.slice(folder.length + 1)),
    read: (path, end) => read(path)?.subarray(0, end),
    readPart: (path, from, to) => read(path)?.subarray(from, to),
    facts: (path) => {
      const facts = files.facts(`${folder}/${path}`);
      return facts && { ...facts, size: read(path)?.length ?? 0 };
    },
  };
}
