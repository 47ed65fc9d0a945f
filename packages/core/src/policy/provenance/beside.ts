import { spelling } from "./kinds.ts";
import { plainLists } from "./rows.ts";

// More than that, nobody reads before they answer.
const besideMax = 5;

/** What stands with a value in the short lists of answers. */
export class Beside {
  readonly #others = new Map<string, Set<string>>();

  /** Takes in an answer. */
  add(output: unknown): void {
    for (const list of plainLists(output)) {
      if (list.length < 2 || list.length > besideMax + 1) continue;
      for (const value of list) {
        const key = spelling(value);
        const known = this.#others.get(key) ?? new Set<string>();
        this.#others.set(key, known);
        // One more than are shown says that there are too many.
        for (const other of list) if (known.size <= besideMax && spelling(other) !== key) known.add(other);
      }
    }
  }

  /** All of it, or nothing where that is too much. */
  of(value: string): string[] {
    const others = [...(this.#others.get(spelling(value)) ?? [])];
    return others.length > besideMax ? [] : others;
  }
}
