import { wordsIn, wordsOfName } from "./kinds.ts";
import type { WordsOf } from "./owner-words.ts";
import { withoutNames } from "./quotations.ts";

/**
 * Words that people have for what cannot be undone, by its kind. Two words with "…" between them belong together: "throw
 * it away".
 */
const kinds: readonly (readonly string[])[] = [
  [
    ...["delete", "remove", "erase", "discard", "drop", "trash", "clear", "wipe", "purge", "destroy", "bin", "scrap"],
    ...["tidy", "clean", "empty", "forget", "uninstall", "deinstall", "prune", "kick", "expel", "unfriend", "shred"],
    ...["throw…away", "throw…out", "get…rid", "take…out", "take…off", "take…down", "put…trash", "cross…off"],
  ],
  ["cancel", "abort", "drop", "skip", "annul", "call…off", "withdraw", "unbook", "delete", "remove", "clear"],
  ["close", "shut", "resolve", "finish", "complete", "end", "terminate", "lock"],
  ["return", "refund", "reimburse", "repay", "pay…back", "send…back", "give…back", "bring…back", "take…back"],
  ["leave", "quit", "exit", "unsubscribe", "part", "resign", "sign…out", "get…out"],
  ["revoke", "withdraw", "unshare", "remove", "block", "ban", "disable", "deny", "take…away", "stop…sharing"],
  ["transfer", "move", "hand…over", "give", "pass…on", "sign…over", "assign", "migrate"],
  ["archive", "shelve", "put…away", "file…away"],
  ["add", "invite", "append", "include", "put", "attach", "enter"],
  [
    ...["change", "update", "adjust", "set", "edit", "modify", "correct", "rename", "reset", "replace", "revise"],
    ...["fix", "amend", "alter", "overwrite", "raise", "lower", "increase", "reduce", "renew", "rotate", "switch"],
  ],
  ["reschedule", "move", "postpone", "shift", "delay", "put…off", "push…back", "bring…forward", "change"],
  ["switch", "turn", "toggle", "activate", "deactivate", "enable", "disable", "start", "stop", "shut"],
  ["merge", "combine", "unite", "join"],
  [
    ...["create", "make", "schedule", "plan", "arrange", "organise", "organize", "book", "prepare", "start", "open"],
    ...["draft", "compose", "set…up", "put…down"],
  ],
  ["restore", "roll…back", "revert", "undo"],
];

const irregular: Readonly<Record<string, readonly string[]>> = {
  ...{ throw: ["threw", "thrown"], get: ["got", "getting"], take: ["took", "taken"], give: ["gave", "given"] },
  ...{ leave: ["left"], send: ["sent"], bring: ["brought"], forget: ["forgot", "forgotten"], shut: ["shutting"] },
};

/** How a verb is written in sentences: "cancel", "cancelled", "cancelling". */
export function formsOf(verb: string): string[] {
  const stem = verb.replace(/e$/, "");
  const doubled = verb + verb.slice(-1);
  const endings = [`${verb}s`, `${verb}es`, `${stem}ed`, `${stem}ing`, `${doubled}ed`, `${doubled}ing`];
  return [
    verb,
    ...endings,
    ...(/[^aeiou]y$/.test(verb) ? [`${verb.slice(0, -1)}ied`] : []),
    ...(irregular[verb] ?? []),
  ];
}

interface Phrase {
  forms: ReadonlySet<string>;
  /** What follows within a few words. */
  then?: string;
}

const phraseOf = (text: string): Phrase => {
  const [verb = "", then] = text.split("…");
  return { forms: new Set(formsOf(verb)), ...(then !== undefined && { then }) };
};

/** Words by which somebody asks for something. */
export class RequestWords {
  readonly #words: readonly string[];

  constructor(text: string, by: WordsOf) {
    // What a program says stands in quotation marks.
    this.#words = wordsIn(by === "program" ? text : withoutNames(text));
  }

  /** Whether there is a word of the kind of these verbs. What is no verb of any kind is looked for as it is. */
  askFor(verbs: readonly string[]): boolean {
    const wanted = verbs.map((verb) => verb.toLowerCase());
    const known = kinds.filter((kind) => wanted.some((verb) => kind.includes(verb)));
    const [first] = wanted;
    const phrases = known.length > 0 ? known.flat() : [...(kinds[0] ?? []), ...(first === undefined ? [] : [first])];
    return phrases.map(phraseOf).some((phrase) => this.#has(phrase));
  }

  /** Whether this very verb is among them, in whatever form; "remove … star" says "unstar". */
  say(verb: string): boolean {
    if (this.#has(phraseOf(verb))) return true;
    const [, undone] = /^un(\p{L}{3,})$/u.exec(verb) ?? [];
    return undone !== undefined && this.#has(phraseOf(undone)) && this.askFor(["remove"]);
  }

  /** Whether a thing is spoken of: as several, or in whatever number. */
  speakOf(noun: string, number: "several" | "any"): boolean {
    const [one, several] =
      /(?:[^aeiou]y|s)$/u.test(noun) && !noun.endsWith("ss") ? numbersOf(noun) : [noun, [`${noun}s`, `${noun}es`]];
    return this.#words.some((word) => several.includes(word) || (number === "any" && word === one));
  }

  #has({ forms, then }: Phrase): boolean {
    return this.#words.some((word, at) => {
      if (!forms.has(word) || this.#words.slice(Math.max(0, at - 2), at).some((before) => negations.has(before)))
        return false;
      return then === undefined || this.#words.slice(at + 1, at + 9).includes(then);
    });
  }
}

const requests = new Set(
  `send tell share mail write read summarise summarize show copy post put make create book order buy pay find check look list
  forward reply answer ask let give remind note print translate draft schedule plan compare count save download upload open
  push publish sort search visit star follow watch play call describe explain review report use try see get take
  keep log sign submit fill install run test build verify accept record transfer update`
    .split(/\s+/)
    .concat(kinds.flat().filter((verb) => !verb.includes("…"))),
);

/** Whether a word, in lower case, is one by which somebody asks for something at the beginning of a sentence. */
export const isVerb = (word: string): boolean => requests.has(word);

/** A noun as one and as several, whichever way it is given. */
function numbersOf(noun: string): [one: string, several: string[]] {
  if (noun.endsWith("y")) return [noun, [`${noun.slice(0, -1)}ies`]];
  if (noun.endsWith("ies")) return [`${noun.slice(0, -3)}y`, [noun]];
  return [noun.slice(0, -1), [noun]];
}

export const negations = new Set(["not", "never", "t", "without", "cannot", "dont"]);

/** The verbs of a skill that declares none: the words of the last part of its name, `files.delete` or `git_delete_repo`. */
export const verbsIn = (name: string): string[] => wordsOfName(name.split(/[./:]/).at(-1) ?? name);
