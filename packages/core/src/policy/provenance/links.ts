import type { Call } from "@mh/contract/values/provenance.ts";
import { bounds } from "./bounds.ts";
import { canonicalOf, kindOf } from "./kinds.ts";
import { leavesOf } from "./named-leaves.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

/**
 * It stands, letter for letter, in an answer to a query in the owner's words, from where third parties cannot write.
 */
export function isNamedLink(trace: TracedTask, value: unknown): boolean {
  const wanted = canonicalOf(value, "url");
  return trace.steps.some((traced) => {
    const { step } = traced;
    if (step.facts.writers === "anyone" || Object.keys(step.args).length === 0) return false;
    const { all, left } = leavesOf(step, Object.keys(step.args), { leaves: 100, chars: bounds.valueChars });
    const args = all.filter((leaf) => typeof leaf.value === "string");
    const isNamed =
      !left && args.length > 0 && args.every((leaf) => trace.words.has(leaf.value, kindOf(leaf.value, undefined)));
    return isNamed && traced.links().has(wanted);
  });
}

/**
 * A page of a site that the owner named, by a link that stands letter for letter on a page of that site which was read on
 * the way: to read it, and while nothing private was read that the choice of a link could tell. What comes to the disk,
 * the owner asked for.
 */
export function isDeeperPage(trace: TracedTask, call: Call, value: unknown): boolean {
  if (trace.isPrivate || (call.effect === "fetch" && !trace.words.askFor(["download"]))) return false;
  const wanted = canonicalOf(value, "url");
  const onTheWay = new Set<string>();
  return trace.steps.some((traced) => {
    if (!isReading(traced.step)) return false;
    const pages = pagesOf(traced.step).filter(
      (page) => hostOf(page) === hostOf(wanted) && (trace.words.has(page, "url") || onTheWay.has(page)),
    );
    if (pages.length === 0) return false;
    for (const link of traced.shown()) onTheWay.add(link);
    return onTheWay.has(wanted);
  });
}

const isReading = ({ effect }: Call): boolean => effect === "read" || effect === "fetch";

/** The pages that a call opened. */
function pagesOf({ facts, args }: TracedStep["step"]): string[] {
  return Object.entries(args)
    .filter(([name, value]) => typeof value === "string" && kindOf(value, facts.types[name]) === "url")
    .map(([, value]) => canonicalOf(value, "url"));
}

/** With its port, and whoever is named before it: another is another site. */
const hostOf = (link: string): string => link.split(/[/?#]/, 1)[0] ?? "";
