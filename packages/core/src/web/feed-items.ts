import { Fault } from "@mh/contract/values/fault.ts";
import type { FeedItem } from "@mh/contract/web.ts";
import { type AtomFeed, parseFeed } from "feedsmith";
import { oneLine, storable } from "../memory/import/bounded.ts";
import { mailDate } from "../memory/import/mail-date.ts";
import { textOfHtml } from "../memory/import/mail-text.ts";

const itemsMax = 200;
const summaryMax = 2_000;
/** What a summary is made from, and what a title is. */
const htmlMax = 20_000;
const titleMax = 2_000;

/** Reads RSS, Atom, RDF or JSON Feed. At most 200 items, in the feed's order; links are taken relative to `base`. */
export function readFeed(text: string, base: string): { title: string; items: FeedItem[] } {
  const { title, items } = found(text);
  return {
    title: titleText(title),
    items: items.slice(0, itemsMax).map((item) => itemOf(item, base)),
  };
}

/** An item in the words of any of the formats. */
interface Raw {
  id: string | undefined;
  title: string | undefined;
  url: string | undefined;
  published: string | undefined;
  html?: string | undefined;
  text?: string | undefined;
}

function found(text: string): { title: string | undefined; items: Raw[] } {
  const { format, feed } = parsed(text);
  const title = typeof feed.title === "object" ? plain(feed.title) : feed.title;
  if (format === "atom") return { title, items: (feed.entries ?? []).map(atomItem) };
  if (format === "json")
    return {
      title,
      items: (feed.items ?? []).map((item) => ({
        ...{ id: item.id, title: item.title, url: item.url ?? item.external_url },
        published: item.date_published ?? item.date_modified,
        ...{ html: item.content_html, text: item.summary ?? item.content_text },
      })),
    };
  if (format === "rdf")
    return {
      title,
      items: (feed.items ?? []).map((item) => ({
        ...{ id: item.rdf?.about, title: item.title, url: item.link, published: item.dc?.dates?.[0] },
        html: item.description ?? item.content?.encoded,
      })),
    };
  return {
    title,
    items: (feed.items ?? []).map((item) => ({
      ...{ id: item.guid?.value, title: item.title },
      url: item.link ?? (item.guid?.isPermaLink === false ? undefined : item.guid?.value),
      published: item.pubDate ?? item.dc?.dates?.[0],
      html: item.description ?? item.content?.encoded,
    })),
  };
}

function parsed(text: string): ReturnType<typeof parseFeed<string>> {
  try {
    return parseFeed<string>(text);
  } catch (cause) {
    throw new Fault(
      "http.failed",
      "That is no feed: neither RSS, Atom, RDF nor JSON Feed. Look for the feed's own URL.",
      {
        cause,
      },
    );
  }
}

function atomItem(entry: AtomFeed.Entry<string>): Raw {
  const { id, title, links = [], published, updated, summary, content } = entry;
  const link = links.find(({ rel = "alternate" }) => rel === "alternate") ?? links[0];
  const body = summary ?? content;
  const isPlain = body?.type === undefined || body.type === "text";
  return {
    ...{ id, title: title && plain(title), url: link?.href, published: published ?? updated },
    ...(isPlain ? { text: body?.value } : { html: body?.value }),
  };
}

/** Text that may be HTML, where Atom says so. */
function plain({ value, type }: AtomFeed.Text): string {
  return type === "html" || type === "xhtml" ? textOfHtml(value.slice(0, titleMax)).text : value;
}

function itemOf({ id, title, url, published, html, text }: Raw, base: string): FeedItem {
  const link = url === undefined ? undefined : linkOf(url, base);
  const date = published === undefined ? undefined : mailDate(published);
  const words = storable(text ?? (html === undefined ? "" : textOfHtml(html.slice(0, htmlMax)).text));
  const summary = words.slice(0, summaryMax).toWellFormed();
  return {
    id: oneLine(id ?? link ?? title ?? "", 1_000),
    title: titleText(title),
    ...(link && { url: link }),
    ...(date && { published: date }),
    ...(summary && { summary }),
  };
}

/** Many write HTML into titles, whatever the format says. */
function titleText(whole = ""): string {
  const title = whole.slice(0, titleMax);
  const isHtml = /<\/?[a-z]|&#?\w+;/i.test(title);
  return oneLine(isHtml ? textOfHtml(title).text : title, 300);
}

function linkOf(url: string, base: string): string | undefined {
  const link = URL.parse(url.trim(), base);
  return link && /^https?:$/.test(link.protocol) ? link.href.slice(0, 4_000) : undefined;
}
