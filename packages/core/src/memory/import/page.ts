import type { Found } from "./found.ts";
import { textOfHtml } from "./mail-text.ts";
import { asFound, memoriesOf, type NoteContext, readable } from "./note.ts";
import type { Property } from "./properties.ts";
import { plainSections } from "./sections.ts";

/** A saved page: its title, what it says of itself, and its text as a reader sees it. */
export function parseHtmlNote(path: string, html: string, context: NoteContext): Found[] {
  const { warnings = [] } = context;
  const whole = readable(html, warnings);
  const head = whole.slice(0, 100_000);
  const { text, isCut } = textOfHtml(whole);
  if (isCut) warnings.push("Only the first 500,000 characters of its HTML were read.");
  const title = /<title[^>]{0,200}>([^<]{1,1000})/i.exec(head)?.[1];
  const note = {
    title: title === undefined ? undefined : words(title) || undefined,
    ...{ aliases: [], tags: [], properties: metas(head) },
    sections: plainSections(text.replaceAll("\r\n", "\n")),
  };
  return asFound(path, memoriesOf(path, note, { ...context, warnings }));
}

const told = new Map([
  ["author", "author"],
  ["description", "description"],
  ["keywords", "keywords"],
  ["date", "date"],
  ["created", "created"],
  ["dc.date", "date"],
  ["article:published_time", "published"],
]);

function metas(head: string): Property[] {
  return [...head.matchAll(/<meta\s[^>]{1,2000}>/gi)].flatMap(([tag]) => {
    const of = (name: string) => new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(tag);
    const [, a, b] = of("name") ?? of("property") ?? [];
    const name = told.get((a ?? b ?? "").toLowerCase());
    const [, c, d] = of("content") ?? [];
    const value = words(c ?? d ?? "");
    return name === undefined || value === "" ? [] : [{ name, values: [value] }];
  });
}

const words = (html: string): string => textOfHtml(html).text.replace(/\s+/g, " ").trim();
