import type { Entity } from "@mh/contract/values/memory.ts";
import { type KnownNames, knownAt } from "./known-names.ts";
import type { Names } from "./names.ts";
import { ofAllScripts } from "./scripts.ts";
import type { Token } from "./tokens.ts";
import * as lists from "./word-lists.ts";

const entitiesMax = 64;

/** Who and what a text names, in the order told, each once: links and mentions, known people, capitalised phrases. */
export function entitiesOf(text: string, tokens: readonly Token[], known: KnownNames, names: Names): Entity[] {
  const found = [...linked(text, known, names), ...spoken(tokens, known, names)];
  const byKey = new Map<string, Entity>();
  for (const entity of found) if (!byKey.has(entity.name.toLowerCase())) byKey.set(entity.name.toLowerCase(), entity);
  return [...byKey.values()].slice(0, entitiesMax);
}

/** `[[Page]]`, `[[folder/Page#part|words]]` and `@name`. */
function linked(text: string, known: KnownNames, names: Names): Entity[] {
  const pages = [...text.matchAll(wikiLink)].flatMap(([, target = ""]) => {
    const name = target.slice(target.lastIndexOf("/") + 1).trim();
    if (name === "" || /^[\d\s_.-]+$/.test(name)) return [];
    return [{ name, kind: known.names.has(name.toLowerCase()) ? ("person" as const) : names.kindOf(name) }];
  });
  const mentions = [...text.matchAll(mention(text))].map(([, name = ""]) => {
    return { name: known.names.get(name.toLowerCase()) ?? name, kind: "person" as const };
  });
  return [...pages, ...mentions];
}

