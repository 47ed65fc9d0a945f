import type { RefusalReason } from "@mh/contract/values/messenger.ts";
import { shortId } from "../model/short-id.ts";

/** What listening answers with: fixed words, which say nothing of the home. */
export const fixedWords = {
  paired: "Paired. What you type here is yours from now on, and approval requests come here. /help says more.",
  "wrong code": "That is not the code. `mh channel pair` at home shows one, for ten minutes.",
  unknown: "This bot is private.",
  stopped: "STOP stands. Nothing runs but what you do at home; `mh resume` there lifts it.",
  "stop stands": "STOP stands, so this was not kept. `mh resume` at home lifts it; then send it again.",
  "not typed": "Only what you type here yourself counts: nothing forwarded, quoted, edited or without text.",
  "too long": "That is too long to keep.",
  help: [
    "Type, and mh answers as `mh chat` does.",
    "/note and words: keeps them as a memory",
    "/new begins another chat",
    "/approvals shows what waits for you",
    "/stop stops everyone but you",
  ].join("\n"),
  "not kept": "This could not be kept, so nothing is done about it. `mh doctor` at home says more.",
} as const;
export type FixedWords = keyof typeof fixedWords;

/** How a press of a button ended, in the few words that a messenger shows for a moment. */
export const pressWords = {
  approve: "Approved",
  deny: "Denied",
  stop: "STOP stands",
  "button: not of this request": "This button is not for what waits there",
  "button: too old": "Too old; the request is shown anew",
  "button: answered before": "It was answered before",
  "button: only at the page": "Not from here: see the request",
  "button: refused": "It was not accepted; see the log",
} as const satisfies Record<"approve" | "deny" | "stop" | Extract<RefusalReason, `button: ${string}`>, string>;
export type PressWords = keyof typeof pressWords;

/** The command by which the rest is learned at home. */
export const whyCommand = (id: string): string => `mh why ${shortId(id)}`;
