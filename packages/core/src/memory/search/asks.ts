import { wholeWords } from "./whole-words.ts";

/** What kind of thing a question asks for, as far as its words say so. */
export type AskedKind = "when" | "duration" | "number" | "place" | "person" | "definition" | "latest" | "earliest";

const times =
  "week|weekend|month|year|night|spring|summer|autumn|fall|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday|name";

const patterns: Readonly<Record<AskedKind, RegExp>> = {
  when: wholeWords(
    "when|since when|what (?:date|day|month|year|time)|how long ago|wann|seit wann|an welchem tag|quand|depuis quand|cuándo|quando|desde quando",
  ),
  duration: wholeWords("how long|wie lange|combien de temps|cuánto tiempo|quanto tempo"),
  number: wholeWords(
    "how (?:many|much|often|old|far|big|tall|heavy)|number of|what (?:price|age|size|amount)|wie ?(?:viele?|oft|alt|hoch|gro(?:ß|ss)|weit|teuer)|" +
      "combien|quel âge|à quel prix|cuánt[oa]s?|qué edad|quant[oa]s?|que idade",
  ),
  place: wholeWords(
    "where|(?:which|what|in which|in what) (?:city|country|state|place|town|village|street|restaurant|hotel)|" +
      "wo|wohin|woher|in welche[rmns]? (?:stadt|land|ort)|où|d[’']où|dónde|adónde|onde|aonde",
  ),
  person: wholeWords("who|whose|whom|wer|wen|wem|wessen|qui|à qui|quién|quiénes|quem"),
  definition: wholeWords(
    "what(?:['’]s| is| are| was| does)|who(?:['’]s| is| are| was)|meaning of|define|remind me what|was (?:ist|sind|heißt|bedeutet)|wer (?:ist|sind|war)|" +
      "qu['’]est-ce que|c['’]est quoi|qui est|qué (?:es|son)|quién es|o que (?:é|são)|quem é",
  ),
  // "Last week" is a time, not the last one of a kind.
  latest: wholeWords(
    `last(?! (?:${times}))|latest|most recent(?:ly)?|newest|now|current(?:ly)?|these days|nowadays|` +
      "zuletzt|letzte[nmrs]? mal|zum letzten mal|jetzt|aktuell(?:e[nmrs]?)?|inzwischen|derzeit|neueste[nmrs]?|" +
      "(?:la )?dernière fois|maintenant|actuel(?:le)?s?|actuellement|(?:la )?última vez|ahora|actual(?:es|mente)?|agora|atual(?:mente)?",
  ),
  earliest: wholeWords(
    `first(?! (?:${times}|half))|earliest|original(?:ly)?|used to|to begin with|` +
      "erste[nmrs]?|allererste[nmrs]?|zuerst|anfangs|früher|ursprünglich|zum ersten mal|" +
      "premi(?:er|ère)s?|au début|primer[oa]?s?|al principio|primeir[oa]s?|no início",
  ),
};

const charactersMax = 4_000;

/** Any text is welcome; a question may ask for two things ("who came, and when?"). */
export function askedFor(question: string): ReadonlySet<AskedKind> {
  const read = question.slice(0, charactersMax);
  return new Set((Object.keys(patterns) as AskedKind[]).filter((asked) => patterns[asked].test(read)));
}

/** Whether the owner asks about themselves, and not about what an assistant told them. */
export function asksOfSelf(question: string): boolean {
  return self.test(question.slice(0, charactersMax)) && !asksOfAssistant(question);
}

/** Whether it asks what an assistant said before: "What did you recommend?", but not "Can you tell me …". */
export function asksOfAssistant(question: string): boolean {
  return ofAssistant.test(question.slice(0, charactersMax));
}

const self = wholeWords(
  "i|i['’](?:m|ve|d|ll)|my|mine|me|we|our|us|ich|mein(?:e[nmrs]?)?|mir|mich|wir|unser(?:e[nmrs]?)?|uns|je|j['’]|mon|ma|mes|moi|nous|notre|nos|yo|mi|mis|nosotr[oa]s|nuestr[oa]s?|eu|meus?|minhas?|nós|noss[oa]s?",
);
const ofAssistant = wholeWords(
  "(?:did|have|had) you|you(?:['’]ve)? (?:said|told|gave|given|recommended|suggested|wrote|written|mentioned|worked out)|" +
    "(?:hast|habt|haben) (?:du|ihr|sie) mir|du (?:mir )?(?:gesagt|empfohlen|geraten)|as-tu|avez-vous|tu m['’]as|vous m['’]avez|me dijiste|disseste",
);
