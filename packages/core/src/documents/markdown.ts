import { Fault } from "@mh/contract/values/fault.ts";
import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { issueWords } from "../model/issue-words.ts";
import { withDot } from "../model/plain-sentence.ts";
import { tooMuchYaml } from "../model/yaml-bounds.ts";
import { decodeUtf8, lineNotUtf8 } from "../ports/bytes.ts";

/** A Markdown file with YAML front matter, taken apart. Comments and keys that nobody here reads survive an edit. */
export interface Markdown<T> {
  front: T;
  body: string;
}

/** Reads a document. Throws `document.invalid` naming path and line. */
export function readMarkdown<T>(path: string, text: string, schema: z.ZodType<T>): Markdown<T> {
  const { yaml, body } = parted(text);
  const lines = new LineCounter();
  const document = parseYaml(path, yaml, lines);
  const parsed = schema.safeParse(plain(path, document) ?? {}, { error: issueWords });
  if (parsed.success) return { front: parsed.data, body };
  const [issue] = parsed.error.issues;
  const node = document.getIn(issue?.path ?? [], true) as { range?: [number, number, number] } | undefined;
  const line = node?.range ? lines.linePos(node.range[0]).line + 1 : 1;
  throw invalid(path, line, `${issue?.path.join(".") || "the front matter"}: ${issue?.message}`);
}

/** The text with some keys of its front matter set, others removed (undefined), and perhaps another body. */
export function editMarkdown(path: string, text: string, changes: Record<string, unknown>, body?: string): string {
  const { yaml, body: earlier } = parted(text);
  const document = parseYaml(path, yaml, new LineCounter());
  if (!isMap(document.contents)) document.contents = document.createNode({}) as unknown as typeof document.contents;
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) document.delete(key);
    else document.set(key, value);
  }
  return joined(document.toString({ lineWidth: 0 }), body ?? earlier);
}

/** A new document. Keys without a value are left out. */
export function makeMarkdown(path: string, front: Record<string, unknown>, body: string): string {
  return editMarkdown(path, "", front, body);
}

const joined = (yaml: string, body: string): string => {
  const text = body.replace(/^\s*\n/, "").trimEnd();
  return text === "" ? `---\n${yaml}---\n` : `---\n${yaml}---\n\n${text}\n`;
};

function parted(text: string): { yaml: string; body: string } {
  const clean = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const found = /^---[ \t]*\n([\s\S]*?)^(?:---|\.\.\.)[ \t]*(?:\n|$)/m.exec(clean);
  if (found?.index !== 0) return { yaml: "", body: clean.trim() };
  return { yaml: found[1] ?? "", body: clean.slice(found[0].length).trim() };
}

function parseYaml(path: string, yaml: string, lines: LineCounter): Document {
  const tooMuch = tooMuchYaml(yaml);
  if (tooMuch) throw invalid(path, tooMuch.line + 1, tooMuch.why);
  const document = parseDocument(yaml, { lineCounter: lines, logLevel: "error" });
  const [error] = document.errors;
  if (error) throw invalid(path, (error.linePos?.[0].line ?? 0) + 1, yamlWords(error));
  return document;
}

function plain(path: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (cause) {
    throw invalid(path, 1, (cause as Error).message);
  }
}

/** The text of a file. Throws `document.invalid` with the line that is not UTF-8. */
export function textIn(path: string, bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw invalid(path, lineNotUtf8(bytes), "it is not UTF-8 text");
  return text;
}

/** What the parser of YAML says, without the place, which is told before it. */
export const yamlWords = ({ message }: Error): string =>
  (message.split("\n", 1)[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");

export const invalid = (path: string, line: number, why: string): Fault =>
  new Fault("document.invalid", `${path} line ${line}: ${withDot(why)} Repair it by hand; the rest works.`);
