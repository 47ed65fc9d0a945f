import type { ApprovalRow } from "../data/lists.ts";
import { requests } from "../data/requests.svelte.ts";
import type { Shown, Value } from "./card.ts";

const rowsMax = 20;
/** So many of the first to lapse are read for that. Fewer than are kept (`requests.svelte.ts`): each would push another one out. */
const readMax = 60;

/** What is answered at once: one request, or several of one kind. */
export interface Item {
  /** Of its first request. */
  id: string;
  rows: ApprovalRow[];
}

/** Open requests as they are answered: those of one batch stand together, twenty at most, where the first of them stood. */
export function itemsOf(rows: readonly ApprovalRow[]): Item[] {
  const items: Item[] = [];
  const latest = new Map<string, Item>();
  for (const [n, row] of rows.entries()) {
    const batch = n < readMax ? (requests.of(row.id).value?.facts.batch ?? null) : null;
    const known = batch === null ? undefined : latest.get(batch);
    if (known && known.rows.length < rowsMax) {
      known.rows.push(row);
      continue;
    }
    const item = { id: row.id, rows: [row] };
    items.push(item);
    if (batch !== null) latest.set(batch, item);
  }
  return items;
}

/** Values that all requests of a batch have in common, and for each request those that it has alone. */
export function sharedValues(all: readonly Shown[]): { common: Value[]; own: Value[][] } {
  const [first, ...rest] = all.map(({ values }) => values);
  const same = (a: Value, b: Value) => a.path === b.path && a.text === b.text;
  const common = (first ?? []).filter((value) => rest.every((values) => values.some((each) => same(each, value))));
  const own = all.map(({ values }) => values.filter((value) => !common.some((each) => same(each, value))));
  return { common, own };
}
