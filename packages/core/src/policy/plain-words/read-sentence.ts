import { Fault } from "@mh/contract/values/fault.ts";
import { readHowMuch } from "./how-much.ts";
import { nearest, understood } from "./nearest.ts";
import { reworded } from "./reworded.ts";
import type { Condition, Sentence, SentenceKind, SkillName } from "./sentence.ts";
import { standsAt, tokensOf } from "./tokens.ts";
import { readWhat } from "./what.ts";
import { readWhen } from "./when.ts";
import { readWhere } from "./where.ts";
import { nobody, readWho } from "./who.ts";
import { readWhom } from "./whom.ts";

/** The whole grammar, for a person. */
const grammar = `[WHO] WHAT [WHOM] [WHERE] [WHEN] [HOW MUCH] [without asking]
  who: agents, agent NAME, clients, peers, me; nobody and everyone mean you,
    too; where none is named: everyone but you
  what: send mail, delete mail, send anything, delete anything, spend money,
    fetch anything, write files, read files, run programs, notify me,
    change my calendar, forget memories, do anything, use SKILL, or the
    title of any skill
  whom: to ADDRESS, to anyone but ADDRESS, to anyone at DOMAIN, to anyone
    outside DOMAIN, to anyone outside my contacts, to my contacts
  where: in FOLDER, outside FOLDER, from HOST, from anywhere but HOST
  when: between 22:00 and 7:00, after 20:00, before 8:00, at night, on
    mondays, on weekdays, on weekends, in quiet hours
  how: more than 50 EUR, at high risk, at medium risk or more`;

/** Reads a sentence whole. What is not understood, to the last word, is refused with the nearest that is. */
export function readSentence(kind: SentenceKind, text: string, skills: readonly SkillName[]): Sentence {
  const read = takeApart(kind, text, skills);
  if ("rest" in read) throw read.isTwoMeant ? twoMeant(text) : notUnderstood(kind, text, read.rest, skills);
  const [first = ""] = tokensOf(text);
  if (kind === "allow" && nobody.includes(first))
    throw new Fault("usage", `"${understood(text)}" allows nothing. \`mh policy forbid\` makes a rule of it.`);
  if (kind === "allow" && !read.who.isNamed)
    throw new Fault("usage", `Say who may: \`mh policy allow "agent NAME ${understood(text)}"\`.`);
  return read;
}

/** The words from where a sentence is not understood on, or may mean either of two things. */
interface Unclear {
  rest: string[];
  isTwoMeant?: boolean;
}

function takeApart(kind: SentenceKind, text: string, skills: readonly SkillName[]): Sentence | Unclear {
  const tokens = tokensOf(text);
  const [who, whoEnd] = readWho(tokens);
  const whatAt = kind === "allow" && tokens[whoEnd] === "to" ? whoEnd + 1 : whoEnd;
  const found = readWhat(tokens, whatAt, skills);
  if (!found) return { rest: tokens.slice(whatAt) };
  const [what, whatEnd] = found;
  const conditions: Condition[] = [];
  let isAsk = kind === "ask";
  let last: Reader | undefined;
  for (let at = whatEnd; at < tokens.length; ) {
    const asking = askingLength(tokens, at);
    const read = asking > 0 ? undefined : readers.find((each) => each(tokens, at));
    const next = read?.(tokens, at);
    if (read && read === last && isJoint(tokens[at - 1])) return { rest: tokens.slice(at), isTwoMeant: true };
    last = read ?? last;
    if (asking > 0) isAsk ||= kind === "forbid";
    else if (next) conditions.push(next[0]);
    else if (!isJoint(tokens[at])) return { rest: tokens.slice(at) };
    at = asking > 0 ? at + asking : (next?.[1] ?? at + 1);
  }
  return { kind: isAsk && kind === "forbid" ? "ask" : kind, who, what, conditions };
}

type Reader = (tokens: readonly string[], at: number) => [condition: Condition, end: number] | undefined;
const readers: readonly Reader[] = [readWhen, readWhom, readWhere, readHowMuch];
const isJoint = (token: string | undefined): boolean => token === "and" || token === ",";

/** How many words say that it may be done after approval. */
function askingLength(tokens: readonly string[], at: number): number {
  const said = [
    ["without", "asking", "me", "first"],
    ["without", "asking", "first"],
    ["without", "asking", "me"],
    ["without", "asking"],
  ];
  return said.find((words) => standsAt(tokens, at, words))?.length ?? 0;
}

/** A rule holds where all its conditions do; `at night and on weekends` mostly means either. */
function twoMeant(text: string): Fault {
  const why = "what `and` joins there may mean both at once, or each by itself";
  return new Fault(
    "usage",
    `"${understood(text)}" is not clear: ${why}. Write two rules, or leave \`and\` out for both.`,
  );
}

function notUnderstood(kind: SentenceKind, text: string, rest: readonly string[], skills: readonly SkillName[]): Fault {
  const where = rest.length > 0 ? `from "${rest.join(" ")}" on` : "it ends too soon";
  const meant = reworded(kind, understood(text)).find((other) => !("rest" in takeApart(kind, other, skills)));
  const near = [...(meant ? [meant] : []), ...nearest(text, meant ? 2 : 3)]
    .map((sentence) => `  ${sentence}`)
    .join("\n");
  const isSum = /\b(?:a|per|each|every)\s+(?:day|week)\b|\b(?:daily|weekly)\b/i.test(text) && /\d/.test(text);
  const sum = isSum ? " What may be spent in a day or a week is a setting: `mh config set spend.perDay 50`." : "";
  return new Fault(
    "usage",
    `"${text}" is not understood: ${where}.${sum} Nearest are:\n${near}\nThe grammar:\n${grammar}`,
  );
}
