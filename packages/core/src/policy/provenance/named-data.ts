import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import { found, kindOf } from "./kinds.ts";
import { standsIn } from "./sources.ts";
import type { TracedTask } from "./traced.ts";

const valueCharsMax = 200;
const data =
  "(?:what|everything|details|data|information|info|credentials|login|username|password|address|number|card)";

/**
 * A value out of the one file of which the owner says that her data are in it, for the site that she named: "log in at
 * www.club.example with what is in /me/card.txt". A whole value as it stands there; never a link or an account, and never
 * for a recipient or a site that stands in what was read.
 */
export function isNamedData(
  trace: TracedTask,
  call: Call,
  to: readonly NamedLeaf[],
  { value }: Pick<NamedLeaf, "value">,
): boolean {
  const text = String(value).trim();
  if (call.effect !== "send" || text.length > valueCharsMax || /\s/u.test(text)) return false;
  if (found(text, "url").length > found(text, "email").length || found(text, "iban").length > 0) return false;
  const isNamed = (leaf: NamedLeaf) =>
    kindOf(leaf.value, call.facts.types[leaf.name]) === "url" && trace.words.has(leaf.value, "url");
  if (to.length === 0 || !to.every(isNamed)) return false;
  return trace.steps.some(({ step, isVouched, text: answer }) => {
    const [place, ...others] = Object.values(step.args);
    const isPlace = step.effect === "read" && typeof place === "string" && others.length === 0;
    return isPlace && isVouched && step.facts.private && isSaidToHold(trace, place) && standsIn(answer, text);
  });
}

/** "My details are in …", "with what is in …", "the login from …", in one sentence. */
function isSaidToHold({ words: { text } }: TracedTask, place: string): boolean {
  if (place.length > valueCharsMax) return false;
  const places = text.split(place).slice(0, -1);
  const before = new RegExp(String.raw`(?<!\p{L})${data}(?!\p{L})[^.!?\n]{0,60}(?<!\p{L})(?:in|from) ["'“‘<]?$`, "iu");
  return places.some((_, n) =>
    before.test(
      places
        .slice(0, n + 1)
        .join(place)
        .slice(-120),
    ),
  );
}
