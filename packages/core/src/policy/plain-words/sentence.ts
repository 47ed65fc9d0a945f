import type { RequestPart } from "../probe.ts";

/** What a rule does: a hard deny, approval first, or a looser bound that the invariants still hold. */
export const sentenceKinds = ["forbid", "ask", "allow"] as const;
export type SentenceKind = (typeof sentenceKinds)[number];

/** One condition of a rule: as Cedar, in words, and a case on either side of it. */
export interface Condition {
  cedar: string;
  words: string;
  /** What a request has where the condition holds. */
  hit: RequestPart;
  /** What it has where it only just does not. */
  miss: RequestPart;
}

/** Whom a rule binds. */
export interface Who {
  /** Empty where it binds everyone, the owner too. */
  cedar: string;
  /** As in `Agents`; `Nobody but you` is how everyone but the owner is forbidden something. */
  subject: string;
  forbidden: string;
  hit: RequestPart;
  miss: RequestPart | undefined;
  /** The sentence named somebody; else it is everyone but the owner. */
  isNamed: boolean;
}

/** What somebody does: an effect, or one of some skills, or anything. */
export interface What {
  effect?: string;
  skills?: readonly string[];
  /** As in `send mail`. */
  words: string;
  hit: RequestPart;
  miss: RequestPart | undefined;
}

/** A sentence that was understood whole. */
export interface Sentence {
  kind: SentenceKind;
  who: Who;
  what: What;
  conditions: readonly Condition[];
}

/** A skill as sentences may name it. */
export interface SkillName {
  name: string;
  title: string;
  effects: readonly string[];
}
