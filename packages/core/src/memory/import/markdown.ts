import { hashtagsOf } from "../extract/tags.ts";
import { splitFrontMatter } from "./front-matter.ts";
import type { ImportItem } from "./item.ts";
import { isTooMuch, type Section, sectionsOf } from "./sections.ts";
import { readWrittenDate } from "./written-date.ts";

export type NoteContext = {
  timeZone: string;
  mtime: Date;
  /** Takes a sentence for whatever could not be read as meant. */
  warnings?: string[];
};

const charactersMax = 1_000_000;

/**
 * Reads one note of a Markdown vault (Obsidian, Logseq): one item a section, each beginning with the note's title and
 * its headings. `path` is relative, with slashes. Ids stay the same as long as path and headings do. When: the front
 * matter's date, else a daily note's name, else when the file was changed.
 */
export function parseNote(path: string, text: string, { timeZone, mtime, warnings = [] }: NoteContext): ImportItem[] {
  const { front, body, warning } = splitFrontMatter(readable(path, text, warnings));
  if (warning !== undefined) warnings.push(`${path}: ${warning}`);
  if (isTooMuch(body))
    warnings.push(`${path}: It has too many lines, or lists nested too deep; it was read as plain text.`);
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.(?:md|markdown)$/i, "");
  const given = front.dates.map((date) => readWrittenDate(date, timeZone)).find((date) => date !== undefined);
  if (front.dates.length > 0 && given === undefined)
    warnings.push(`${path}: The date in the front matter is not clear.`);
  const at = given ?? dayOf(name, timeZone) ?? mtime.toISOString();
  const title = (front.title ?? name.replaceAll("___", "/")).slice(0, 500).toWellFormed();
  const idOf = idsIn(path);
  return sectionsOf(body).map((section, i) => ({
    externalId: idOf(section),
    content: `${headed(title, i === 0 ? front.aliases : [], section)}\n\n${section.content}`,
    at,
    source: "markdown",
    session: path,
    tags: [...new Set([...front.tags, ...propertyTags(section.prose), ...hashtagsOf(section.prose)])],
    links: linksOf(section.prose),
  }));
}

function readable(path: string, text: string, warnings: string[]): string {
  const whole = text
    .replace(/^\uFEFF/, "")
    .toWellFormed()
    .replaceAll("\0", "\uFFFD");
  if (whole.length <= charactersMax) return whole;
  warnings.push(`${path}: Only the first 1,000,000 characters were read.`);
  return whole.slice(0, charactersMax).toWellFormed();
}

/** "2024-05-08", "2024_05_08", "20240508", "2024-05-08 Wednesday", "8 May 2024", "May 8th, 2024". */
function dayOf(name: string, timeZone: string): string | undefined {
  const numbers = /^(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)/.exec(name);
  return readWrittenDate(numbers ? `${numbers[1]}-${numbers[3]}-${numbers[4]}` : name, timeZone);
}

function headed(title: string, aliases: readonly string[], { path }: Section): string {
  const others = aliases.slice(0, 50).map((alias) => alias.slice(0, 200).toWellFormed());
  const called = others.length === 0 ? title : `${title} (${others.join(", ")})`;
  return [called, ...path.filter((heading, i) => i > 0 || heading !== title)].join(" › ");
}

/** `path#heading`, with -2, -3 for headings that repeat, and ~2, ~3 for the pieces of a long section. */
function idsIn(path: string): (section: Section) => string {
  const taken = new Map<string, number>();
  let last: { id: string; path: string[]; pieces: number } | undefined;
  return ({ heading, path: headings }) => {
    if (last?.path === headings) return `${last.id}~${++last.pieces}`;
    const slug = heading === "" ? path : `${path}#${slugOf(heading)}`;
    let id = slug;
    for (let repeat = (taken.get(slug) ?? 1) + 1; taken.has(id); repeat++) {
      id = `${slug}-${repeat}`;
      taken.set(slug, repeat);
    }
    taken.set(id, taken.get(id) ?? 1);
    last = { id, path: headings, pieces: 1 };
    return id;
  };
}

function slugOf(heading: string): string {
  const words = heading
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  return words?.join("-").slice(0, 100) ?? "section";
}

/** Logseq writes `tags:: work, health` in the text. */
function propertyTags(prose: string): string[] {
  return [...prose.matchAll(/^[ \t]*(?:[-*] )?tags::(.{1,1000})$/gim)].flatMap(([, tags = ""]) =>
    tags
      .split(",")
      .map((tag) =>
        tag
          .replace(/[#[\]]/g, "")
          .trim()
          .toLowerCase(),
      )
      .filter(Boolean),
  );
}

/** `[[Page]]`, `[[Page#part|words]]`; an embedded `![[note]]` as well, an embedded picture not. */
function linksOf(prose: string): { type: string; to: string }[] {
  const targets = [...prose.matchAll(/\[\[([^[\]|#\n]{1,200})(?:#[^[\]|\n]{0,200})?(?:\|[^[\]\n]{0,200})?\]\]/g)]
    .map(([, target = ""]) => target.trim())
    .filter((target) => target !== "" && !/\.(?:png|jpe?g|gif|webp|svg|pdf|mp3|mp4|webm)$/i.test(target));
  return [...new Set(targets)].map((to) => ({ type: "mentions", to }));
}
