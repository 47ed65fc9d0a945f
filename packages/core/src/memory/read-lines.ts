import { type MemoryLine, memoryLineSchema } from "@mh/contract/values/memory.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";
import type { LineCodec } from "../ports/line-codec.ts";

/** A line of a memory file that cannot be read. The rest of the file works. */
export interface BadLine {
  path: string;
  line: number;
  reason: string;
}

/** Reads every line of a memory file, good or not; used by `doctor` and by reloading. */
export function* readMemoryFile(
  deps: { files: Files; codec: LineCodec },
  path: string,
): Generator<{ line: MemoryLine } | { bad: BadLine }> {
  const bytes = deps.files.read(path) ?? new Uint8Array();
  let number = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, offset);
    const end = newline === -1 ? bytes.length : newline;
    number += 1;
    const line = parseLine(deps.codec, decodeUtf8(bytes.subarray(offset, end)), newline !== -1);
    if (typeof line !== "string") yield { line };
    else if (line !== "") yield { bad: { path, line: number, reason: line } };
    offset = end + 1;
  }
}

/** Whether a stored line is a memory, or nothing at all. */
export function isReadable(codec: LineCodec, stored: string): boolean {
  const line = parseLine(codec, stored, true);
  return typeof line !== "string" || line === "";
}

/** The line, or why it cannot be read; empty for a blank line. */
function parseLine(codec: LineCodec, text: string | undefined, isComplete: boolean): MemoryLine | string {
  if (text === undefined) return "it is not UTF-8";
  if (text.trim() === "") return "";
  try {
    const parsed = memoryLineSchema.safeParse(JSON.parse(codec.decode(text)));
    if (parsed.success) return parsed.data;
    return `${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`;
  } catch {
    return isComplete ? "it is not JSON" : "it is cut off";
  }
}
