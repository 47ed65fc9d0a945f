import { steps } from "./steps.ts";

type Step = (typeof steps)[number];

const key = "mh-first-run";

interface Kept {
  step: Step;
  /** The import that was begun last: it goes on while nobody looks. */
  path: string;
  run: string | undefined;
  level: "observe" | "suggest" | "supervised_auto";
}

/** How far the first run is: kept in this browser, so that a reload goes on where it was. */
class FirstRun {
  #kept = $state.raw<Kept>(read());

  get kept(): Kept {
    return this.#kept;
  }
  get step(): Step {
    return this.#kept.step;
  }

  keep(more: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...more };
    localStorage.setItem(key, JSON.stringify(this.#kept));
  }

  readonly next = (): void => this.keep({ step: steps[steps.indexOf(this.step) + 1] ?? this.step });

  end(): void {
    localStorage.removeItem(key);
    this.#kept = begun;
  }
}

const begun: Kept = { step: "you", path: "", run: undefined, level: "suggest" };

function read(): Kept {
  const text = typeof localStorage === "undefined" ? null : localStorage.getItem(key);
  if (text === null) return begun;
  const kept = { ...begun, ...(JSON.parse(text) as Partial<Kept>) };
  // What an earlier build of the site called otherwise begins anew.
  return steps.includes(kept.step) ? kept : begun;
}

export const firstRun = new FirstRun();
