import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { instantSchema } from "./values/text.ts";
import { webUrlSchema } from "./values/web-url.ts";

// Answers of both are kept only where the owner had to approve them: a page can be read again, by another id, and a copy
// of every page that an agent looks at every few hours serves nobody.

/** What a connection is made of is not for callers to say. */
const ownHeaders = [
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "accept-encoding",
  "upgrade",
  "te",
  "cookie",
];

/** Headers that a caller may add to a request. */
const requestHeaders = () =>
  z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, "a header's name is letters, digits and dashes"),
      z
        .string()
        .max(2_000)
        .regex(/^[\x20-\x7e]*$/, "a header is printable ASCII on one line"),
    )
    .refine((headers) => Object.keys(headers).length <= 10, "at most ten headers")
    .refine((headers) => !Object.keys(headers).some((name) => ownHeaders.includes(name.toLowerCase())), {
      error: `these are not for callers to say: ${ownHeaders.join(", ")}`,
    });

const url = (what: string) => webUrlSchema.describe(`${what}: http or https, written out, no name or password in it`);
const from = once(() => z.string().describe("Where it came from, after redirects on the same host"));
const redirect = once(() =>
  z
    .string()
    .optional()
    .describe("It leads to another host, which was not asked for: a command of its own may follow it"),
);

/** Reads a page of the open web as text. What it says is a third party's word. */
export const webFetch = defineContract({
  name: "web.fetch",
  kind: "outside",
  title: "Read a page of the web",
  input: () =>
    z.strictObject({
      url: url("Address of the page"),
      headers: requestHeaders()
        .optional()
        .describe("Headers beside the usual ones, at most ten; `{{secret:NAME}}` stands for a secret of the caller's"),
    }),
  output: () =>
    z.strictObject({
      url: from(),
      type: z.string().optional().describe("Media type, as in text/html"),
      title: z.string().optional().describe("The page's title, where it has one"),
      text: z.string().optional().describe("The page's words; absent where it leads to another host"),
      isCut: z.boolean().optional().describe("A very long page: only its beginning is there"),
      redirect: redirect(),
    }),
  examples: [
    { title: "A page", args: { url: "https://example.org/" } },
    {
      title: "An API that wants a token",
      args: { url: "https://api.example.org/me", headers: { authorization: "Bearer {{secret:token}}" } },
    },
  ],
  effects: ["fetch"],
  // Of secrets, those that the package of the caller declared, each for its one host.
  permissions: { hosts: ["*"], secrets: ["*"] },
  control: ["url", "headers"],
  provenance: { types: { url: "url" }, writers: "anyone" },
  retry: "safe",
  pointers: { url: "it gives what stands at the address when it is fetched" },
  event: "web.fetched",
});

export const feedItemSchema = once(() =>
  z.strictObject({
    id: z.string().describe("What tells it from the feed's other items"),
    title: z.string().describe("On one line; may be empty"),
    url: z.string().optional().describe("Where it leads, where it leads anywhere"),
    published: z.string().optional().describe("When it appeared, ISO 8601 UTC; absent where the feed does not say"),
    summary: z.string().optional().describe("Its beginning as plain text, 2,000 characters at most"),
  }),
);
export type FeedItem = z.infer<ReturnType<typeof feedItemSchema>>;

/** Reads a feed of the open web: RSS, Atom, RDF or JSON Feed. */
export const feedRead = defineContract({
  name: "feed.read",
  kind: "outside",
  title: "Read a feed of the web",
  input: () =>
    z.strictObject({
      url: url("Address of the feed"),
      since: instantSchema
        .optional()
        .describe("Leaves out items that are dated before it, ISO 8601; undated ones stay. All where it is left out"),
    }),
  output: () =>
    z.strictObject({
      url: from(),
      title: z.string().optional().describe("The feed's title; absent where it leads to another host"),
      items: z.array(feedItemSchema()).describe("In the feed's order, 200 at most"),
      redirect: redirect(),
    }),
  examples: [
    { title: "A feed", args: { url: "https://example.org/feed" } },
    {
      title: "What is new since a day",
      args: { url: "https://example.org/feed", since: "2026-05-08T00:00:00Z" },
    },
  ],
  effects: ["fetch"],
  permissions: { hosts: ["*"] },
  control: ["url"],
  provenance: { types: { url: "url" }, writers: "anyone" },
  retry: "safe",
  pointers: { url: "it gives what stands at the address when it is fetched" },
  event: "feed.read",
});
