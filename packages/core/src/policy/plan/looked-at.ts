import type { Slot } from "@mh/contract/values/plan.ts";
import { canonical } from "../../model/canonical.ts";
import { bounds } from "../provenance/bounds.ts";
import { entriesOf } from "../provenance/entries.ts";
import { type Allowance, fieldAt, isSpent, type Leaf, leaves } from "../provenance/rows.ts";
import { type Field, spellingOf, type Value } from "./values.ts";

/** An answer, looked at once: what a slot may be filled from is found by its value. */
export class LookedAt {
  readonly entries: readonly (readonly Field[])[];
  /** There is more of it than is looked at. */
  readonly isCut: boolean;
  readonly #output: unknown;
  readonly #indexes = new Map<string, Map<string, number[]>>();
  #hash: { by: (text: string) => string; hash: string } | undefined;

  constructor(output: unknown) {
    const allowance: Allowance = { leaves: bounds.leaves, chars: bounds.answerChars };
    this.entries = entriesOf(output).map(({ value }) => fieldsOf(leaves(value, "", allowance)));
    this.isCut = isSpent(allowance);
    this.#output = output;
  }

  /** Undefined for what cannot be written down. */
  hash(by: (text: string) => string): string | undefined {
    if (this.#hash?.by !== by) {
      const text = written(this.#output);
      if (text === undefined) return undefined;
      this.#hash = { by, hash: by(text) };
    }
    return this.#hash.hash;
  }

  /** Positions of the entries with that value in a field. */
  giving({ field = "*", kind }: Slot, value: Value): readonly number[] {
    const wanted = spellingOf(value, kind);
    return wanted === undefined ? [] : (this.#index(field, kind).get(wanted) ?? []);
  }

  #index(field: string, kind: Slot["kind"]): Map<string, number[]> {
    const name = `${kind} ${field}`;
    const known = this.#indexes.get(name);
    if (known) return known;
    const index = new Map<string, number[]>();
    for (const [n, fields] of this.entries.entries())
      for (const each of fields) {
        const spelling = each.name === field ? spellingOf(each.value, kind) : undefined;
        if (spelling === undefined) continue;
        const at = index.get(spelling);
        if (at === undefined) index.set(spelling, [n]);
        else if (at.at(-1) !== n) at.push(n);
      }
    this.#indexes.set(name, index);
    return index;
  }
}

const looked = new WeakMap<object, LookedAt>();

export function lookAt(output: unknown): LookedAt {
  if (typeof output !== "object" || output === null) return new LookedAt(output);
  const known = looked.get(output) ?? new LookedAt(output);
  looked.set(output, known);
  return known;
}

/** Values of an entry, each with the name of its field. */
const fieldsOf = (values: readonly Leaf[]): Field[] =>
  values.map(({ path, value }) => ({ name: fieldAt(path), path, value }));

function written(output: unknown): string | undefined {
  try {
    return canonical(output ?? null);
  } catch {
    return undefined;
  }
}
