import type { ChatCitation } from "@mh/contract/values/chat-turn.ts";
import { fromMarkdown } from "mdast-util-from-markdown";

type RootContent = ReturnType<typeof fromMarkdown>["children"][number];

/** A piece of a line: a text as it is to be shown, or the mark of a sentence's source. */
export interface Piece {
  text: string;
  isStrong: boolean;
  isStressed: boolean;
  isCode: boolean;
  /** Number of the citation that it belongs to, or is the mark of. */
  citation: number | undefined;
  isMark: boolean;
}

export type Block =
  | { kind: "line"; size: "plain" | "head"; pieces: Piece[] }
  | { kind: "code"; text: string }
  | { kind: "list"; isOrdered: boolean; items: Block[][] }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "rule" };

type Look = Pick<Piece, "isStrong" | "isStressed" | "isCode">;
const plain: Look = { isStrong: false, isStressed: false, isCode: false };

/**
 * An answer in blocks of plain texts. Nothing acts and nothing is left out: a link is its words and its address, an image and
 * HTML are what was written.
 */
export function blocksOf(text: string, citations: readonly ChatCitation[] = []): Block[] {
  return blocksIn(fromMarkdown(text).children, { text, citations });
}

interface Source {
  text: string;
  citations: readonly ChatCitation[];
}

const blocksIn = (nodes: readonly RootContent[], source: Source): Block[] =>
  nodes.flatMap((node) => blockOf(node, source));

function blockOf(node: RootContent, source: Source): Block[] {
  switch (node.type) {
    case "paragraph":
      // A table is kept in its columns.
      if (/^\|.*\|\s*\n\|?[\s:|-]+\|/.test(written(node, source)))
        return [{ kind: "code", text: written(node, source) }];
      return [{ kind: "line", size: "plain", pieces: piecesIn(node.children, source, plain) }];
    case "heading":
      return [{ kind: "line", size: "head", pieces: piecesIn(node.children, source, plain) }];
    case "code":
      return [{ kind: "code", text: node.lang ? `${node.lang}\n${node.value}` : node.value }];
    case "list":
      return [
        {
          kind: "list",
          isOrdered: node.ordered === true,
          items: node.children.map((item) => blocksIn(item.children, source)),
        },
      ];
    case "blockquote":
      return [{ kind: "quote", blocks: blocksIn(node.children, source) }];
    case "thematicBreak":
      return [{ kind: "rule" }];
    default:
      return [{ kind: "line", size: "plain", pieces: piecesFor(written(node, source), startOf(node), source, plain) }];
  }
}

function piecesIn(nodes: readonly RootContent[], source: Source, look: Look): Piece[] {
  return nodes.flatMap((node): Piece[] => {
    switch (node.type) {
      case "text":
        return piecesFor(node.value, startOf(node), source, look);
      case "strong":
        return piecesIn(node.children, source, { ...look, isStrong: true });
      case "emphasis":
        return piecesIn(node.children, source, { ...look, isStressed: true });
      case "inlineCode":
        return piecesFor(node.value, startOf(node), source, { ...look, isCode: true });
      case "break":
        return [pieceOf("\n", look)];
      case "link": {
        const words = piecesIn(node.children, source, look);
        const isBare = words.map(({ text }) => text).join("") === node.url;
        return isBare ? words : [...words, pieceOf(` (${node.url})`, { ...look, isCode: true })];
      }
      default:
        return piecesFor(written(node, source), startOf(node), source, look);
    }
  });
}

const pieceOf = (text: string, look: Look, citation?: number): Piece => ({ ...look, text, citation, isMark: false });
const startOf = (node: RootContent): number => node.position?.start.offset ?? 0;
const written = (node: RootContent, { text }: Source): string =>
  text.slice(startOf(node), node.position?.end.offset ?? text.length);

/** A text in pieces: each belongs to one sentence, and the ids that a sentence names are its mark. */
function piecesFor(value: string, start: number, source: Source, look: Look): Piece[] {
  const places = placesOf(value, start, source.text);
  const end = (places.at(-1) ?? start) + 1;
  const pieces: Piece[] = [];
  let from = 0;
  const take = (to: number, citation: number | undefined) => {
    if (to > from) pieces.push(pieceOf(value.slice(from, to), look, citation));
    from = Math.max(from, to);
  };
  const at = (place: number) => {
    const found = places.findIndex((each) => each >= place);
    return found === -1 ? value.length : found;
  };
  for (const [n, { from: begins, to, markFrom, markTo }] of source.citations.entries()) {
    if (to <= start || begins >= end) continue;
    take(at(begins), undefined);
    const hasMark = markFrom >= start && (markFrom < end || (markFrom === end && markFrom === markTo));
    if (hasMark) {
      take(at(markFrom), n);
      pieces.push({ ...pieceOf("", look, n), isMark: true });
      from = Math.max(from, at(markTo));
    }
    take(at(to), n);
  }
  take(value.length, undefined);
  return pieces;
}

const aheadMax = 40;

/** Where each unit of a text stands in what was written: escapes, and what a list puts before its lines, are passed over. */
function placesOf(value: string, start: number, text: string): number[] {
  let place = start;
  return Array.from(value.split(""), (unit) => {
    const ahead = text.slice(place, place + aheadMax).indexOf(unit);
    if (ahead > 0) place += ahead;
    return place++;
  });
}
