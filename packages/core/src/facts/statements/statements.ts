import { objectsOf } from "./objects.ts";
import { between, type Frame, frames, kin, traits } from "./predicates.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";

/** What a sentence says: its object stands in it word for word. */
export interface Statement {
  /** `I` for the writer; "my sister" for one that is given no name. */
  subject: string;
  predicate: string;
  object: string;
  /** It is so, it is not so, or it was so and is over. */
  holds: "yes" | "no" | "over";
  /** The writer speaks of themselves or of who is theirs; else of somebody by name. */
  isOwn: boolean;
  /** The words that say since when, as in "2019" or "March 2024". */
  since?: string;
  quote: string;
}

/** What a text states by the rules of a few verbs: of its writer, of who is the writer's, and of others by name. */
export function statementsIn(text: string): Statement[] {
  return sentencesOf(text).flatMap((sentence) => {
    const found = [...framed(sentence), ...relatives(sentence), ...ofMyself(sentence)];
    return distinct(found.filter(({ isOwn }) => !isOwn || !sentence.isOthers));
  });
}

const bothCases = (word: string): string => `[${word[0]?.toUpperCase()}${word[0]}]${word.slice(1)}`;
const lead = "yes|no|ja|nein|also|hi|hello|hallo|well|remember|note|fyi|today|heute";
const start = `(?<=^|[,;–—] |(?<!\\p{L})(?:and|but|so|und|aber|denn) |^(?:${lead.split("|").map(bothCases).join("|")})[,:]? )`;
const name = "\\p{Lu}[\\p{L}'’-]+(?: (?:\\p{Lu}[\\p{L}'’-]+|van|von|de|der|la))*?";
const nature =
  "(?:(?:best|old|older|elder|eldest|younger|youngest|little|big|twin|new|beste|älteste|ältere|jüngere|kleine|große|neue)[rn]? )?";
const kinWord = `(?:${[...kin.keys()].map(bothCases).join("|")})`;
const mine = `(?:[Mm]y|[Mm]eine?|[Mm]eine[rmn]) ${nature}`;
const negation = "(?:(?:do not|does not|don['’]t|doesn['’]t|am not|is not|isn['’]t|never|no longer|not|also|both) )?";

interface Pattern {
  frame: Frame;
  isOwn: boolean;
  pattern: RegExp;
}

const patterns: readonly Pattern[] = frames.flatMap((frame): Pattern[] => {
  const rest = frame.after === undefined ? "(?<rest>.+)" : `(?<rest>.{2,60}?) ${frame.after}(?!\\p{L})`;
  const of = (subject: string, verb: string) =>
    new RegExp(`${start}${subject}(?: |(?=['’]))(?<verb>${negation}(?:${verb})) ${rest}`, "u");
  const { own, other } = frame;
  return [
    ...(own ? [{ frame, isOwn: true, pattern: of("[Ii](?:ch)?", own) }] : []),
    // After a time or another word German puts the verb first: "Seit 2019 wohne ich in Ulm".
    ...(own?.includes(between)
      ? [
          {
            frame,
            isOwn: true,
            pattern: new RegExp(
              `^\\p{Lu}[\\p{L}\\d. ]{1,30} (?<verb>${own.replace(between, ` ich${between}`)}) ${rest}`,
              "u",
            ),
          },
        ]
      : []),
    ...(other ? [{ frame, isOwn: true, pattern: of(`${mine}(?<kin>${kinWord})(?: (?<who>${name}))?`, other) }] : []),
    ...(other ? [{ frame, isOwn: false, pattern: of(`(?<who>${name})`, other) }] : []),
  ];
});

function framed(sentence: Sentence): Statement[] {
  const found: Statement[] = [];
  for (const { frame, isOwn, pattern } of patterns) {
    const { kin: kinTold, who, verb = "", rest = "" } = pattern.exec(sentence.text)?.groups ?? {};
    if (rest === "" || (who !== undefined && isNoName(who, isOwn))) continue;
    const subject = who ?? (kinTold === undefined ? "I" : `my ${kinOf(kinTold)}`);
    const holds = howFar(sentence.text, `${verb} ${rest.split(/[,;:]| but | aber /)[0]}`);
    const objects = objectsOf(rest, frame.object);
    found.push(
      ...objects.map((object) => made(sentence, { subject, predicate: frame.predicate, object, holds, isOwn })),
    );
    if (objects.length > 0 && kinTold !== undefined && who !== undefined) found.push(relative(sentence, who, kinTold));
  }
  return found;
}

/** "my sister Ana", "my dog is called Rex", "Ich habe einen Hund namens Rex": whose they are, not what they do. */
function relatives(sentence: Sentence): Statement[] {
  return relativePatterns.flatMap((pattern) =>
    [...sentence.text.matchAll(pattern)].flatMap(({ groups: { kin: kinTold = "", who = "" } = {} }) =>
      isNoName(who, true) ? [] : [relative(sentence, who, kinTold)],
    ),
  );
}

