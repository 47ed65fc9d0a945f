import { hashtagsOf } from "../extract/tags.ts";
import type { Found } from "./found.ts";
import type { ImportItem } from "./item.ts";
import { calledBy } from "./note-name.ts";
import { dateIn, type Property, propertyLines } from "./properties.ts";
import type { Section } from "./sections.ts";
import { readWrittenDate } from "./written-date.ts";

export type NoteContext = {
  timeZone: string;
  /** Takes a sentence for whatever could not be read as meant. */
  warnings?: string[];
};

/** A note, whatever it is written in: what it says of itself, and its text by headings. */
export type Note = {
  title?: string | undefined;
  aliases: readonly string[];
  tags: readonly string[];
  properties: readonly Property[];
  sections: readonly Section[];
};

const charactersMax = 1_000_000;

/**
 * One memory a section, each beginning with the note's title and its headings; the first says the note's properties.
 * `path` is relative, with slashes. Ids stay the same as long as path and headings do. When: a date among the properties or in
 * the first lines, else a daily note's name; else it says none.
 */
export function memoriesOf(path: string, note: Note, { timeZone, warnings = [] }: NoteContext): ImportItem[] {
  const name = calledBy(path);
  const given = dateIn(note.properties, timeZone);
  if (given === "unclear") warnings.push("The date in the front matter is not clear.");
  const dates = { property: given, text: dateIn(fieldsIn(note), timeZone), name: dayOf(name, timeZone) };
  const [said] = (["property", "text", "name"] as const).flatMap((datedBy) => {
    const at = dates[datedBy];
    return at === undefined || at === "unclear" ? [] : [{ at, datedBy }];
  });
  const title = (note.title ?? name).slice(0, 500).toWellFormed();
  const idOf = idsIn(path);
  const { text: properties, isCut } = propertyLines(note.properties);
  if (isCut) warnings.push("Only the first 20,000 characters of its properties were taken.");
  const own = [...note.tags];
  return sectionsWith(note, properties).map((section, i) => ({
    externalId: idOf(section),
    content: [headed(title, i === 0 ? note.aliases : [], section), i === 0 ? properties : "", section.content]
      .filter(Boolean)
      .join("\n\n"),
    ...said,
    source: "markdown",
    session: path,
    tags: [...new Set([...own, ...propertyTags(section.prose), ...hashtagsOf(section.prose)])],
    links: linksOf(i === 0 ? `${properties}\n${section.prose}` : section.prose),
  }));
}

/** Memories of a vault: what names no source of its own is known by its place. */
export function asFound(path: string, items: readonly ImportItem[]): Found[] {
  return items.map(({ source: _, ...item }) => ({
    item: { ...item, externalId: item.externalId ?? path },
    where: path,
  }));
}

/** What an assistant wrote down is an artifact, never the owner's own words. */
export const writtenBy = (assistant: string, found: readonly Found[]): Found[] =>
  found.map((each) =>
    "item" in each ? { ...each, item: { ...each.item, kind: "artifact", speaker: assistant } } : each,
  );

const fieldLinesMax = 10;

/** What a note says of itself in its first lines: `created:: [[May 8th, 2024]]`, "Date: 2024-05-08". */
function fieldsIn({ sections }: Note): Property[] {
  const lines = sections[0]?.prose.slice(0, 2_000).trimStart().split("\n", fieldLinesMax) ?? [];
  return lines.flatMap((line) => {
    const [, name = "", value = ""] = /^(?:[-*+] )?(\p{L}[\p{L} _-]{1,30})::?[ \t](.{4,60})$/u.exec(line) ?? [];
    return name === "" ? [] : [{ name, values: [value.trim()] }];
  });
}

/** The text that a parser is given: whole characters, no NUL, no byte order mark, and no more of it than is read. */
export function readable(text: string, warnings: string[] = []): string {
  const whole = text
    .replace(/^\uFEFF/, "")
    .toWellFormed()
    .replaceAll("\0", "\uFFFD");
  if (whole.length <= charactersMax) return whole;
  warnings.push("Only the first 1,000,000 characters were read.");
  return whole.slice(0, charactersMax).toWellFormed();
}

/** A note of properties or a title alone is a memory as well. */
function sectionsWith({ sections, title }: Note, properties: string): readonly Section[] {
  if (sections.length > 0 || (properties === "" && !title)) return sections;
  return [{ heading: "", path: [], content: "", prose: "" }];
}

/** "2024-05-08", "2024_05_08", "20240508", "202405081356 A thought", "2024-05-08 Wednesday", "8 May 2024", "May 8th, 2024". */
function dayOf(name: string, timeZone: string): string | undefined {
  const moment = /^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?!\d)/.exec(name);
  const [year, month, day, hour, minute] = moment?.slice(1) ?? [];
  if (moment) return readWrittenDate(`${year}-${month}-${day} ${hour}:${minute}`, timeZone);
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
    const slug = heading === "" ? path : `${path}#${idPartOf(heading) || "section"}`;
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

/** The words of a text, or the first of them, as a part of an id; empty where it has none. */
export function idPartOf(text: string, wordsMax = Number.POSITIVE_INFINITY): string {
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  return words?.slice(0, wordsMax).join("-").slice(0, 100) ?? "";
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

/** `[[Page]]`, `[[Page#part|words]]`; an embedded `![[note]]` as well, an embedded picture not; `[words](note.md)`. */
function linksOf(prose: string): { type: string; to: string }[] {
  const pages = [...prose.matchAll(/\[\[([^[\]|#\n]{1,200})(?:#[^[\]|\n]{0,200})?(?:\|[^[\]\n]{0,200})?\]\]/g)].map(
    ([, target = ""]) => target.trim(),
  );
  const files = [...prose.matchAll(/\]\((?!\w+:)([^()\s]{1,500}\.(?:md|markdown|org))(?:#[^()\s]{0,200})?\)/gi)].map(
    ([, target = ""]) => calledBy(target),
  );
  const targets = [...pages, ...files].filter(
    (target) => target !== "" && !/\.(?:png|jpe?g|gif|webp|svg|pdf|mp3|mp4|webm)$/i.test(target),
  );
  return [...new Set(targets)].map((to) => ({ type: "mentions", to }));
}
