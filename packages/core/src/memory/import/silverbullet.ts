import type { Found } from "./found.ts";
import { splitFrontMatter } from "./front-matter.ts";
import type { ImportItem } from "./item.ts";
import { type NoteContext, parseNote } from "./markdown.ts";
import { asFound } from "./note.ts";

const settings = new Set(["SETTINGS.md", "CONFIG.md", "SECRETS.md", "PLUGS.md", "STYLES.md"]);

/**
 * One page of a SilverBullet space: Markdown with `#tags`, `[attribute: value]`, tasks and `[[page|words]]`. What runs the
 * space (settings, the library, templates, index pages) is passed over with a remark.
 */
export function parsePage(path: string, text: string, context: NoteContext): Found[] {
  const reason = passedOver(path, text);
  if (reason !== undefined) return [{ note: reason, where: path }];
  const items = parseNote(path, text, context);
  return asFound(
    path,
    items.map((item) => ({ ...item, ...marksOf(item) })),
  );
}

function passedOver(path: string, text: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/^(?:_plug|Library|Repositories)\//i.test(path))
    return "It belongs to SilverBullet's library and is no page of yours.";
  if (settings.has(path)) return "It sets SilverBullet up and is no memory.";
  if (/^index\.md$/i.test(name)) return "It is an index page and holds nothing of its own.";
  const { front, body } = splitFrontMatter(text);
  const isTemplate = front.tags.some((tag) => tag === "template" || /^meta(?:\/|$)/.test(tag));
  return isTemplate || /^(?:.*\s)?#(?:meta\/)?template(?![\w/-])/m.test(body.slice(0, 100_000))
    ? "It is a template and no page of yours."
    : undefined;
}

/** Attributes that are tags, `#<several words>`, open tasks; links without the place they point at within a page. */
function marksOf({ content, tags = [], links = [] }: ImportItem): Pick<ImportItem, "tags" | "links"> {
  const attributes = [...content.matchAll(/\[tags?:[ \t]*"?([^\]"\n]{1,500})"?\]/gi)].flatMap(([, value = ""]) =>
    value.split(/[,\s]+/),
  );
  const wordy = [...content.matchAll(/(?<![\w&/#])#<([^<>\n]{1,64})>/g)].map(([, words = ""]) =>
    words.replaceAll(" ", "-"),
  );
  const own = [...attributes, ...wordy].map((tag) => tag.replace(/^#+/, "").toLowerCase()).filter(Boolean);
  const isTask = /^[ \t]*[-*+][ \t]+\[ \][ \t]/m.test(content);
  const targets = links
    .map(({ type, to }) => ({ type, to: to.replace(/[@$].*$/, "").trim() }))
    .filter(({ to }) => to !== "");
  return {
    tags: [...new Set([...tags, ...own, ...(isTask ? ["task"] : [])])].slice(0, 100),
    links: targets.filter(({ to }, n) => targets.findIndex((each) => each.to === to) === n),
  };
}
