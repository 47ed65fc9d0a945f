/** The keys and values of a TOML text, as notes have it at their head; a key of a table is named by its way: `extra.mood`. */
export function tomlEntries(text: string): { name: string; value: unknown }[] {
  const entries: { name: string; value: unknown }[] = [];
  let table = "";
  let open: { name: string; value: string; depth: number } | undefined;
  for (const line of text.split(/\r?\n/).slice(0, linesMax)) {
    if (open) {
      open.value += `\n${line}`;
      open.depth += open.value.startsWith("[") ? depthOf(line) : 0;
      if (!isClosed(open)) continue;
      entries.push({ name: open.name, value: valueIn(open.value) });
      open = undefined;
      continue;
    }
    const header = /^\s*\[{1,2}\s*([^[\]]{1,200}?)\s*\]{1,2}\s*(?:#.*)?$/.exec(line);
    if (header) table = `${bare(header[1] ?? "")}.`;
    const [, key = "", value = ""] = /^\s*("[^"]{1,200}"|'[^']{1,200}'|[\w.-]{1,200})\s*=\s*(\S.*)$/.exec(line) ?? [];
    if (key === "") continue;
    const entry = { name: table + bare(key), value, depth: value.startsWith("[") ? depthOf(value) : 0 };
    if (isClosed(entry)) entries.push({ name: entry.name, value: valueIn(value) });
    else open = entry;
  }
  if (open) entries.push({ name: open.name, value: valueIn(open.value) });
  return entries;
}

const linesMax = 2_000;
const bare = (key: string): string => key.replace(/^["']|["']$/g, "");

/** A list and a text of several lines go on until they are closed. */
function isClosed({ value, depth }: { value: string; depth: number }): boolean {
  const quotes = /^(?:"""|''')/.exec(value)?.[0];
  if (quotes !== undefined) return value.length > 5 && value.trimEnd().endsWith(quotes);
  return depth <= 0;
}

/** How many lists a line opens beyond those that it closes: not in what is quoted, nor in a comment. */
const depthOf = (line: string): number =>
  (line.match(parts) ?? []).reduce((depth, part) => depth + (part === "[" ? 1 : part === "]" ? -1 : 0), 0);

function valueIn(written: string): unknown {
  const value = written.trim();
  const long = /^(?:"""|''')\n?([\s\S]*?)(?:"""|''')?$/.exec(value);
  if (long) return long[1];
  if (value.startsWith("["))
    return (value.match(parts) ?? []).filter((part) => !/^[#[\]]/.test(part)).map((part) => valueIn(part));
  const text = /^"((?:[^"\\]|\\.)*)"|^'([^']*)'/.exec(value);
  if (text) return text[1]?.replace(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter)) ?? text[2];
  return value.replace(/(?<!\s)\s+#.*$/, "");
}

/** Of a list: comments, brackets, values. What is quoted and not closed goes to the end of its line. */
const parts = /#.*|[[\]]|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[\w:.+-]+/g;
