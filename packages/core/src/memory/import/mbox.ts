/** One message of an mbox as it lies there, or only its beginning where it is too large to be read. */
export type MboxPart = {
  bytes: Uint8Array;
  /** The `From ` line without its `From `. */
  envelope: string;
  /** Counts from 1. */
  number: number;
  /** Bytes of the file read so far. */
  read: number;
  isTooLarge: boolean;
  isLast: boolean;
  endsInNewline: boolean;
};

export const mailBytesMax = 50_000_000;
const lineMax = 4_096;
const beginningKept = 8_192;
const separator = Buffer.from("\nFrom ");

/**
 * Parts an mbox (RFC 4155; mboxo and mboxrd quoting) into messages, holding one at a time. A message begins at a `From `
 * line after an empty one that also bears a year and a time, or is followed by a header: prose begins so as well.
 * Whatever stands before the first is passed over; `onJunk` hears how many bytes that was.
 */
export function* messagesOf(
  chunks: Iterable<Uint8Array>,
  onJunk: (sizeBytes: number) => void = () => undefined,
): Generator<MboxPart> {
  // A line feed in front makes the first line like any other.
  let held: Buffer = Buffer.from("\n");
  /** Where to look for the next separator. */
  let from = 0;
  let read = 0;
  let number = 0;
  /** Where in the file `held` begins. */
  let base = -1;
  /** The message being gathered; `beginning` is all that is kept of one that is too large. */
  let open: { envelope: string; start: number; beginning?: Buffer } | undefined;

  const part = (end: number, isLast: boolean): MboxPart => ({
    bytes: open?.beginning ?? unquoted(held.subarray(open?.start ?? 0, end)),
    envelope: open?.envelope ?? "",
    number: ++number,
    read,
    isTooLarge: open?.beginning !== undefined || end - (open?.start ?? 0) > mailBytesMax,
    isLast,
    endsInNewline: held[end - 1] === 0x0a,
  });
  const forget = (upTo: number) => {
    held = held.subarray(upTo);
    from -= upTo;
    base += upTo;
    if (open !== undefined) open.start -= upTo;
  };

  for (const chunk of withEnd(chunks)) {
    if (chunk !== undefined) {
      held = Buffer.concat([held, chunk]);
      read += chunk.length;
    }
    let at = held.indexOf(separator, from);
    for (; at !== -1; at = held.indexOf(separator, from)) {
      // Two lines are looked at; they must be there whole, unless the file ends.
      if (chunk !== undefined && held.length - at < 2 * lineMax) break;
      from = at + 1;
      if (!(open === undefined || isAfterEmptyLine(held, at)) || !isSeparator(held, at + 1)) continue;
      // The empty line before a separator belongs to the separator.
      if (open !== undefined) yield part(held[at - 1] === 0x0d ? at - 1 : at, false);
      else if (base + at + 1 > 0) onJunk(base + at + 1);
      const end = lineEnd(held, at + 1);
      open = {
        envelope: held.toString("latin1", at + 6, Math.min(end, at + lineMax)).trim(),
        start: Math.min(end + 1, held.length),
      };
      from = end;
    }
    if (at === -1) from = Math.max(from, held.length - separator.length);
    if (open === undefined) forget(Math.max(0, from - 4));
    else if (held.length - open.start > mailBytesMax) {
      open.beginning ??= Buffer.from(held.subarray(open.start, open.start + beginningKept));
      open.start = Math.max(open.start, from - 4);
      forget(open.start);
    } else forget(Math.max(0, open.start - 4));
  }
  if (open !== undefined) yield part(held.length, true);
  else if (read > 0) onJunk(read);
}

function* withEnd<T>(each: Iterable<T>): Generator<T | undefined> {
  yield* each;
  yield undefined;
}

function isAfterEmptyLine(held: Buffer, at: number): boolean {
  const before = held[at - 1] === 0x0d ? at - 2 : at - 1;
  return held[before] === 0x0a;
}

function isSeparator(held: Buffer, start: number): boolean {
  const end = lineEnd(held, start);
  const line = held.toString("latin1", start, Math.min(end, start + lineMax));
  if (/\d{1,2}:\d{2}/.test(line) && /\b\d{4}\b/.test(line)) return true;
  const next = held.toString("latin1", end + 1, Math.min(lineEnd(held, end + 1), end + 1 + lineMax));
  return /^[\x21-\x39\x3b-\x7e]+:|^>From /.test(next);
}

function lineEnd(held: Buffer, start: number): number {
  const end = held.indexOf(0x0a, start);
  return end === -1 ? held.length : end;
}

/** `>From ` at a line's beginning was `From `, `>>From ` was `>From `. */
function unquoted(bytes: Buffer): Buffer {
  if (!bytes.includes(">From ")) return bytes;
  return Buffer.from(bytes.toString("latin1").replace(/^>(>*From )/gm, "$1"), "latin1");
}
