import type { Taken } from "./events.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** The files of a list of recently used ones (XBEL): their names and when, without the folders that they lie in. */
export function recentEvents(text: string): Taken {
  const marks = [...text.matchAll(/<bookmark\b([^>]{0,8000})>/g)].map(([, attributes = ""]) => attributes);
  const events = marks.flatMap((attributes) => {
    const href = attributeOf(attributes, "href");
    const ms = Date.parse(attributeOf(attributes, "modified") ?? attributeOf(attributes, "visited") ?? "");
    const name = href?.startsWith("file:") ? nameIn(href) : undefined;
    return name && !Number.isNaN(ms) ? [{ ms, what: withoutSecrets(name).slice(0, 200).toWellFormed() }] : [];
  });
  return { events, left: [{ why: "what is no file, or has no time", count: marks.length - events.length }] };
}

const attributeOf = (attributes: string, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];

function nameIn(href: string): string | undefined {
  try {
    return decodeURIComponent(href.slice(href.lastIndexOf("/") + 1).replaceAll("&amp;", "&"));
  } catch {
    // No UTF-8: it names nothing that could be shown.
    return undefined;
  }
}
