import type { Entry } from "@mh/contract/values/record.ts";
import type { Damage } from "@mh/core/journal/walk.ts";
import { decodeUtf8, utf8 } from "@mh/core/ports/bytes.ts";
import { endsWithinLine, type Files, type FoundFile } from "@mh/core/ports/files.ts";

/** Bytes set aside from the end of a file: a write that was cut off before it was acknowledged. */
export interface TornTail {
  path: string;
  offset: number;
  bytes: number;
  keptAs: string;
}

/** Cuts a torn last line off the journal and keeps it beside. */
export function repairJournal(files: Files, damage: Damage): TornTail {
  return setAside(files, damage.path, damage.offset);
}

/**
 * Cuts torn last lines off memory files that changed. A whole line that only lacks its newline was typed by hand: it gets one.
 * Gives how the files look then.
 */
export function repairMemories(
  files: Files,
  changed: readonly FoundFile[],
): { torn: TornTail[]; changed: FoundFile[] } {
  const torn: TornTail[] = [];
  const after = changed.flatMap((found) => {
    const { path, size } = found;
    if (!endsWithinLine(files, path)) return [found];
    // As they are stored, which offsets are of.
    const bytes = files.readPart(path, 0, size) as Uint8Array;
    const start = bytes.lastIndexOf(0x0a) + 1;
    if (isJson(bytes.subarray(start))) endLine(files, path);
    else torn.push(setAside(files, path, start));
    const facts = files.facts(path);
    return facts ? [{ path, ...facts }] : [];
  });
  return { torn, changed: after };
}

function endLine(files: Files, path: string): void {
  using file = files.open(path);
  file.append(utf8.encode("\n"));
}

export function recoveredEntry(id: string, torn: TornTail): Entry {
  return { phase: "recovered", id, principal: "file", body: { what: "torn line", ...torn } };
}

function setAside(files: Files, path: string, offset: number): TornTail {
  const size = files.facts(path)?.size ?? offset;
  const tail = files.readPart(path, offset, size) ?? new Uint8Array();
  const keptAs = `logs/torn/${path.replaceAll("/", "-")}.${offset}`;
  files.replace(keptAs, tail);
  using file = files.open(path);
  file.truncate(offset);
  return { path, offset, bytes: tail.length, keptAs };
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(decodeUtf8(bytes) ?? "");
    return true;
  } catch {
    return false;
  }
}
