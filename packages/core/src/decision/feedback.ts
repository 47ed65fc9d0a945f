import { plainSentence } from "../model/plain-sentence.ts";

/** What the owner says was wrong, and what they want instead. */
export interface Feedback {
  wanted: string;
  reason?: string;
}

const no = "(?:no|nope|nein|wrong|not that|not so|not like that|lieber nicht)";
const instead = "(?:instead|rather|stattdessen|lieber)";
// Where no comma stands before them, "since", "as" and "denn" say other things, too.
const because = /(?:[,;.]? (?:because|weil)|[,;.] (?:since|as|denn)) (.+)$/iu;

/**
 * Reads "no, do X instead, because Y". `isOutright`: only what begins with a no and names something else, as people say it in
 * a talk; else whatever it says is what they want.
 */
export function feedbackIn(text: string, isOutright = false): Feedback | undefined {
  const said = plainSentence(text);
  const [, after] = new RegExp(`^${no}[,.:!;]${isOutright ? "" : "?"} (.+)$`, "iu").exec(said) ?? [];
  const rest = after ?? said;
  const reason = because.exec(rest)?.[1];
  const wish = (reason === undefined ? rest : rest.replace(because, "")).trim();
  const mark = new RegExp(`(?<![\\p{L}\\p{N}])${instead}(?![\\p{L}\\p{N}])`, "iu");
  if (isOutright && (after === undefined || !mark.test(wish) || wish.endsWith("?"))) return undefined;
  const wanted = wish
    .replace(new RegExp(`,? ${instead}$`, "iu"), "")
    .replace(new RegExp(`^(?:please |bitte )?(?:do |rather |${instead} )?(?:please )?`, "iu"), "")
    .trim();
  return wanted === "" ? undefined : { wanted, ...(reason !== undefined && { reason }) };
}
