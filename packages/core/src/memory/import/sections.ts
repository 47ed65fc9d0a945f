import { fromMarkdown } from "mdast-util-from-markdown";

/** A stretch of a note under one heading. `prose` is `content` with its code blanked out, for finding tags and links. */
export type Section = { heading: string; path: string[]; content: string; prose: string };

const pieceMax = 2_000;
const headingMax = 500;
const linesMax = 50_000;
// Nothing here reads these, and hostile text makes them slow (emphasis, links) or deep (quotes).
const unread = ["attention", "labelStartImage", "labelStartLink", "labelEnd", "htmlText", "autolink", "blockQuote"];

type Node = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>["children"][number];
type Block = { start: number; end: number };

/** A note's sections in order: what stands before the first heading, then each heading's own text. Code holds no headings. */
export function sectionsOf(body: string): Section[] {
  if (isTooMuch(body))
    return piecesOf(body, [{ start: 0, end: body.length }]).flatMap((piece) => plainSection(body, piece));
  const root = fromMarkdown(body, { extensions: [{ disable: { null: unread } }] });
  const prose = withoutCode(body, root);
  const sections: Section[] = [];
  let open: { heading: string; path: string[]; blocks: Block[] } = { heading: "", path: [], blocks: [] };
  const close = (nextDepth: number) => {
    // A heading of those below it says nothing that they do not; one of nothing is all that there is.
    if (open.blocks.length === 0 && open.heading !== "" && nextDepth <= trail.length)
      sections.push({ heading: open.heading, path: open.path, content: "", prose: "" });
    for (const { start, end } of piecesOf(body, open.blocks)) {
      const content = body.slice(start, end).trim();
      if (content === "") continue;
      sections.push({ heading: open.heading, path: open.path, content, prose: prose.slice(start, end) });
    }
  };
  const trail: { depth: number; heading: string }[] = [];
  for (const node of root.children) {
    const block = spanOf(node);
    if (node.type !== "heading") {
      open.blocks.push(block);
      continue;
    }
    const above = trail.filter(({ depth }) => depth < node.depth).length;
    close(above + 1);
    const heading = headingText(body.slice(block.start, block.end));
    while ((trail.at(-1)?.depth ?? 0) >= node.depth) trail.pop();
    trail.push({ depth: node.depth, heading });
    open = { heading, path: trail.map((above) => above.heading), blocks: [] };
  }
  close(0);
  return sections;
}

/** A text without headings, in whole paragraphs. */
export function plainSections(body: string): Section[] {
  const blocks: Block[] = [];
  for (let start = 0; start < body.length; ) {
    const gap = body.indexOf("\n\n", start);
    const end = gap === -1 ? body.length : gap + 2;
    blocks.push({ start, end });
    start = end;
  }
  return piecesOf(body, blocks).flatMap((piece) => plainSection(body, piece));
}

/** The text under one heading, in pieces; a heading alone is one. */
export function sectionPieces(heading: string, path: string[], content: string): Section[] {
  const pieces = plainSections(content).map((piece) => ({ ...piece, heading, path }));
  return pieces.length > 0 ? pieces : [{ heading, path, content: "", prose: "" }];
}

/** Whether lists are nested, or lines follow each other, beyond what anyone writes: the parser would spend minutes on it. */
export function isTooMuch(body: string): boolean {
  return hasMoreLines(body, linesMax) || /^[ \t]{200,}\S|^(?:[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]){20}/m.test(body);
}

function hasMoreLines(body: string, max: number): boolean {
  let lines = 0;
  for (let at = body.indexOf("\n"); at !== -1 && lines <= max; at = body.indexOf("\n", at + 1)) lines += 1;
  return lines > max;
}

function plainSection(body: string, { start, end }: Block): Section[] {
  const content = body.slice(start, end).trim();
  return content === "" ? [] : [{ heading: "", path: noPath, content, prose: content }];
}
const noPath: string[] = [];

function headingText(source: string): string {
  return source
    .replace(/^#{1,6}\s*/, "")
    .replace(/\r?\n[ \t]{0,3}[=-]{1,500}\s{0,20}$/, "")
    .replace(/\s#+\s*$/, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, headingMax)
    .toWellFormed();
}

/** Whole paragraphs up to the limit; a longer paragraph is cut at a line, a longer line at a space. */
function piecesOf(body: string, blocks: readonly Block[]): Block[] {
  const pieces: Block[] = [];
  for (const block of blocks.flatMap((whole) => cut(body, whole))) {
    const last = pieces.at(-1);
    if (last !== undefined && block.end - last.start <= pieceMax) last.end = block.end;
    else pieces.push({ ...block });
  }
  return pieces;
}

function cut(body: string, { start, end }: Block): Block[] {
  const parts: Block[] = [];
  let from = start;
  while (end - from > pieceMax) {
    const window = body.slice(from, from + pieceMax);
    const line = window.lastIndexOf("\n");
    const space = window.lastIndexOf(" ");
    const length = line > 0 ? line + 1 : space > 0 ? space + 1 : wholeCharacters(window);
    parts.push({ start: from, end: from + length });
    from += length;
  }
  return [...parts, { start: from, end }];
}

/** Never between the two halves of one character. */
function wholeCharacters(window: string): number {
  return window.length - (/[\uD800-\uDBFF]$/.test(window) ? 1 : 0);
}

function withoutCode(body: string, root: Node): string {
  const parts: string[] = [];
  let end = 0;
  const walk = (node: Node | { type: string }) => {
    if (node.type === "code" || node.type === "inlineCode") {
      const span = spanOf(node as Node);
      parts.push(body.slice(end, span.start), " ".repeat(span.end - span.start));
      end = span.end;
    } else if ("children" in node) for (const child of node.children) walk(child);
  };
  walk(root);
  return [...parts, body.slice(end)].join("");
}

function spanOf({ position }: Node): Block {
  return { start: position?.start.offset ?? 0, end: position?.end.offset ?? 0 };
}