const whole = "(?=$|[,;:)]|['’]s|\\s\\p{Ll}|\\s\\d)";
const relativePatterns: readonly RegExp[] = [
  // German writes every noun with a capital, so that two of them side by side say less.
  `(?<!\\p{L})[Mm]y ${nature}(?<kin>${kinWord}),? (?<who>${name})${whole}`,
  `(?<!\\p{L})${mine}(?<kin>${kinWord}) (?:is|was) (?:called|named) (?<who>${name})${whole}`,
  `(?<!\\p{L})[Mm]y ${nature}(?<kin>${kinWord})['’]s name is (?<who>${name})${whole}`,
  `(?<!\\p{L})${mine}(?<kin>${kinWord}) heißt (?<who>${name})${whole}`,
  `${start}I have an? ${nature}(?<kin>${kinWord}),? (?:called|named) (?<who>${name})${whole}`,
  `${start}[Ii]ch habe eine[nr]? ${nature}(?<kin>${kinWord}) namens (?<who>${name})${whole}`,
].map((pattern) => new RegExp(pattern, "gu"));

const relative = (sentence: Sentence, who: string, kinTold: string): Statement =>
  made(sentence, { subject: who, predicate: `${kinOf(kinTold)}-of`, object: "I", holds: "yes", isOwn: true });

const kinOf = (word: string): string => kin.get(word.toLowerCase()) ?? word.toLowerCase();

/** What "my" and "I am" tell of the writer beside verbs. */
function ofMyself(sentence: Sentence): Statement[] {
  return selfPatterns.flatMap(([predicate, pattern, kind]) => {
    const { verb = "", rest = "", what } = pattern.exec(sentence.text)?.groups ?? {};
    if (rest === "") return [];
    const holds = howFar(sentence.text, `${verb} ${rest}`);
    const about = what === undefined ? predicate : `${predicate}-${slug(what)}`;
    return objectsOf(rest, kind).map((object) =>
      made(sentence, { subject: "I", predicate: about, object, holds, isOwn: true }),
    );
  });
}

const selfPatterns: readonly (readonly [predicate: string, pattern: RegExp, kind: Frame["object"]])[] = (
  [
    [
      "is",
      `${start}I(?: am|['’]m) (?<verb>(?:not |no longer |now |also )?)(?:an? )?(?<rest>${traits})(?!\\p{L})`,
      "noun",
    ],
    [
      "is",
      `${start}[Ii]ch bin (?<verb>(?:nicht |nicht mehr |jetzt |keine? |auch )?)(?<rest>${traits})(?!\\p{L})`,
      "noun",
    ],
    ["name", `${start}[Mm]y name is (?<rest>.+)`, "name"],
    ["name", `${start}[Ii]ch heiße (?<rest>.+)`, "name"],
    ["birthday", `${start}[Mm](?:y birthday is|ein Geburtstag ist)(?: on| am)? (?<rest>.+)`, "day"],
    ["favourite", `${start}[Mm]y favou?rite (?<what>\\p{L}+) is (?<rest>.+)`, "noun"],
    ["favourite", `${start}[Mm]eine? Lieblings(?<what>\\p{L}+) ist (?<rest>.+)`, "noun"],
    [
      "phone",
      `${start}[Mm](?:y (?:new )?(?:phone|mobile|cell)(?: number)? is|eine (?:neue )?(?:Handy|Telefon)nummer ist) (?<rest>.+)`,
      "day",
    ],
  ] as const
).map(([predicate, pattern, kind]) => [predicate, new RegExp(pattern, "u"), kind]);

const slug = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/[^a-z]/g, "");

/** Whether words deny what they say. */
export const isDenied = (words: string): boolean => negating.test(words) || over.test(words);

/** Whether it holds: what negates stands in its own clause, what puts it into the past anywhere in the sentence. */
function howFar(sentence: string, clause: string): Statement["holds"] {
  if (past.test(sentence) || over.test(clause)) return "over";
  // "I cannot stand olives" denies nothing.
  return negating.test(clause.replace(/can(?:['’]t|not) stand/, "")) ? "no" : "yes";
}

const past =
  /(?<!\p{L})(?:used to|back then|as a (?:child|kid|student|teenager)|when I was|years ago|formerly|once upon|until \d{4}|in the past|früher|damals|als Kind|als ich|bis \d{4}|vor \p{L}+ Jahren)(?!\p{L})/iu;
const over = /(?<!\p{L})(?:no longer|any ?more|nicht mehr|nicht länger)(?!\p{L})/iu;
const negating = /(?<!\p{L})(?:not|never|nobody|nicht|nie|niemals|keine?|keine[nrms])(?!\p{L})|n['’]t(?!\p{L})/iu;

/** Days, months and small words that begin with a capital are nobody; "My sister lives …" is told with "my". */
const isNoName = (who: string, isOwn: boolean): boolean => noNames.test(who) || (!isOwn && who.length < 2);
const noNames =
  /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|januar|februar|märz|mai|juni|juli|oktober|dezember|he|she|it|we|they|you|who|this|that|there|i|ich|everyone|nobody|somebody|someone|my|his|her|our|their|the|er|sie|es|wir|ihr|wer|das|jeder|niemand|jemand|man|mein\p{L}*|sein\p{L}*|unser\p{L}*|die|der)(?!\p{L})/iu;

function made({ text }: Sentence, said: Omit<Statement, "quote" | "since">): Statement {
  const [, since] = sinceWords.exec(text) ?? [];
  return { ...said, ...(since !== undefined && { since }), quote: text };
}

const sinceWords = /(?<!\p{L})(?:since|seit(?: dem)?) ((?:\d{1,2}\.? )?(?:\p{Lu}\p{L}+ )?\d{4})(?!\d)/iu;

function distinct(statements: readonly Statement[]): Statement[] {
  const key = ({ subject, predicate, object }: Statement) => JSON.stringify([subject, predicate, object]);
  return [...new Map(statements.toReversed().map((each) => [key(each), each])).values()].reverse();
}
