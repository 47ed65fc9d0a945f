import type { ArgsFor, SkillName, ValueFor } from "@mh/contract/contracts.ts";
import { isUnreached } from "@mh/contract/unreached.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import { afterEvents } from "./after-events.ts";
import { home, messageOf } from "./home.svelte.ts";

const pauseMs = 150;

/**
 * The answer to one query, asked again when its arguments change and after events that concern it. The last one stays while
 * the home cannot be reached, and what was typed beside it stays with it; a fault that the home answers takes its place.
 */
export class Look<Name extends SkillName> {
  value = $state.raw<ValueFor<Name> | undefined>();
  fault = $state.raw<string | undefined>();
  isAsking = $state(false);
  readonly #skill: Name;
  #args: ArgsFor<Name> | undefined;
  /** What the answer is about. */
  #about = "";
  #turn = 0;

  constructor(skill: Name) {
    this.#skill = skill;
  }

  async ask(args: ArgsFor<Name>): Promise<void> {
    this.#args = args;
    const about = JSON.stringify(args);
    const turn = ++this.#turn;
    this.isAsking = true;
    try {
      await home.live;
      const value = await home.get(this.#skill, args);
      if (turn !== this.#turn) return;
      this.value = value;
      this.#about = about;
      this.fault = undefined;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.fault = messageOf(error);
      if (about !== this.#about || !isUnreached(error)) this.value = undefined;
    } finally {
      if (turn === this.#turn) this.isAsking = false;
    }
  }

  /** Forgets what it was asked, and the answer. */
  clear(): void {
    this.#turn += 1;
    this.#args = undefined;
    this.value = undefined;
    this.fault = undefined;
    this.isAsking = false;
  }

  async again(): Promise<void> {
    if (this.#args !== undefined) await this.ask(this.#args);
  }

  /** Asks again so long after events that concern it. For `$effect`: gives what ends it. */
  after(concerns: (event: Event) => boolean, waitMs = pauseMs): () => void {
    const again = () => void this.again();
    return afterEvents({ concerns, waitMs, work: again, readAll: again });
  }
}
