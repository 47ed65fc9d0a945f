import { instantSchema } from "@mh/contract/values/text.ts";
import { z } from "zod";
import { defineOutside } from "../kernel/legacy.ts";
import { webUrlSchema } from "../model/web-url.ts";
import type { Http } from "../ports/http.ts";
import { classifyFetch, getFromWeb } from "./web-get.ts";
import { textOf } from "./web-text.ts";

const input = z.strictObject({ url: webUrlSchema, since: instantSchema.optional() });
const item = z.strictObject({
  id: z.string(),
  title: z.string(),
  url: z.string().optional(),
  published: z.string().optional(),
  summary: z.string().optional(),
});
const output = z.strictObject({
  url: z.string(),
  title: z.string().optional(),
  items: z.array(item),
  /** It leads to another host, which was not asked for: a command of its own may follow it. */
  redirect: z.string().optional(),
});

/** Reads a feed of the open web. With `since`, items that are dated before it are left out; undated ones stay. */
export function readFeedSkill(deps: { http: Http }) {
  return defineOutside<z.infer<typeof input>, z.infer<typeof output>>({
    manifest: {
      name: "feed.read",
      version: "1.0.0",
      title: "Read a feed of the web",
      input,
      output,
      effects: ["fetch"],
      permissions: { hosts: ["*"] },
      control: ["url"],
      provenance: { types: { url: "url" }, writers: "anyone" },
      undo: null,
      retry: "safe",
      event: "feed.read",
    },
    classify: classifyFetch,
    async run({ url, since }, { signal }) {
      const accept = "application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5";
      const answer = await getFromWeb(deps.http, { url, signal, accept });
      if ("redirect" in answer) return { ...answer, items: [] };
      const { readFeed } = await import("./feed-items.ts");
      const { title, items } = readFeed(textOf({ ...answer, type: answer.type || "xml" }), answer.url);
      const from = since === undefined ? undefined : Date.parse(since);
      const isWanted = ({ published }: { published?: string }) =>
        from === undefined || published === undefined || Date.parse(published) >= from;
      return { url: answer.url, title, items: items.filter(isWanted) };
    },
  });
}
