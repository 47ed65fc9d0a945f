import type { Call } from "@mh/contract/values/provenance.ts";
import { hasContent, leavesOf, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { canonicalOf, kindOf, lastOf } from "./kinds.ts";
import { isPathPutTogether } from "./put-together.ts";
import { standsIn } from "./sources.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

/**
 * A place in the file system that is this task's own: what a call that it was let make reports to have put where it was
 * to put it, and what lies in a folder that was made so. It may be worked in, copied and sent where all else is the
 * owner's; nothing is deleted there, and no text is written that comes from nowhere.
 */
export function isOwnPlace(trace: TracedTask, call: Call, leaf: NamedLeaf): boolean {
  const isWork = isChanging(call) || call.effect === "send";
  if (!isWork || hasContent(call) || !isPath(call, leaf)) return false;
  const wanted = pathOf(leaf.value);
  return isPlain(wanted) && trace.steps.some((traced) => isPlaceOf(trace, traced, wanted));
}

const isChanging = ({ effect }: Pick<Call, "effect">): boolean =>
  effect === "fetch" || effect === "write" || effect === "local";

function isPlaceOf(trace: TracedTask, { step, text }: TracedStep, wanted: string): boolean {
  if (!isChanging(step)) return false;
  const { all, left } = leavesOf(step, step.facts.control, { leaves: 10, chars: 10_000 });
  if (left) return false;
  const status = text.length <= bounds.statusChars ? text : "";
  return all.some((leaf) => {
    const base = pathOf(leaf.value);
    if (!isPath(step, leaf) || !isPlain(base) || !wanted.startsWith(`${base}/`)) return false;
    const [name = "", ...deeper] = wanted.slice(base.length + 1).split("/");
    const others = all.filter((other) => other !== leaf).map(({ value }) => lastOf(String(value)));
    if (deeper.length === 0 && (others.includes(name) || standsIn(status, name))) return true;
    if (others.includes(name) && standsIn(status, `${base}/${name}`)) return true;
    // A folder of which nothing is said but where it is: the owner named, or saw, that.
    const isMade = step.effect === "write" && all.length === 1 && !hasContent(step) && standsIn(status, base);
    return (
      isMade &&
      (trace.isEndorsed(base, step.effect) || trace.words.has(base, "path") || isPathPutTogether(trace, step, leaf))
    );
  });
}

const isPath = ({ facts: { types } }: Pick<Call, "facts">, { name, value }: NamedLeaf): boolean =>
  types[name] !== undefined && kindOf(value, types[name]) === "path";

const pathOf = (value: unknown): string => canonicalOf(value, "path");
/** No step up, none on the spot, and nothing that a file system might read as one. */
const isPlain = (path: string): boolean =>
  path.length > 1 &&
  !path.includes("\\") &&
  path.split("/").every((name, n) => (name !== "" || n === 0) && !/^\.{1,2}$/.test(name));
