import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import { isRecord } from "./entries.ts";
import { kindOf, sameValue, wordsIn, wordsOfName } from "./kinds.ts";
import { singularOf } from "./stems.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

/**
 * Somebody whom the one entry that the owner asked for by name lists under a word of hers, for what she wants more of
 * that: "invite the collaborators of X as collaborators of Y". Of who stands there, the system vouches; who may stand
 * there, that word says. Who takes part somewhere is no recipient of mail.
 */
export function isOfNamedRelation(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  if (call.effect !== "send" && call.effect !== "write" && call.effect !== "local") return false;
  // What the skill is called says it of whom it is for: of an address.
  const isAddress = kindOf(value, call.facts.types[name]) === "email" && call.facts.types[name] === "email";
  const called = [...wordsOfName(name), ...(isAddress ? call.facts.verbs.flatMap(wordsIn) : [])];
  const isFor = (noun: string): boolean => called.some((word) => singularOf(word) === singularOf(noun));
  return trace.steps.some((traced) =>
    relationsOf(traced, value).some((words) => {
      const noun = words.at(-1) ?? "";
      return isFor(noun) && words.every((word) => trace.words.requests.speakOf(singularOf(word), "any"));
    }),
  );
}

/** What the entry calls those among whom a value stands. */
function relationsOf({ step: { facts, args, output }, isVouched }: TracedStep, value: NamedLeaf["value"]): string[][] {
  const isAsked = isVouched && Object.values(args).some((each) => typeof each === "string" && each !== "");
  if (!isAsked || !isRecord(output)) return [];
  return Object.entries(output).flatMap(([field, each]) => {
    const listed = [each].flat();
    const isThere =
      facts.fields[field] === "party" && listed.some((one) => typeof one === "string" && sameValue(one, value));
    return isThere ? [wordsOfName(field)] : [];
  });
}
