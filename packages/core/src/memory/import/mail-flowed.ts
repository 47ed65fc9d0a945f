import { withHeaders } from "./mail-headers.ts";

/** A mail whose lines flow (RFC 3676) as the parser is to see it: it joins lines without regard to who is quoted. */
export function unflowed(bytes: Uint8Array): { bytes: Uint8Array; isFlowed: boolean; isDelSp: boolean } {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  if (!/format\s{0,3}=\s{0,3}"?flowed/i.test(text)) return { bytes, isFlowed: false, isDelSp: false };
  // As long as before, and a parameter that nobody knows.
  const plain = withHeaders(text, (block) =>
    block.replace(
      /^(content-type:[^\n]{0,500}(?:\n[ \t][^\n]{0,500}){0,10}?;\s{0,10})format(\s{0,3}=\s{0,3}"?flowed)/gim,
      "$1f0rmat$2",
    ),
  );
  const isDelSp = /delsp\s{0,3}=\s{0,3}"?yes/i.test(text);
  return { bytes: Buffer.from(plain, "latin1"), isFlowed: plain !== text, isDelSp };
}

/** Joins the lines of each paragraph; those that quote somebody are joined with those that quote as deep. */
export function reflowed(text: string, isDelSp: boolean): string {
  const lines: string[] = [];
  let open: { depth: number; parts: string[] } | undefined;
  const close = () => {
    if (open) lines.push(`${">".repeat(open.depth)}${open.depth > 0 ? " " : ""}${open.parts.join("")}`.trimEnd());
    open = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    const depth = /^>*/.exec(line)?.[0].length ?? 0;
    // A space was stuffed before what looks like a quote, or a mailbox's From.
    const said = line.slice(depth).replace(/^ /, "");
    if (open && open.depth !== depth) close();
    open ??= { depth, parts: [] };
    const flows = said.endsWith(" ") && said !== "-- ";
    open.parts.push(flows && isDelSp ? said.slice(0, -1) : said);
    if (!flows) close();
  }
  close();
  return lines.join("\n");
}