const wikiLink = /\[\[([^[\]|#\n]{1,200})(?:#[^[\]|\n]{0,200})?(?:\|[^[\]\n]{0,200})?\]\]/g;
const mention = ofAllScripts(/(?<![\p{L}\p{N}_.@/+-])@([\p{L}_][\p{L}\p{N}_-]{1,38})(?![\p{L}\p{N}@])/gu);

function spoken(tokens: readonly Token[], known: KnownNames, names: Names): Entity[] {
  const isHeadline = tellsNothingByCase(tokens);
  const found: Entity[] = [];
  const keys = new Set<string>();
  // What is found beyond is not kept, and a dictionary is asked for each.
  for (let at = 0; at < tokens.length && keys.size < entitiesMax; ) {
    const person = knownAt(known, tokens, at, names);
    const run = person ?? runAt(tokens, at, known, names, isHeadline);
    const named: Entity[] = person !== undefined ? [{ name: person.name, kind: "person" }] : [];
    if (run !== undefined && person === undefined) named.push(...entityOf(tokens, at, run.length, names));
    for (const { name } of named) keys.add(name.toLowerCase());
    found.push(...named);
    at += run?.length ?? 1;
  }
  return found;
}

/** In a shouted or title-cased text a capital says nothing, so only listed names count. */
function tellsNothingByCase(tokens: readonly Token[]): boolean {
  const words = tokens.filter(({ text }) => text.length > 1);
  return words.length >= 5 && words.filter(({ isCapital }) => isCapital).length > words.length * 0.7;
}

/** How many tokens from here on form one capitalised phrase. */
function runAt(tokens: readonly Token[], at: number, known: KnownNames, names: Names, isHeadline: boolean) {
  const tells = (token: Token | undefined) => token?.isCapital === true && (!isHeadline || names.isName(token.lower));
  const first = tokens[at];
  if (first === undefined) return undefined;
  if (!tells(first)) return isUncapitalised(first, tokens[at - 1], names) ? { length: 1 } : undefined;
  let length = 1;
  for (;;) {
    const next = tokens[at + length];
    const afterNext = tokens[at + length + 1];
    if (next === undefined || !joins(next) || knownAt(known, tokens, at + length, names) !== undefined) break;
    if (tells(next)) length += 1;
    else if (lists.connectors.has(next.lower) && tells(afterNext) && afterNext && joins(afterNext)) length += 2;
    else break;
  }
  return { length };
}

/** "iPhone"; and people who write quickly write small: "lunch with sarah". */
function isUncapitalised(token: Token, before: Token | undefined, names: Names): boolean {
  if (token.isCapital) return false;
  return (
    token.isMixed || (before !== undefined && lists.personCues.has(before.lower) && names.isFirstName(token.lower))
  );
}

const joins = (token: Token) => token.gap === " " || (token.gap === ". " && !token.startsSentence);

function entityOf(tokens: readonly Token[], start: number, length: number, names: Names): Entity[] {
  const run = trimmed(tokens.slice(start, start + length), names);
  const from = start + length - run.length;
  const [first] = run;
  if (first === undefined || run.length > 6 || isShouted(run, names)) return [];
  if (run.length === 1 && !standsAlone(tokens, start + length - 1, names)) return [];
  const phrase = textOf(run);
  if (!first.isCapital && !first.isMixed)
    return [{ name: phrase.charAt(0).toUpperCase() + phrase.slice(1), kind: "person" }];
  const kind = kindIn(tokens, from, run.length, names);
  if (!first.isAcronym || run.length > 1 || kind === "place") return [{ name: phrase, kind }];
  const nouns = followingNouns(tokens, from + 1, first.text, names);
  return [nouns.length === 0 ? { name: phrase, kind } : { name: `${phrase} ${nouns.join(" ")}`, kind: "thing" }];
}

/** The run without greetings, articles and other words that are capitalised only because a sentence begins. */
function trimmed(run: readonly Token[], names: Names): Token[] {
  const start = run.findIndex((token, i) => {
    if (lists.honorifics.has(token.lower) && run.length > i + 1) return true;
    if (lists.leadingWords.has(token.lower) || lists.neverNames.has(token.lower)) return false;
    return !opensSentenceOnly(run, i, names);
  });
  const end = run.findLastIndex(({ lower }) => !lists.neverNames.has(lower));
  return start === -1 ? [] : run.slice(start, end + 1);
}

/** "Painting Sarah's wall", "Yippee Clara": the first word of a sentence, before a name it is no part of. */
function opensSentenceOnly(run: readonly Token[], at: number, names: Names): boolean {
  const token = run[at];
  const next = run[at + 1];
  if (token === undefined || next === undefined || !token.startsSentence) return false;
  if (token.isAcronym || names.isName(token.lower) || names.kindOf(textOf(run.slice(at))) === "person") return false;
  return names.isWord(token.lower) || names.isName(next.lower);
}

/** "SO LOUD": capitals for loudness. */
function isShouted(run: readonly Token[], names: Names): boolean {
  const areLoud = run.every(({ text }) => text.length > 1 && text === text.toUpperCase());
  return areLoud && run.length > 1 && run.some(({ lower }) => names.isWord(lower));
}

const number = ofAllScripts(/^\p{N}/u);
const possessiveOrCapitals = ofAllScripts(/['’]|^\p{Lu}+$/u);

/** One capital word is a name if a list says so; else only inside a sentence, where nothing but a name has a capital. */
function standsAlone(tokens: readonly Token[], at: number, names: Names): boolean {
  const token = tokens[at];
  if (token === undefined || token.text.length < 2 || number(token.text).test(token.text)) return false;
  if (names.isName(token.lower) || token.isAcronym || token.isMixed || !token.isCapital) return true;
  if (possessiveOrCapitals(token.text).test(token.text)) return false;
  if (!token.startsSentence || lists.personVerbs.has(tokens[at + 1]?.lower ?? ""))
    return !isOrdinaryStart(token, names);
  return tokens.some(({ text, startsSentence }) => text === token.text && !startsSentence);
}

/** "Mentor said": an ordinary word that begins a sentence is no name, whatever verb follows. */
const isOrdinaryStart = (token: Token, names: Names) => token.startsSentence && names.isWord(token.lower);

/** What compromise makes of the phrase; where it knows nothing, what stands around it. */
function kindIn(tokens: readonly Token[], start: number, length: number, names: Names): Entity["kind"] {
  const run = tokens.slice(start, start + length);
  const kind = names.kindOf(textOf(run));
  if (kind !== "thing" || run.some(({ isAcronym, isMixed }) => isAcronym || isMixed)) return kind;
  const before = tokens[start - 1]?.lower ?? "";
  if (length <= 3 && lists.personCues.has(before)) return "person";
  if (lists.personVerbs.has(tokens[start + length]?.lower ?? "")) return "person";
  const beforeThat = tokens[start - 2]?.lower ?? "";
  return lists.placeCues.has(before) || (before === "to" && lists.placeCues.has(beforeThat)) ? "place" : "thing";
}

/** At most two nouns right after an acronym belong to it: "ML project", "NASA launch crew". */
function followingNouns(tokens: readonly Token[], start: number, acronym: string, names: Names): string[] {
  const after: string[] = [];
  for (const token of tokens.slice(start, start + 3)) {
    if (token.gap !== " " || token.isCapital || lists.leadingWords.has(token.lower)) break;
    after.push(token.text);
  }
  return after.length === 0 ? [] : after.slice(0, Math.min(2, names.nounsAfter(acronym, after)));
}

function textOf(run: readonly Token[]): string {
  return run.map(({ text, gap }, i) => (i === 0 ? text : `${gap}${text}`)).join("");
}
