import * as fs from "node:fs";

const chunkBytes = 1 << 20;

/** A file's bytes, or a stretch of them, a megabyte at a time. Each chunk is its own memory. */
export function* chunksOf(file: string, from = 0, to = Number.POSITIVE_INFINITY): Generator<Buffer> {
  const fd = fs.openSync(file, "r");
  try {
    for (let at = from; at < to; ) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, to - at));
      const size = fs.readSync(fd, chunk, 0, chunk.length, at);
      if (size === 0) return;
      at += size;
      yield chunk.subarray(0, size);
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** The first bytes of a file, as many as there are. */
export function beginningOf(file: string, sizeBytes: number): Buffer {
  const [first = Buffer.alloc(0)] = chunksOf(file, 0, sizeBytes);
  return first;
}

/** A whole file, or why it cannot be read: one that was moved or locked away meanwhile is no reason to stop. */
export function readWhole(file: string): Buffer | string {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const why = whyUnread(error);
    if (why === undefined) throw error;
    return why;
  }
}

/** Why a file cannot be read, where that is no reason to stop. */
export function whyUnread(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "It was moved or removed while the others were read.";
  if (code === "EACCES" || code === "EPERM") return "It may not be read; its permissions do not allow it.";
  if (code === "EIO") return "The disk cannot read it.";
  return undefined;
}
