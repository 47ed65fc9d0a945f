import type { PersonaSection } from "@mh/contract/values/persona-sections.ts";
import { type Entry, entriesIn } from "../entries.ts";
import { isAddressed, reasonsToRefuse, reasonToLeave } from "./for-machine.ts";

export interface ImportFile {
  name: string;
  text: string;
}

/** What a file from elsewhere says, and where it belongs; no section: it is left out, and why. */
export interface Sorted {
  file: string;
  line: number;
  text: string;
  box: Entry["box"];
  headings: readonly string[];
  section: PersonaSection | undefined;
  why: string;
}

/**
 * Sorts the lines of a file by what its headings, its name and its words say of them. No rule knows whose file it is. What is
 * said to a machine is left out, and so is all that says who a machine should be, where the whole file speaks to one.
 */
export function sortFile({ name, text }: ImportFile): Sorted[] {
  const entries = joined(entriesIn(name, withoutFrontMatter(text)));
  const said = entries.filter((entry) => plainText(entry.text) !== "");
  const isLetter = said.filter((entry) => isAddressed(entry.text)).length >= Math.max(2, said.length / 5);
  const sorted = said.map((entry) => ({
    ...{ file: name, line: entry.line, text: plainText(entry.text), box: entry.box, headings: entry.headings },
    ...placeOf(entry, plainText(entry.text), { stem: stemOf(name), isLetter }),
  }));
  const taken = sorted.filter(({ section }) => section !== undefined);
  const reasons = new Map(reasonsToRefuse(taken.map(({ text: words }) => words)).map((why, n) => [taken[n], why]));
  return sorted.map((each) => {
    const why = reasons.get(each);
    return why === undefined ? each : { ...each, ...out(why) };
  });
}

/** Parts in which owners say what is to be done. */
const doing: ReadonlySet<PersonaSection> = new Set(["goals", "routines", "decision-rules"]);

const blank = /^(?:[^:]{1,40}:\s*)?[([<_].*(?:optional|your |fill in|todo|tbd|\.\.\.).*[)\]>_]$/i;

type Place = Pick<Sorted, "section" | "why">;
const out = (why: string): Place => ({ section: undefined, why });

function placeOf(entry: Entry, text: string, file: { stem: string; isLetter: boolean }): Place {
  if (/[:：]$/.test(text)) return out("nothing is said there");
  if (blank.test(withoutBold(entry.text)) || blank.test(text)) return out("it is a blank to fill in");
  const heading = entry.headings.toReversed().find((each) => isForMachine(each) || sectionIn(each));
  const byHeading = heading === undefined ? undefined : sectionIn(heading);
  const section = byHeading ?? sectionByWords(text) ?? sectionIn(file.stem);
  const reason = reasonToLeave(text, section !== undefined && doing.has(section));
  if (reason) return out(reason);
  if (heading !== undefined && byHeading === undefined) return out(`“${heading}” is about a machine`);
  if (section === undefined) return out("nothing says which part of you it is about");
  if (file.isLetter && (section === "persona" || section === "values") && !isOwnersLabel(text))
    return out("the file speaks to a machine, and says who that one should be");
  return {
    section,
    why: byHeading ? `below “${heading}”` : sectionByWords(text) ? "by its words" : "by the file's name",
  };
}

