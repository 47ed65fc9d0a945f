import type { Action, Condition } from "@mh/contract/standing.ts";
import { plainSentence } from "../model/plain-sentence.ts";

/** What a sentence says is to be done, and when. */
export interface Spoken {
  condition: Condition;
  action: Action;
}

/** The two halves of a sentence, as they stand there. */
export interface Halves {
  when: string;
  does: string;
}

/**
 * Parts a sentence that begins with when, or ends with it; undefined where it says nothing that is to be done when
 * something comes. English and German.
 */
export function halvesOf(sentence: string): Halves | undefined {
  const text = plainSentence(sentence);
  const [, when = "", does = ""] = whenFirst.exec(text) ?? [];
  if (does !== "") return isMoment(when) ? { when: when.trim(), does: does.trim() } : undefined;
  const [, first = "", then = ""] = doesFirst.exec(text) ?? [];
  return then === "" || !isMoment(then) ? undefined : { when: then.trim(), does: first.trim() };
}

const verbs =
  "(?:please )?(?:remind me|tell me|let me know|notify me|add (?:a |the )?task|(?:bitte )?erinner[en]? mich)";
/** What comes again, or may. */
const comes = "when(?:ever)?|if|every time|each time|as soon as|every|each|wenn|sobald|immer wenn|jeden|jede";
const starts = `${comes}|before|on|at|in|today|tomorrow|tonight|this|next|heute|morgen|übermorgen|\\d+ (?:minutes?|hours?|days?) before|bevor|um|am`;
const whenFirst = new RegExp(
  `^((?:${starts})(?![\\p{L}\\p{N}]).*?)[,;:]? (?:then |dann )?(${verbs}(?![\\p{L}\\p{N}]).+)$`,
  "iu",
);
// "Tell me what I said before the meeting" is a question.
const remindFirm = "(?:please )?(?:remind me (?:of|about|to|that)|(?:bitte )?erinner[en]? mich (?:an|daran,?|dass))";
// A task with a day is due then, and waits for nothing.
const taskFirm = "(?:please )?add (?:a |the )?task:?";
const isNext = (words: string) => `(?=,? (?:${words})(?![\\p{L}\\p{N}]))`;
const doesFirst = new RegExp(
  `^(${remindFirm} .+?${isNext(starts)}|${taskFirm} .+?${isNext(comes)}),? ((?:${starts})(?![\\p{L}\\p{N}]).*)$`,
  "iu",
);

const isMoment = (when: string): boolean => new RegExp(`^(?:${starts})(?![\\p{L}\\p{N}])`, "iu").test(when.trim());

/** What is done. Undefined where it is nothing that a standing intent can do. */
export function actionOf(does: string): Action | undefined {
  const task = /^(?:please )?add (?:a |the )?task:? (.+)$/iu.exec(does)?.[1];
  if (task !== undefined) return { type: "task", text: unquoted(task) };
  const remind = reminders.map((form) => form.exec(does)?.[1]).find((text) => text !== undefined);
  return remind === undefined ? undefined : { type: "remind", text: unquoted(remind) };
}

const reminders = [
  /^(?:please )?remind me (?:of |about |that )?(.+)$/iu,
  /^(?:please )?(?:tell me|let me know|notify me) ?(?:of |about |that )?(.+)$/iu,
  /^(?:bitte )?erinner[en]? mich (?:bitte )?(?:an |daran,? |dass )?(.+)$/iu,
];

