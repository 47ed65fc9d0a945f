import { z } from "zod";
import { once } from "../once.ts";

export const channelNames = ["desktop", "ntfy", "pushover", "signal", "telegram", "webPush"] as const;
export type ChannelName = (typeof channelNames)[number];

/** Only `high` rings in quiet hours. */
export const urgencies = ["low", "normal", "high"] as const;
export type Urgency = (typeof urgencies)[number];

/** What somebody wants the owner told. */
export const notificationSchema = once(() =>
  z.strictObject({
    title: z
      .string()
      .max(300)
      .refine((title) => oneLine(title) !== "", "a title says something")
      .describe("What it says, in a line"),
    body: z.string().max(10_000).optional().describe("More of it, as plain text"),
    urgency: z
      .enum(urgencies)
      .default("normal")
      .describe("Only `high` rings in quiet hours; `normal` where it is left out"),
    url: z
      .url({ protocol: /^https?$/, error: "a URL begins with https:// or http://" })
      .refine((url) => new URL(url).href.length <= 1000, "a URL has at most 1,000 characters")
      .optional()
      .describe("Web address that is opened when the owner follows it"),
    channel: z
      .enum(channelNames)
      .optional()
      .describe("The one channel to use; every one that is set up where it is left out"),
  }),
);
export type NotificationArgs = z.infer<ReturnType<typeof notificationSchema>>;

/** A notification as channels get it. `id` is the command's, so that a channel that can tells a repeated one. */
export interface Notification {
  id: string;
  title: string;
  body: string;
  urgency: Urgency;
  url?: string | undefined;
}

export function notificationOf(id: string, { title, body = "", urgency, url }: NotificationArgs): Notification {
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
