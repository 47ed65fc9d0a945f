import { parse } from "yaml";
import { z } from "zod";
import { tooMuchYaml } from "../../model/yaml-bounds.ts";

/** What a note says of itself. Keys that nobody here reads are the owner's own, and stay unread. */
const frontMatterSchema = z.object({
  title: z.coerce.string().optional().catch(undefined),
  date: z.coerce.string().optional().catch(undefined),
  created: z.coerce.string().optional().catch(undefined),
  tags: z.unknown().optional().transform(words),
  tag: z.unknown().optional().transform(words),
  aliases: z.unknown().optional().transform(listed),
  alias: z.unknown().optional().transform(listed),
});
export type FrontMatter = { title?: string; dates: string[]; tags: string[]; aliases: string[] };

const none: FrontMatter = { dates: [], tags: [], aliases: [] };

/** Parts a note into its front matter and its body. Broken YAML is no reason to lose the note: it is warned of. */
export function splitFrontMatter(text: string): { front: FrontMatter; body: string; warning?: string } {
  const opening = /^---[ \t]*\r?\n/.exec(text);
  if (opening === null) return { front: none, body: text };
  const closing = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m.exec(text.slice(opening[0].length));
  if (closing === null) return { front: none, body: text };
  const yaml = text.slice(opening[0].length, opening[0].length + closing.index);
  const body = text.slice(opening[0].length + closing.index + closing[0].length);
  const value = parseYaml(yaml);
  if (value === null) return { front: none, body };
  const read = frontMatterSchema.safeParse(value);
  if (!read.success) return { front: none, body, warning: "The front matter is not valid YAML and was not read." };
  const { title, date, created, tags, tag, aliases, alias } = read.data;
  return {
    front: {
      ...(title === undefined ? {} : { title }),
      dates: [date, created].filter((given) => given !== undefined),
      tags: [...tags, ...tag],
      aliases: [...aliases, ...alias],
    },
    body,
  };
}

function parseYaml(yaml: string): unknown {
  if (tooMuchYaml(yaml)) return undefined;
  try {
    return parse(yaml, { logLevel: "error" }) ?? null;
  } catch {
    // Not an object, so the schema refuses it and the caller warns.
    return undefined;
  }
}

/** A list, or one text with commas. */
function listed(value: unknown): string[] {
  const parts = Array.isArray(value) ? value : typeof value === "string" ? value.split(",") : [];
  return parts
    .flatMap((part) => (typeof part === "string" || typeof part === "number" ? [String(part).trim()] : []))
    .filter(Boolean);
}

/** As `listed`, also parted by spaces and without the `#`. */
function words(value: unknown): string[] {
  return listed(value)
    .flatMap((part) => part.split(/\s+/))
    .map((tag) => tag.replace(/^#+/, "").toLowerCase())
    .filter(Boolean);
}
