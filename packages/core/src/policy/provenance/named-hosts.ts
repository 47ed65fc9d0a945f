import { isReading } from "@mh/contract/values/effect.ts";
import type { Call } from "@mh/contract/values/provenance.ts";
import { leavesOf, type NamedLeaf } from "./arguments.ts";
import { canonicalOf, found, kindOf } from "./kinds.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

// What comes to the disk, the owner asks for.
const keeping = ["download", "get", "fetch", "save", "load", "install", "copy", "keep", "store", "grab"];

/**
 * A page of the host that the owner named, by a link that stands on a page of that host: to read it, or to fetch it where
 * she asks for that, while nothing private was read that the choice of a link could tell. Where she named one page, only
 * what lies in its folder: others may write elsewhere on it.
 */
export function isOnNamedHost(trace: TracedTask, call: Call, leaf: NamedLeaf): boolean {
  if (trace.isPrivate || !isReading(call.effect)) return false;
  if (call.effect === "fetch" && !keeping.some((verb) => trace.words.requests.say(verb))) return false;
  if (kindOf(leaf.value, call.facts.types[leaf.name]) !== "url") return false;
  const wanted = canonicalOf(leaf.value, "url");
  const named = found(trace.words.text, "url").filter((link) => isWithin(wanted, link));
  return named.length > 0 && trace.steps.some((traced) => named.some((link) => isPageOf(traced, link, wanted)));
}

/** What was read at a host answers with a link. */
function isPageOf({ step, pageLinks }: TracedStep, named: string, wanted: string): boolean {
  if (!isReading(step.effect)) return false;
  const { all } = leavesOf(step, step.facts.control, { leaves: 10, chars: 10_000 });
  const isThere = all.some(
    ({ name, value }) => kindOf(value, step.facts.types[name]) === "url" && isWithin(canonicalOf(value, "url"), named),
  );
  return isThere && pageLinks().has(wanted);
}

/** Below a link, as canonical texts: "a.example" has all of that host; "a.example/x/y" has "a.example/x/z". */
function isWithin(link: string, named: string): boolean {
  if (/[@?#\\]|\/\.{1,2}(?:\/|$)/.test(named) || /[@\\]|\/\.{1,2}(?:\/|$)/.test(link)) return false;
  const end = named.lastIndexOf("/");
  const folder = end === -1 ? named : named.slice(0, end);
  return link === folder || link.startsWith(`${folder}/`);
}
