import type { Slot, SlotKind } from "@mh/contract/values/plan.ts";
import type { NamedLeaf } from "../provenance/arguments.ts";
import { bounds } from "../provenance/bounds.ts";
import { canonicalOf, kindOf, sameValue, type ValueKind } from "../provenance/kinds.ts";
import type { OwnerWords } from "../provenance/owner-words.ts";
import { type Field, idKindOf, type Row, rowsOf } from "../provenance/rows.ts";
import type { HonestCall } from "./told-by-then.ts";

/** A read that a slot may name, and the answer that it gave in the honest run. */
export interface ReadSource {
  name: string;
  rows: readonly Row[];
  /** The planner has read it already, and can say which values there are. */
  isRead: boolean;
}

// A slot takes any entry of its source: whose this one is does not matter.
const nobodys = { isFound: false, isSelf: () => false };

const known = new WeakMap<HonestCall, Row[]>();

/** The entries of an honest answer; looked at once. */
export function rowsRead(call: HonestCall): Row[] {
  const { id, facts, effect, args, output } = call;
  const allowance = { leaves: bounds.leaves, chars: bounds.answerChars };
  const rows = known.get(call) ?? [...rowsOf({ id, facts, effect, args, output }, allowance, nobodys)];
  known.set(call, rows);
  return rows;
}

/**
 * The narrowest slot that a value of an honest call fits, by what its source declares; undefined where none is narrow.
 * Others' text never fills one, and only what the owner alone writes names a recipient or bounds a sum: what anybody can put
 * into a source, the plan would carry out. A name that the owner's group gave must be one of those that were read already.
 */
export function narrowSlot(
  call: HonestCall,
  leaf: NamedLeaf,
  sources: readonly ReadSource[],
  words: OwnerWords,
): Slot | undefined {
  const takes = call.facts.takes[leaf.name];
  const declared = call.facts.types[leaf.name];
  const kind = kindOf(leaf.value, declared ?? (takes === undefined ? undefined : "id"));
  let best: { slot: Slot; width: number } | undefined;
  for (const source of sources) {
    for (const row of source.rows) {
      for (const field of row.fields) {
        if (!sameValue(field.value, leaf.value, kind)) continue;
        const oneOf = source.isRead ? valuesOf(source, field.name) : undefined;
        const width = widthOf(row, field, { kind, takes, isListed: oneOf !== undefined });
        if (width === undefined || (best && best.width <= width)) continue;
        const slot = slotOf(source.name, row, field, { kind: declared || takes ? kind : undefined, leaf, words });
        best = { slot: { ...slot, ...(oneOf && { oneOf }) }, width };
      }
    }
  }
  return best?.slot;
}

// More than that, nobody reads on a card.
const listedMax = 20;

/** The values of a field, where they can all be shown. */
function valuesOf({ rows }: ReadSource, name: string): Field["value"][] | undefined {
  const values = new Set(
    rows.flatMap(({ fields }) => fields.filter((field) => field.name === name).map(({ value }) => value)),
  );
  return values.size <= listedMax ? [...values] : undefined;
}

const reach = { self: 0, members: 1, anyone: 2 } as const;

/** Who can put an entry there: the owner alone, unless entries say themselves where they came from. */
function writersOf({ fields, step: { facts } }: Row): number {
  if (fields.some(({ name }) => name === (facts.origins ?? "origins"))) return reach.anyone;
  return facts.output === "trusted" ? reach.self : reach[facts.writers];
}

/** How many could have chosen what stands in a field; undefined where that is anybody. */
function widthOf(
  row: Row,
  { name, role }: Field,
  { kind, takes, isListed }: { kind: ValueKind; takes: string | undefined; isListed: boolean },
): number | undefined {
  const { facts } = row.step;
  const writers = writersOf(row);
  if (role === "text") return undefined;
  if (kind === "id")
    return role === "record" && takes !== undefined && takes === idKindOf(facts, name) ? writers : undefined;
  if (kind === "date") return role === "record" ? writers : undefined;
  if (kind === "name" || kind === "path") {
    if (role === "record") return writers;
    if (role === "label" && (writers === reach.self || (writers === reach.members && isListed))) return writers + 1;
  }
  // Whom, where to, how much and by which secret: the owner's own entries alone.
  return writers === reach.self ? 1 : undefined;
}

function slotOf(
  from: string,
  row: Row,
  field: Field,
  { kind, leaf, words }: { kind: ValueKind | undefined; leaf: NamedLeaf; words: OwnerWords },
): Slot {
  const most = kind === "amount" ? mostNamed(leaf.value, words) : undefined;
  const where = described(row, field, words);
  return {
    from,
    ...(field.name !== "*" && { field: field.name }),
    ...(kind !== undefined && { kind: kind satisfies SlotKind }),
    ...(most !== undefined && { atMost: most }),
    ...(Object.keys(where).length > 0 && { where }),
  };
}

/** The largest sum that the owner named, where that is enough. */
function mostNamed(value: NamedLeaf["value"], words: OwnerWords): number | undefined {
  const most = words.amounts.reduce((largest, each) => Math.max(largest, each), 0);
  const amount = Number(canonicalOf(value, "amount"));
  return amount > 0 && amount <= most ? most : undefined;
}

/** What the owner said of the entry: its fields whose whole value they typed. */
function described({ fields }: Row, of: Field, words: OwnerWords): NonNullable<Slot["where"]> {
  const said = fields.filter(
    ({ name, role, value, isListed }) =>
      role !== "text" && name !== of.name && !isListed && typeof value === "string" && value.trim() !== "",
  );
  return Object.fromEntries(
    said.filter(({ value }) => words.has(value, kindOf(value, undefined))).map(({ name, value }) => [name, value]),
  );
}
