import type { Call } from "@mh/contract/values/provenance.ts";
import { canonicalOf } from "./kinds.ts";
import { type Field, idKindOf, type Row } from "./rows.ts";

/**
 * Which entries bear which ids. Two that differ and bear one id are two entries, or one of them is not what it says: the
 * id names neither. A field that only one of them has says nothing of that, nor does a text that another skill shows.
 */
export class Bearers {
  readonly #known = new Map<string, Row>();
  readonly #ambiguous = new Set<string>();

  add(row: Row): void {
    for (const field of row.fields) {
      const kind = ownKindOf(row, field);
      if (kind === undefined || field.role !== "record" || typeof field.value === "boolean") continue;
      const key = keyOf(kind, field);
      const other = this.#known.get(key);
      if (!other) this.#known.set(key, row);
      else if (!this.#ambiguous.has(key) && differ(row, other)) this.#ambiguous.add(key);
    }
  }

  /** The task itself changed what bears an id: how it was before says nothing any more. */
  changed({ facts, args }: Pick<Call, "facts" | "args">): void {
    for (const [name, kind] of Object.entries(facts.takes)) {
      const id = canonicalOf(args[name] ?? "", "id");
      for (const key of this.#known.keys())
        if (key.startsWith(`${kind} `) && key.endsWith(` ${id}`)) this.#known.delete(key);
    }
  }

  isAmbiguous(row: Row, field: Field): boolean {
    const kind = ownKindOf(row, field);
    return kind !== undefined && this.#ambiguous.has(keyOf(kind, field));
  }
}

/** The kind of a row's own id. By field it is the first: others' ids, many rows may bear. */
function ownKindOf({ step: { facts } }: Row, { name }: Field): string | undefined {
  if (typeof facts.ids === "object" && name !== Object.keys(facts.ids)[0]) return undefined;
  return idKindOf(facts, name);
}

const keyOf = (kind: string, { name, value }: Field): string => `${kind} ${name} ${canonicalOf(value, "id")}`;

function differ(a: Row, b: Row): boolean {
  const isCompared = (field: Field) => field.role !== "text" || a.step.facts === b.step.facts;
  const known = new Map(b.fields.filter(isCompared).map(({ name, value }) => [name, value]));
  return a.fields.some((field) => isCompared(field) && known.has(field.name) && known.get(field.name) !== field.value);
}
