import { z } from "zod";
import type { ImportItem } from "./item.ts";
import { readWrittenDate } from "./written-date.ts";

const contentMax = 1_000_000;
const lineMax = 8_000_000;

const clean = (name: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? `"${name}" is missing.` : `"${name}" must be text.`) })
    .refine((text) => text.isWellFormed() && !text.includes("\0"), {
      error: `"${name}" holds half a character or a NUL, which cannot be stored.`,
    });
const label = (name: string) =>
  clean(name)
    .trim()
    .min(1, { error: `"${name}" is empty.` })
    .max(1_000, { error: `"${name}" is longer than 1,000 characters.` });

/** One line of an NDJSON import. Unknown keys are refused: a misspelt one must not lose its value in silence. */
const ndjsonLineSchema = z.strictObject({
  id: z.union([label("id"), z.number().transform(String)], { error: '"id" must be text or a number.' }).optional(),
  content: clean("content")
    .max(contentMax, { error: '"content" is longer than 1,000,000 characters.' })
    .refine((text) => text.trim() !== "", { error: '"content" is empty.' }),
  at: z
    .string({ error: '"at" must be a date as text.' })
    .transform((text, context) => {
      const at = readWrittenDate(text, "UTC");
      if (at === undefined) context.addIssue({ code: "custom", message: atReason });
      return at ?? z.NEVER;
    })
    .optional(),
  source: label("source").optional(),
  session: label("session").optional(),
  speaker: label("speaker").optional(),
  tags: z
    .array(label("tags"), { error: '"tags" must be a list of words.' })
    .max(100, { error: '"tags" has more than 100 words.' })
    .optional(),
});

const atReason = '"at" is not a date that can mean one thing only; write it like 2024-05-08T13:56:00Z.';

export type ParsedLine = { ok: true; item: ImportItem } | { ok: false; reason: string; externalId?: string };

/** Reads one line. A refusal says why in a sentence, and which record it was when the line still tells. */
export function parseLine(line: string): ParsedLine {
  if (line.length > lineMax) return { ok: false, reason: "The line is longer than 8,000,000 characters." };
  const value = parseJson(line);
  if (value === undefined) return { ok: false, reason: "The line is not JSON." };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, reason: 'The line is not a record like {"content": "…"}.' };
  }
  const parsed = ndjsonLineSchema.safeParse(value);
  if (!parsed.success) return { ok: false, reason: reasonOf(parsed.error), ...externalIdOf(value) };
  const { id, ...item } = parsed.data;
  return { ok: true, item: withoutUndefined({ ...item, externalId: id }) };
}

/** How JSON begins: a parser that throws costs ten times as much, and a wrong file has it thrown at every line. */
const jsonBegin = /^(?:[{["]|-?\d|(?:true|false|null)$)/;

function parseJson(line: string): unknown {
  const text = line.trim();
  if (!jsonBegin.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The caller reports it as the line's fault; what the parser says helps nobody.
    return undefined;
  }
}

function reasonOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue?.code !== "unrecognized_keys") return issue?.message ?? "The line is not a memory.";
  const keys = issue.keys.slice(0, 5).map((key) => JSON.stringify(key.slice(0, 50)));
  return `${keys.join(", ")} is not a field that a memory has.`;
}

function externalIdOf(value: object): { externalId?: string } {
  const id = "id" in value ? value.id : undefined;
  return typeof id === "string" || typeof id === "number" ? { externalId: String(id).slice(0, 1_000) } : {};
}

function withoutUndefined(item: Record<string, unknown> & { content: string }): ImportItem {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as ImportItem;
}
