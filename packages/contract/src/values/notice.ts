import { z } from "zod";

export const channelNames = ["desktop", "ntfy", "pushover", "signal", "webPush"] as const;
export type ChannelName = (typeof channelNames)[number];

/** Only `high` rings in quiet hours. */
export const urgencies = ["low", "normal", "high"] as const;
export type Urgency = (typeof urgencies)[number];

/** What somebody wants the owner told. */
export const noticeSchema = z.strictObject({
  title: z
    .string()
    .max(300)
    .refine((title) => oneLine(title) !== "", "a title says something"),
  body: z.string().max(10_000).optional(),
  urgency: z.enum(urgencies).default("normal"),
  /** Opened when the owner follows it. */
  url: z
    .url({ protocol: /^https?$/, error: "a URL begins with https:// or http://" })
    .refine((url) => new URL(url).href.length <= 1000, "a URL has at most 1,000 characters")
    .optional(),
  /** Only there, instead of everywhere that is set up. */
  channel: z.enum(channelNames).optional(),
});
export type NoticeArgs = z.infer<typeof noticeSchema>;

/** A notice as channels get it. `id` is the command's, so that a channel that can tells a repeated one. */
export interface Notice {
  id: string;
  title: string;
  body: string;
  urgency: Urgency;
  url?: string | undefined;
}

export function noticeOf(id: string, { title, body = "", urgency, url }: NoticeArgs): Notice {
  return { id, title: oneLine(title), body: manyLines(body), urgency, ...(url && { url: new URL(url).href }) };
}

/** Control characters and what turns the direction of writing play tricks on screens; joiners are left to emoji. */
const manyLines = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();

const oneLine = (text: string): string => manyLines(text).replace(/\s+/g, " ");