const unquoted = (text: string): string => text.trim().replace(/^["“'„«](.+)["”'“»]$/u, "$1");

const defaultMinutes = 60;

/** Whether what is said first is asked: "tell me what I did". */
export const isAsked = (does: string): boolean =>
  /^(?:please )?(?:remind me|tell me|let me know|notify me) (?:what|who|whom|whose|when|where|why|how|which|whether|if)(?!\p{L})/iu.test(
    does,
  );

/** What a condition says, but for times that only a calendar can read: `time` gives these their words back. */
export function conditionOf(when: string): Condition | { type: "words"; time: string } | undefined {
  const text = plainSentence(when);
  return (
    exactTime(text) ??
    timesOf(text) ??
    ofEvent(text) ??
    ofMail(bare(text)) ??
    ofTask(bare(text)) ??
    ofMemory(bare(text)) ??
    ofTime(text)
  );
}

/** As `timeText` writes it. */
function exactTime(text: string): Condition | undefined {
  const at = /^at (\d{4}-\d{2}-\d{2}T\d{2}:\d{2})$/iu.exec(text)?.[1];
  return at === undefined ? undefined : { type: "time", at };
}

/** How a time stands in a sentence that is kept. */
export const timeText = (at: string): string => `At ${at}`;

const bare = (text: string): string =>
  text.replace(/^(?:when(?:ever)?|if|every time|each time|as soon as|wenn|sobald|immer wenn) (?:that )?/iu, "");

type Read = (...found: string[]) => Condition;
const reading = (forms: readonly (readonly [RegExp, Read])[]) => (text: string) => {
  for (const [form, read] of forms) {
    const found = form.exec(text);
    if (found) return read(...found.slice(1).map((each = "") => unquoted(each)));
  }
  return undefined;
};

const mail: Read = (who = "", about = "") => ({ type: "mail", who, ...(about && { about }) });
const ofMail = reading([
  [/^I (?:get|receive|have) (?:a |an |new )?(?:e-?)?mails? from (.+?)(?: (?:about|on) (.+))?$/iu, mail],
  [
    /^(?:a |an |any |new )?(?:e-?)?mails? (?:comes? |arrives? )?from (.+?)(?: (?:comes?|arrives?))?(?: (?:about|on) (.+))?$/iu,
    mail,
  ],
  [
    /^(.+?) (?:writes|mails|e-?mails|answers|replies)(?: (?:to )?me)?(?: (?:back|again))?(?: (?:about|on) (.+))?$/iu,
    mail,
  ],
  [/^(?:eine? )?(?:e-?)?mail von (.+?) (?:kommt|da ist)$/iu, mail],
  [/^(.+?) (?:mir )?(?:wegen (.+) )?(?:schreibt|mailt|antwortet)$/iu, mail],
]);

const task: Read = (title = "") => ({ type: "task", title });
const ofTask = reading([
  [/^(?:the )?task (.+) is (?:done|finished|over)$/iu, task],
  [/^I (?:finish|complete|have done|am done with) (?:the )?(?:task )?(.+)$/iu, task],
  [/^(.+) is (?:done|finished)$/iu, task],
  [/^(?:die aufgabe )?(.+) (?:erledigt|fertig) ist$/iu, task],
]);

const memory: Read = (about = "") => ({ type: "memory", about });
const ofMemory = reading([
  [/^I (?:note|capture|mention|write down|write|say) (?:something |anything )?(?:about |of )?(.+)$/iu, memory],
  [/^(?:something |anything )?(?:about )?(.+?) (?:comes up|is mentioned|is noted|is captured)$/iu, memory],
  [/^ich (?:etwas )?(?:über )?(.+) (?:notiere|erwähne)$/iu, memory],
]);

function ofEvent(text: string): Condition | undefined {
  const [, count, unit = "", who] = before.exec(text) ?? [];
  if (who === undefined) return undefined;
  const minutes = count === undefined ? defaultMinutes : Number(count) * unitMinutes(unit);
  return { type: "event", who: unquoted(who.replace(/^(?:the|my|a|an) /iu, "")), minutes };
}
const met =
  "(?:I (?:meet|see|talk to|call|have (?:a |an |the )?(?:meeting|call|appointment|lunch|dinner) with)|(?:a |an |the |my )?(?:next )?(?:meetings?|calls?|appointments?|events?) with|ich(?=.+ (?:treffe|sehe)$)) ";
const before = new RegExp(
  `^(?:(\\d{1,3}) (minutes?|hours?|days?) )?(?:before|bevor) (?:${met})?(?!(?:I|we|you|it|he|she|they|ich|wir|du|es)\\b)(.+?)(?: treffe| sehe| begins| starts)?$`,
  "iu",
);
const unitMinutes = (unit: string): number => (/^d/iu.test(unit) ? 1440 : /^h/iu.test(unit) ? 60 : 1);

const weekdays: Readonly<Record<string, string>> = {
  ...{ day: "*", morning: "*", evening: "*", weekday: "1-5", "working day": "1-5", weekend: "6,0" },
  ...{ sunday: "0", monday: "1", tuesday: "2", wednesday: "3", thursday: "4", friday: "5", saturday: "6" },
  ...{ tag: "*", sonntag: "0", montag: "1", dienstag: "2", mittwoch: "3", donnerstag: "4", freitag: "5", samstag: "6" },
};
const usualHours: Readonly<Record<string, number>> = { morning: 8, evening: 19 };
const usualHour = 9;

/** "every friday at 16:00", "every day", "jeden Montag um 9 Uhr". */
function timesOf(text: string): Condition | undefined {
  const [, name = "", hour, minute = "0", half] =
    /^(?:every|each|on every|jeden|jede) ([a-z]+(?: day)?)(?: (?:at|um) (\d{1,2})(?::(\d{2}))? ?([ap]m)?(?: ?uhr)?)?$/iu.exec(
      text,
    ) ?? [];
  const key = name.toLowerCase();
  const days = weekdays[key] ?? weekdays[key.replace(/s$/, "")];
  if (days === undefined) return undefined;
  const told = hour === undefined ? (usualHours[key] ?? usualHour) : Number(hour);
  const at = half === undefined ? told : (told % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  if (at > 23 || Number(minute) > 59) return undefined;
  return { type: "times", cron: `${Number(minute)} ${at} * * ${days}` };
}

/** Other words that may name a time: a calendar reads them. */
function ofTime(text: string): { type: "words"; time: string } | undefined {
  const time = /^(?:when it is |when it's |if it is |wenn es )?(.+?)(?: ist)?$/iu.exec(text)?.[1];
  return time === undefined || /^(?:when|whenever|if|wenn|sobald|before|bevor)\b/iu.test(time)
    ? undefined
    : { type: "words", time };
}

/** A sentence as it is kept, read back: times in it are written out. */
export function spokenOf(text: string): Spoken | undefined {
  const halves = halvesOf(text);
  const condition = halves && conditionOf(halves.when);
  const action = halves && actionOf(halves.does);
  return condition && condition.type !== "words" && action ? { condition, action } : undefined;
}
