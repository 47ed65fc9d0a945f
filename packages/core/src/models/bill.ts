import type { Spent } from "../kernel/rates.ts";
import type { OutsideContext } from "../kernel/skill.ts";
import type { ModelUsage } from "../ports/model.ts";
import type { Collected } from "./collect.ts";
import { type Asking, atMost, countedAs, spentOn } from "./cost.ts";
import type { Candidate } from "./settings.ts";

/** What asking comes to, one model after the other. What is under way counts as the most that it can come to. */
export class Bill {
  readonly #asking: Asking;
  readonly #note: OutsideContext["note"];
  #spent: Spent = { tokens: 0, minor: 0 };

  constructor(asking: Asking, note: OutsideContext["note"]) {
    this.#asking = asking;
    this.#note = note;
  }

  begin(candidate: Candidate): void {
    this.#note({ spent: this.#with(candidate, atMost(this.#asking)) });
  }

  /** One that failed before a word was written costs nothing; one that broke off, the most that it can. */
  end(candidate: Candidate, answer: Collected): ModelUsage {
    const usage = this.#usageOf(answer);
    this.#spent = this.#with(candidate, usage);
    this.#note({ spent: this.#spent });
    return usage;
  }

  #usageOf({ end, written }: Collected): ModelUsage {
    if (end !== "cancelled" && "fault" in end && written === "") return { input: 0, output: 0 };
    const said = end !== "cancelled" && "reason" in end ? end.usage : undefined;
    return said ? countedAs(said, this.#asking, written) : atMost(this.#asking);
  }

  #with(candidate: Candidate, usage: ModelUsage): Spent {
    const { tokens, minor } = spentOn(candidate, usage);
    return { tokens: this.#spent.tokens + tokens, minor: this.#spent.minor + minor };
  }
}
