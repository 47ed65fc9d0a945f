import { withoutEnd } from "../../model/plain-sentence.ts";

/** A sentence in which the writer states something, as it stands in the text. */
export interface Sentence {
  text: string;
  /** A line before it or its own begins with a speaker ("Ana: …", "Ana wrote:"), so that "I" may be somebody else. */
  isOthers: boolean;
}

const charactersMax = 32_768;
const sentenceCharsMax = 400;

/**
 * The sentences of a text in which its writer states something as so. Left out are questions, quotations, code, quoted lines of
 * mails, what is only thought, wished, reported or still to come.
 */
export function sentencesOf(text: string): Sentence[] {
  return spokenSentences(text).filter(({ text: sentence }) => isStated(sentence));
}

/** The sentences of a text, without its headings and what it quotes of mails; of quotations in them a mark is left. */
export function spokenSentences(text: string): Sentence[] {
  const found: Sentence[] = [];
  let isOthers = false;
  for (const line of withoutQuotations(text.slice(0, charactersMax).toWellFormed()).split("\n")) {
    const spoken = line.replace(/^\s*(?:[-*+•]|\d{1,3}[.)])\s+/, "").trim();
    if (spoken === "" || /^[>|#]/.test(spoken)) continue;
    const isTold = spokenBy.test(spoken);
    // The speaker of the next lines is named by one that ends with a colon or bears only a head of a mail.
    isOthers ||= spoken.endsWith(":") || mailHead.test(spoken);
    for (const each of spoken.split(sentenceEnd)) {
      const sentence = each.trim();
      if (sentence.length <= sentenceCharsMax)
        found.push({ text: withoutEnd(sentence).trim(), isOthers: isOthers || isTold });
    }
  }
  return found;
}

/** "4. Mai" goes on. */
const sentenceEnd = /(?<=[.!?…])(?<!(?<!\d)\d{1,2}\.)\s+/;

/** What stands for words in quotation marks. */
export const hidden = "\u0001";
const quotations =
  /```[\s\S]*?(?:```|$)|`[^`\n]*`|"[^"]*(?:"|$)|“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|»[^«]*(?:«|$)|‹[^›]*(?:›|$)|(?<![\p{L}\p{N}])['‘‚][^'’‘\n]*['’‘](?![\p{L}\p{N}])/gu;

/** Words in quotation marks are somebody else's. One that is never closed goes on to the end. */
const withoutQuotations = (text: string): string =>
  text.replace(quotations, (words) => (words.includes("\n") ? `${hidden}\n` : hidden));

const spokenBy = /^(?:\[[^\]]{0,40}\]\s*)?(?:[\d:.,/-]+\s+){0,3}[\p{L}][\p{L}\p{N} .'’_@()-]{0,40}:(?:\s|$)/u;
const mailHead =
  /^(?:from|to|subject|date|sent|von|an|betreff|gesendet|forwarded|weitergeleitet)\b.*:|\bwrote:?$|\bschrieb:?$/i;

const isStated = (sentence: string): boolean =>
  !sentence.includes("?") &&
  !sentence.includes(hidden) &&
  !unsure.test(sentence) &&
  !mayBe.test(sentence) &&
  !reported.test(sentence);

const words = (list: string): RegExp =>
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${list
      .trim()
      .split(/\n| \| /)
      .map((word) => word.trim())
      .join("|")})(?![\\p{L}\\p{N}])`,
    "iu",
  );

/** Thought, wished, played, possible, or still to come. */
const unsure = words(`
  if | whether | unless | would | could | might | maybe | perhaps | possibly | probably | likely | supposedly | wish | hope
  hoping | imagine | suppose | supposed | pretend | pretending | dream | dreamt | dreamed | almost | nearly | should | think
  thought | guess | believe | suspect | doubt | seems? | assume | assuming | in case | kidding | joking | just joke | as though
  lyrics | novel | character | role.?play | tomorrow | soon | next (?:week|month|year|spring|summer|autumn|fall|winter)
  i'd | i’d | i'll | i’ll | going to | gonna | will | want | wants | plan to | planning to
  wenn | falls | ob | sofern | würde\\p{L}* | könnte\\p{L}* | möchte\\p{L}* | hätte\\p{L}* | wäre\\p{L}* | sollte\\p{L}* | dürfte
  vielleicht | eventuell | wahrscheinlich | vermutlich | möglicherweise | womöglich | angeblich | glaube | glaub | denke | denk
  dachte | vermute | hoffe | hoffentlich | wünsch\\p{L}* | stell dir | angenommen | träum\\p{L}* | fast | beinahe | morgen
  bald | demnächst | nächste[nrsm]? | werde | wird | will | Roman | Liedtext | als ob
`);

/** With a capital it is a month. */
const mayBe = /(?<!\p{L})may(?!\p{L})/u;

/** Said by others. */
const reported = words(`
  said | says | saying | told | tells | claims? | claimed | wrote | writes | asked | asks | according to | apparently | allegedly
  heard | reads | quote | quotes | sagt\\p{L}* | meint\\p{L}* | behauptet\\p{L}* | schreibt | schrieb\\p{L}* | erzählt\\p{L}* | fragt\\p{L}* | laut | gehört
`);
