import { bounds } from "./bounds.ts";
import { sameValue } from "./kinds.ts";
import { type Field, type Row, rowsOf } from "./rows.ts";
import type { TracedStep } from "./traced.ts";

/** A field that the system assigned, or a short name, and the row that bears it. */
export interface Held {
  row: Row;
  field: Field;
}

const known = new WeakMap<TracedStep, ReadonlyMap<string, readonly Held[]>>();

/** Where an answer holds a value as an assigned one or as a name. Each answer is looked at once, at first use. */
export function heldIn(traced: TracedStep, value: unknown): readonly Held[] {
  let held = known.get(traced);
  if (!held) {
    held = indexOf(traced);
    known.set(traced, held);
  }
  return (held.get(keyOf(value)) ?? []).filter(({ field }) => sameValue(field.value, value));
}

function indexOf({ step, isFound }: TracedStep): Map<string, Held[]> {
  const held = new Map<string, Held[]>();
  const allowance = { leaves: bounds.leaves, chars: bounds.answerChars };
  for (const row of rowsOf(step, allowance, { isFound, isSelf: () => false })) {
    for (const field of row.fields) {
      if (field.role !== "record" && field.role !== "label") continue;
      const key = keyOf(field.value);
      const others = held.get(key);
      if (others) others.push({ row, field });
      else held.set(key, [{ row, field }]);
    }
  }
  return held;
}

const keyOf = (value: unknown): string => String(value).normalize("NFC").trim().toLowerCase();
