import { type Language, languageIn } from "../search/function-words.ts";
import { pastForms } from "../search/verb-forms.ts";
import { wholeWords } from "../search/whole-words.ts";

const pronoun = "(?:i|we|you|he|she|it|they) ";
/** "Is it called", "what are the twins named" are of now. */
const ofNow = `(?<!(?:is|are|am|['’]s|['’]re) (?:${pronoun}|(?:(?!${pronoun})[\\p{L}'’]+ ){1,3})?)`;
/** Not "need", "hundred". */
const regular = "agreed|freed|\\p{L}{3,}(?<!e)(?<!hundr|sacr|nak|hatr|infrar|wick|kindr)ed";
const haben = "(?:hab(?:e|en|t)?|hast|hat|bin|bist|ist|sind|seid|war(?:en)?|wurden?)";
/** Begin as a participle does, and are none. */
const nouns = "ge(?:halt|richt|wicht|schäft|biet|sicht|dicht|burt|rät|schenk)(?:e|en|s)?(?!\\p{L})";
const prefix = "(?:ab|an|auf|aus|bei|ein|her|hin|los|mit|nach|um|vor|weg|zu|zurück)";
const avoir = "(?:a|ai|as|avons|avez|ont)";

/** What tells of what is over, by language: a word of one is another word in the next one ("a visit", "war museum"). */
const past: Readonly<Record<Language, RegExp>> = {
  en: wholeWords(`was|were|${ofNow}(?:${pastForms.join("|")}|${regular})`),
  de: wholeWords(
    "war(?:en|st)?|hatte(?:st|n)?|wurden?|hie(?:ß|ss?)(?:en)?|kosteten?|gab|kam|ging|bekam|" +
      // "Gehört" alone is of now.
      `(?<=(?<!\\p{L})${haben} .{0,80})(?!${nouns})(?:${prefix}?ge\\p{L}{3,}(?:t|en)|(?:be|ver|er|ent|zer)\\p{L}{3,}t)`,
  ),
  fr: wholeWords(
    "étai(?:s|t|ent)|avai(?:s|t|ent)|" +
      `${avoir}(?:-t)?(?:[ -](?:je|tu|il|elle|on|nous|vous|ils|elles))? (?:pas |déjà |jamais )?(?!(?:du|au|lieu|peu)(?!\\p{L}))\\p{L}+(?:ée?s?|u|ue|is|it)|` +
      "(?:suis|es|est|sommes|êtes|sont) (?!(?:du|au|bleu)(?!\\p{L}))\\p{L}+(?:ée?s?|ue?s?)",
  ),
  es: wholeWords("fu(?:e|i|eron)|era[ns]?|había[ns]?|\\p{L}{2,}(?:ió|ó|aron|ieron)|pagué|compré"),
  pt: wholeWords(
    "foi|foram|fui|tinham?|era[ms]?|(?!estou(?!\\p{L}))\\p{L}{3,}(?:ou|iu|(?<!mus)eu|aram|eram|iram)|paguei|comprei",
  ),
};

/** Whether a question asks about what is over. One without a function word may be in any language. */
export function asksOfPast(question: string): boolean {
  const language = languageIn(question);
  return language === undefined
    ? Object.values(past).some((each) => each.test(question))
    : past[language].test(question);
}
