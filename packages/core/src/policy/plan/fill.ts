import type { Slot } from "@mh/contract/values/plan.ts";
import { choose } from "./choose.ts";
import { isInOneRecord, type Needed } from "./one-record.ts";
import type { Pool } from "./pool.ts";
import { type ArgumentLeaf, type Field, giving, isAllowed, meeting } from "./values.ts";

/** An entry of a source's answer. */
export interface Entry {
  source: string;
  fields: readonly Field[];
  /** Tells it apart from others. */
  key: string;
  /** Source → key of the entry of it that filled the question which this one answers. */
  askedBy: ReadonlyMap<string, string>;
  /** Tells apart the values of one entry that a loop goes through. */
  turn?: string;
  /** The answers that it and those stand in, as hashes. */
  answers: readonly { question: string; answer: string }[];
}

/** Thrown where slots cannot be filled: a clause for the person who is asked instead. */
export class NotFilled extends Error {
  override name = "NotFilled";
}

/** Which values of a command slots speak for, and the entries that gave them. */
export interface Filled {
  paths: ReadonlySet<string>;
  entries: readonly Entry[];
}

/**
 * Finds entries that give a command what its slots wait for: one entry of each source for all slots that it fills, but for a
 * slot that takes many. Throws `NotFilled`.
 */
export function fillSlots(
  slots: Readonly<Record<string, Slot>>,
  all: readonly ArgumentLeaf[],
  poolOf: (source: string) => Pool,
): Filled {
  const waiting = Object.entries(slots).map(([path, slot]) => {
    const leaves = all.filter((leaf) => isAt(leaf, path));
    // To leave out whom it is for may be to do it for all.
    if (leaves.length === 0) throw new NotFilled(`${path} is missing`);
    return { path, slot, leaves };
  });
  for (const each of waiting) refuseOutside(each);
  const paths = new Set(waiting.flatMap(({ leaves }) => leaves.map(({ path }) => path)));
  const single = Map.groupBy(
    waiting.filter(({ slot }) => slot.from !== undefined && slot.many === undefined),
    ({ slot }) => slot.from as string,
  );
  const choices = [...single].map(([source, waits]) => {
    const [{ slot, leaves }] = waits as Waiting[] as [Waiting];
    const [{ value }] = leaves as [ArgumentLeaf];
    const near = poolOf(source).giving(slot, value);
    const fitting = near.filter(({ fields }) => fills(fields, waits));
    if (fitting.length === 0) throw new NotFilled(`no entry of ${source} gives ${namesOf(waits)}`);
    return fitting;
  });
  const one = choose(choices, (entry, chosen) => chosen.every((other) => belongTogether(entry, other)));
  if (!one) throw new NotFilled(`no entries of ${[...single.keys()].join(" and ")} belong together`);
  const many = waiting.filter(({ slot }) => slot.many !== undefined).flatMap((wait) => fillMany(wait, poolOf));
  return { paths, entries: [...one, ...many] };
}

interface Waiting {
  path: string;
  slot: Slot;
  leaves: readonly ArgumentLeaf[];
}

const isAt = ({ path, isPlain }: ArgumentLeaf, wanted: string): boolean =>
  isPlain && (path === wanted || path.startsWith(`${wanted}.`) || path.startsWith(`${wanted}[`));

function refuseOutside({ path, slot, leaves }: Waiting): void {
  if (slot.many !== undefined && leaves.length > slot.many)
    throw new NotFilled(`${leaves[0]?.name} lists more than ${slot.many}`);
  // Names in an object would be of the agent's own making.
  const shaped = leaves.find((leaf) => leaf.isEmpty || !/^(?:\[\d+\])*$/.test(leaf.path.slice(path.length)));
  if (shaped) throw new NotFilled(`${shaped.path} is neither a value nor a list of values`);
  const outside = leaves.find(({ value }) => !isAllowed(slot, value));
  if (outside) throw new NotFilled(`${outside.path} is not what the plan allows there`);
}

const fills = (fields: readonly Field[], waits: readonly Waiting[]): boolean =>
  isInOneRecord(
    waits.flatMap(({ slot, leaves }, at) => leaves.flatMap((leaf, n) => neededFor(fields, slot, leaf, at, n))),
  );

const neededFor = (
  fields: readonly Field[],
  slot: Slot,
  { value }: ArgumentLeaf,
  ...[at, n]: [at: number, n: number]
): Needed[] =>
  [giving(fields, slot, value), ...meeting(fields, slot)].map((found) => ({ slot: at, value: n, fields: found }));

function fillMany(wait: Waiting, poolOf: (source: string) => Pool): Entry[] {
  const { slot, leaves } = wait;
  const pool = poolOf(slot.from as string);
  const taken = new Set<Entry | string>();
  return leaves.map((leaf) => {
    const entry = pool
      .giving(slot, leaf.value)
      .find((each) => !taken.has(each.turn ?? each) && fills(each.fields, [{ ...wait, leaves: [leaf] }]));
    if (!entry) throw new NotFilled(`no entry of ${slot.from} is left that gives ${leaf.path}`);
    taken.add(entry.turn ?? entry);
    return entry;
  });
}

/** They were asked for by the same entries of the sources before them. */
function belongTogether(a: Entry, b: Entry): boolean {
  const linksOf = ({ source, key, askedBy }: Entry) => new Map([...askedBy, [source, key]]);
  const others = linksOf(b);
  return [...linksOf(a)].every(([source, key]) => (others.get(source) ?? key) === key);
}

const namesOf = (waits: readonly Waiting[]): string => waits.map(({ path }) => path).join(" and ");
