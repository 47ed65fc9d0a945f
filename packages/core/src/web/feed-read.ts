import { type FeedItem, feedRead } from "@mh/contract/web.ts";
import { defineOutside } from "../kernel/skill.ts";
import type { Http } from "../ports/http.ts";
import { classifyFetch, getFromWeb } from "./web-get.ts";
import { textOf } from "./web-text.ts";

export function readFeedSkill(deps: { http: Http }) {
  return defineOutside(feedRead, {
    stored: "approved",
    classify: classifyFetch,
    async run({ url, since }, { signal }) {
      const accept = "application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5";
      const answer = await getFromWeb(deps.http, { url, signal, accept });
      if ("redirect" in answer) return { ...answer, items: [] };
      const { readFeed } = await import("./feed-items.ts");
      const { title, items } = readFeed(textOf({ ...answer, type: answer.type || "xml" }), answer.url);
      const from = since === undefined ? undefined : Date.parse(since);
      const isWanted = ({ published }: FeedItem) =>
        from === undefined || published === undefined || Date.parse(published) >= from;
      return { url: answer.url, title, items: items.filter(isWanted) };
    },
  });
}
