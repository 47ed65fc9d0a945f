import type { SentenceKind } from "./sentence.ts";

type Turn = readonly [said: RegExp, meant: string];

/** `forbid` denies already, and `ask` asks. */
const ofKind: Record<SentenceKind, readonly Turn[]> = {
  forbid: [
    [/^no\s+(agent|client|peer)\b/i, "$1s"],
    [/^(?:no|never|let)\s+/i, ""],
    [/\b(?:may|must|can|could|should|shall|will|do|does)\s+(?:not|never)\s+/gi, ""],
    [/\b(?:can|could|do|does|must|should|wo)n?['’]?t\s+|\b(?:cannot|never)\s+/gi, ""],
  ],
  ask: [
    [/^(?:always\s+)?(?:ask\s+(?:me\s+)?)?before\s+(?:(?:you|they|anyone)\s+)?/i, ""],
    [/^(?:never|no)\s+/i, ""],
  ],
  allow: [[/^let\s+/i, ""]],
};

const everywhere: readonly Turn[] = [
  [/^notifications?\b/i, "notify me"],
  [/^everything\b/i, "do anything"],
  [/\b(?:things|stuff|everything)\b/gi, "anything"],
  [/\b(?:go(?:es)?\s+to|visits?|browses?|opens?)\s+(?=[\w-]+\.[\w.-]+)/i, "fetch anything from "],
  [/^(?:e?mails?|writes?\s+to)\s+(?=\S+@)/i, "send mail to "],
  [/^(reads?|writes?|deletes?)\s+(?=(?:in|outside)\s)/i, "$1 files "],
];

const gerunds: Record<string, string> = {
  ...{ run: "running", forget: "forgetting", write: "writing", delete: "deleting", change: "changing", use: "using" },
  ...{ send: "sending", read: "reading", spend: "spending", pay: "paying", buy: "buying", fetch: "fetching" },
};

/**
 * Other ways to say a sentence that was not understood, the likeliest first. They are for showing: none becomes a rule
 * by itself, the owner says the one that he meant.
 */
export function reworded(kind: SentenceKind, text: string): string[] {
  const plain = text.trim().replace(/^please\s+/i, "");
  const turned = [...ofKind[kind], ...everywhere].reduce((said, [from, to]) => said.replace(from, to), plain);
  const [verb] = Object.entries(gerunds).find(([, said]) => new RegExp(`^${said}\\b`, "i").test(turned)) ?? [];
  const said = verb ? turned.replace(/^\w+/, verb) : turned;
  return [said, `agent ${said.replace(/^(\S+)\s+may\s+/i, "$1 ")}`];
}