const vocabulary: readonly [PersonaSection, RegExp][] = [
  ["goals", /\b(?:goals?|objectives?|aims?|aspirations?|ambitions?|priorities|roadmap|dreams?|ziele?|vorhaben)\b/i],
  ["values", /\b(?:values?|principles?|beliefs?|ethics|what matters|cares? about|core truths?|werte|prinzipien)\b/i],
  [
    "routines",
    /\b(?:routines?|habits?|schedule|daily|weekly|mornings?|evenings?|rhythm|(?:working|office) hours|sleep|energy|availab\w+|gewohnheiten|tagesablauf)\b/i,
  ],
  [
    "relationships",
    /\b(?:people|family|friends?|relationships?|contacts?|team|colleagues|partner|kids|children|familie|freunde|menschen)\b/i,
  ],
  [
    "decision-rules",
    /\b(?:rules?|boundar(?:y|ies)|limits?|constraints?|red lines?|never|always|do(?:['’]?s)? (?:and|&) don['’]?ts?|don['’]ts?|guidelines?|preferences?|decisions?|deciding|regeln|grenzen|vorlieben)\b/i,
  ],
  [
    "persona",
    /\b(?:about|who (?:i am|they are)|user|owner|human|me|myself|profile|bio(?:graphy)?|background|identity|personality|basics|personal|style|tone|voice|communicat\w+|languages?|interests?|hobbies|work|job|career|education|location|context|notes|über mich|person)\b/i,
  ],
];
const machine =
  /\b(?:tools?|commands?|build|tests?|testing|lint\w*|code|coding|setup|install\w*|environment|architecture|repo(?:sitory)?|director(?:y|ies)|files?|memory|sessions?|startup|boot\w*|heartbeats?|workflows?|prompts?|system|agents?|assistants?|skills?|mcp|servers?|permissions?|security|deploy\w*|git|commits?|pull requests?|usage|dependencies|platforms?|formatting|continuity|safety|group chats?)\b/i;

const isForMachine = (heading: string): boolean => machine.test(heading);
const sectionIn = (heading: string): PersonaSection | undefined =>
  isForMachine(heading) ? undefined : vocabulary.find(([, words]) => words.test(heading))?.[0];

/** What the words of a line say by themselves, where no heading does. */
const spoken: readonly [PersonaSection, RegExp][] = [
  [
    "decision-rules",
    /^(?:never|always|(?:ask|check with) me before|i (?:never|always) (?:decide|accept|agree|buy|say))\b/i,
  ],
  ["goals", /^(?:my goal|i (?:want|plan|aim|hope|intend) to|i['’]m working towards?)\b/i],
  ["values", /^(?:i (?:value|believe|care about)|what matters)\b/i],
  [
    "routines",
    /^(?:every (?:day|morning|evening|week|\w+day)|on (?:week|mon|tues|wednes|thurs|fri|satur|sun)\w*days?|i (?:usually|always|get up|wake|go to bed|work from))\b/i,
  ],
  [
    "relationships",
    /^my (?:wife|husband|partner|son|daughter|mother|father|sister|brother|boss|manager|friend|team|colleague)\b/i,
  ],
  ["persona", /^(?:i|i['’]m|my|me)\b/i],
];
const ownersLabel =
  /^(?:(?:full |first |preferred |nick)?name|called|what to call (?:me|them)|pronouns?|time ?zone|birthday|born|age|location|city|country|languages?|job|role|profession|occupation|company|employer|e-?mail|phone|interests?|hobbies|notes?|background)\b[^:]{0,40}:\s*\S/i;
const isOwnersLabel = (text: string): boolean => ownersLabel.test(text) || /^(?:i|i['’]m|my)\b/i.test(text);

const sectionByWords = (text: string): PersonaSection | undefined =>
  spoken.find(([, words]) => words.test(text))?.[0] ?? (ownersLabel.test(text) ? "persona" : undefined);

/** A file's name as the heading of all of it: `USER.md` is about the user. */
const stemOf = (name: string): string => (name.split("/").at(-1) ?? "").replace(/\.[^.]*$/, "").replace(/[-_]+/g, " ");

/** Its lines stay, empty: numbers of lines are those of the file. */
const withoutFrontMatter = (text: string): string =>
  text.replace(/^\uFEFF?---[ \t]*\r?\n[\s\S]*?\r?\n---[ \t]*(?=\r?\n|$)/, (front) => front.replace(/[^\n]/g, ""));

/** Prose that goes on in the next line is one saying. */
function joined(entries: readonly Entry[]): Entry[] {
  const whole: Entry[] = [];
  for (const entry of entries) {
    const before = whole.at(-1);
    const goesOn = before && !before.isPoint && !entry.isPoint && entry.line === before.lastLine + 1;
    if (goesOn && !".!?:|".includes(before.text.slice(-1)) && /^\p{Ll}/u.test(entry.text)) {
      before.text += ` ${entry.text}`;
      before.lastLine = entry.lastLine;
    } else whole.push({ ...entry });
  }
  return whole;
}

const withoutBold = (text: string): string => text.replace(/(\*\*|__)(.+?)\1/g, "$2");

/** Without marks of Markdown around its words; a row of a table as its cells. */
function plainText(text: string): string {
  if (/^[\s|:=_*-]*$/.test(text)) return "";
  const row = /^\|(.*)\|$/.exec(text.trim())?.[1];
  const words =
    row === undefined
      ? text
      : row
          .split("|")
          .map((cell) => cell.trim())
          .filter(Boolean)
          .join(": ");
  return withoutBold(words)
    .replace(/\*(?=\S)([^*]*[^*\s])\*/g, "$1")
    .replace(/(?<![\p{L}\p{N}])_(?=\S)([^_]*[^_\s])_(?![\p{L}\p{N}])/gu, "$1")
    .replace(/^>\s*/, "")
    .replace(/\[([^[\]]*)\]\([^()]*\)/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
