// The one way to Cedar, used by engine.ts alone. The bundle puts another module in this one's place, which begins with the
// shipped rules parsed (tools/cedar-library.ts): to compile Cedar's parsers and to read those rules is a seventh of a short
// command.
import * as loaded from "@cedar-policy/cedar-wasm/nodejs";

type Library = typeof loaded;

/** Cedar as it is loaded now. */
export let library: Library = loaded;

/** What Cedar holds from its beginning: from sources nothing. */
export const prepared: { schema?: string; policySets: ReadonlySet<string> } = { policySets: new Set() };

let load: (() => Library) | undefined;

/** Says how Cedar is loaded a second time, with a memory of its own: only the host can. */
export function renewBy(loadAnew: () => Library): void {
  load = loadAnew;
}

export const isRenewable = (): boolean => load !== undefined;

/** Puts a fresh Cedar in place: after a trap the old one is in no state to go on. */
export function renew(): void {
  if (!load) throw new Error("Nobody said how Cedar is loaded a second time.");
  library = load();
}
