/** One unfolded content line (RFC 5545 §3.1, RFC 6350 §3.2), and the line of the file where it begins. */
export type ContentLine = { text: string; number: number };

/** The lines between a `BEGIN:` and its `END:`, both included. `isWhole` is false where the end is missing. */
export type Block = { name: string; lines: ContentLine[]; number: number; isWhole: boolean };

const lineMax = 4_000_000;
const parametersMax = 20_000;

/** Content lines with their folds undone. A fold is a line that begins with white space. */
export function* contentLines(text: string): Generator<ContentLine> {
  let open: { parts: string[]; size: number; number: number } | undefined;
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (/^[ \t]/.test(line) && open !== undefined) {
      if (open.size < lineMax) open.parts.push(line.slice(1));
      open.size += line.length;
      continue;
    }
    if (open !== undefined) yield { text: open.parts.join(""), number: open.number };
    open = line.trim() === "" ? undefined : { parts: [line], size: line.length, number };
  }
  if (open !== undefined) yield { text: open.parts.join(""), number: open.number };
}

/**
 * The components named in `names`, each with all its lines. One that is not closed ends where the next of them begins, so
 * that a broken one never takes its neighbours along.
 */
export function* blocksOf(lines: Iterable<ContentLine>, names: ReadonlySet<string>): Generator<Block> {
  let open: Block | undefined;
  for (const line of lines) {
    const [, edge = "", name = ""] =
      /^(BEGIN|END):([\w-]+)\s*$/i.exec(line.text)?.map((part) => part.toUpperCase()) ?? [];
    if (edge === "BEGIN" && names.has(name)) {
      if (open !== undefined) yield open;
      open = { name, lines: [line], number: line.number, isWhole: false };
    } else if (open !== undefined && edge === "END" && name === open.name) {
      open.lines.push(line);
      yield { ...open, isWhole: true };
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
  }
  if (open !== undefined) yield open;
}

/**
 * Whether a line's parameters, which end at the first colon outside quotes, go on beyond all measure: who reads them
 * looks at all of them again for each.
 */
export function hasEndlessParameters({ text }: ContentLine): boolean {
  if (text.length <= parametersMax) return false;
  let isQuoted = false;
  for (let at = 0; at < parametersMax; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === ":" && !isQuoted) return false;
  }
  return true;
}

/** The value of the first line of that name, as it is written. */
export function rawValue({ lines }: Block, name: string): string | undefined {
  const found = lines.find(({ text }) => new RegExp(`^${name}[;:]`, "i").test(text));
  return found?.text.slice(found.text.indexOf(":") + 1).trim() || undefined;
}

function* linesOf(text: string): Generator<string> {
  let start = 0;
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
    yield text.slice(start, end - (text[end - 1] === "\r" && end > start ? 1 : 0));
    start = end + 1;
  }
  if (start < text.length) yield text.slice(start);
}
