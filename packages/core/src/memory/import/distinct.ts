import type { Found, ImportContext } from "./found.ts";

/** Two different things of one file may claim one id: the later is told apart by what it says. The same twice is once. */
export function* distinct(found: Iterable<Found>, { sha256Hex }: Pick<ImportContext, "sha256Hex">): Generator<Found> {
  const seen = new Map<string, string>();
  for (const each of found) {
    if (!("item" in each)) {
      yield each;
      continue;
    }
    const { externalId, content } = each.item;
    const hash = sha256Hex(content).slice(0, 16);
    const own =
      seen.has(externalId) && seen.get(externalId) !== hash ? `${externalId.slice(0, 980)}~${hash}` : externalId;
    if (seen.get(own) === hash) {
      yield { note: "It stands there twice and was taken once.", where: each.where };
      continue;
    }
    seen.set(own, hash);
    yield { ...each, item: { ...each.item, externalId: own } };
  }
}
