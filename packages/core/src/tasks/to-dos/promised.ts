import { hidden, spokenSentences } from "../../facts/statements/sentences.ts";

/** What its writer says they have to do: "I have to call Ann by Friday", "Ich muss Ann anrufen", "Don't forget to …". */
export function promisedIn(text: string): { title: string; quote: string }[] {
  return spokenSentences(text)
    .filter(({ isOthers, text: sentence }) => !isOthers && sentence.length <= sentenceMax && isSaid(sentence))
    .flatMap(({ text: quote }) => {
      const title = starts.map((start) => start.exec(quote)?.[1]).find((rest) => rest !== undefined);
      return title === undefined || isNoAct(title) ? [] : [{ title, quote }];
    });
}

/** No question, and nothing that somebody is quoted with. */
const isSaid = (sentence: string): boolean => !sentence.includes("?") && !sentence.includes(hidden);

const sentenceMax = 200;
const lead = "(?:(?:and|so|but|also|oh|ok(?:ay)?|then|today|tomorrow|und|also|aber|dann|heute|morgen),? )?";
const starts = [
  `${lead}I(?:['’]ve)? (?:still |also |really )?(?:have to|need to|got to|gotta|must) (?:also |still )?(\\S.*)`,
  `${lead}(?:don['’]t forget|do not forget|remember|must not forget) to (\\S.*)`,
  `${lead}ich (?:muss|soll) (?:noch |auch |unbedingt |dringend )*(\\S.*)`,
  `je dois (?:encore |aussi )?(\\S.*)`,
  `(?:tengo que|tenho (?:que|de)) (\\S.*)`,
].map((source) => new RegExp(`^(?:${source})$`, "iu"));

/** "I have to say", "I must be dreaming", "Ich muss zugeben": nothing is done. */
const isNoAct = (title: string): boolean =>
  /^(?:say|admit|agree|confess|be|have|think|know|wonder|laugh|stress|add|feel|believe|accept|understand|mention|live|dire|avouer|être|avoir|decir|ser|estar|dizer)\b/i.test(
    title,
  ) || /(?:^|\s)(?:zugeben|sagen|gestehen|lachen|sein|haben)$/i.test(title);
