import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import type { TracedTask } from "./traced.ts";

/** A value and the words that people have for it. */
interface Choice {
  value: string | number | boolean;
  words: readonly string[];
}

// How much somebody may do with a thing, what gives least first: the values of skills that list none, and people's words.
const access: readonly { values: readonly string[]; words: readonly string[] }[] = [
  {
    values: ["r", "ro", "read", "reader", "readonly", "view", "viewer", "viewonly", "guest", "observer"],
    words: ["read", "view", "see", "look", "watch", "reader", "viewer", "guest", "observer"],
  },
  { values: ["c", "comment", "commenter"], words: ["comment", "annotate", "remark", "commenter"] },
  {
    values: ["w", "rw", "write", "writer", "readwrite", "edit", "editor", "modify", "contribute", "contributor"],
    words: ["write", "edit", "change", "update", "modify", "contribute", "editor", "writer", "contributor"],
  },
  {
    values: ["admin", "administrator", "own", "owner", "manage", "manager", "maintain", "maintainer", "full", "all"],
    words: ["administer", "own", "manage", "maintain", "admin", "administrator", "owner", "manager", "maintainer"],
  },
];

const accessOf = (value: unknown): Choice[] =>
  access.map(({ values, words }) => {
    const isMeant = values.includes(String(value).toLowerCase().replaceAll(/[-_ ]/g, ""));
    return { value: isMeant ? String(value) : (values[0] as string), words };
  });

/**
 * Whether a value of a few is no more than the owner said, or the least where nothing is said of it; nothing, where an
 * argument is not one of a few.
 */
export function isChosen(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean | undefined {
  const declared = call.facts.values[name];
  if (!declared && call.facts.types[name] !== "enum") return undefined;
  const choices: readonly Choice[] = declared ?? accessOf(value);
  const rank = choices.findIndex((choice) => choice.value === value);
  // A value that nothing is known of is a name like any other.
  if (rank === -1) return declared ? false : undefined;
  const said = choices.map(({ value: each, words }) =>
    trace.words.allowances.of([...words, ...(declared ? [String(each)] : [])], { isDeclared: declared !== undefined }),
  );
  const isGiven = said.includes("given");
  // Two things may be said, of two people: then no more than the least of both.
  const least = said.findIndex((each) => each === "given" || (!isGiven && each === "said"));
  return rank <= Math.max(least, 0);
}
