import { home } from "./home.svelte.ts";
import { Look } from "./look.svelte.ts";
import { followNamed, inTurn } from "./named.ts";

const keptMax = 100;

/** Whole approval requests by id, each read once, and again when an event names it: queue, card and dashboard share them. */
class Requests {
  readonly #looks = new Map<string, Look<"approval.show">>();

  constructor() {
    const read = async (id: string) => this.#looks.get(id)?.again();
    const readAll = () => inTurn([...this.#looks.keys()], read);
    followNamed({ subject: "approval", read, readAll });
    home.onReset(() => void readAll());
  }

  of(id: string): Look<"approval.show"> {
    const known = this.#looks.get(id);
    if (known) return known;
    const look = lastingLook();
    this.#looks.set(id, look);
    const [oldest] = this.#looks.keys();
    if (this.#looks.size > keptMax && oldest !== undefined) this.#looks.delete(oldest);
    // Not at once: it is asked for while something is being worked out.
    queueMicrotask(() => void look.ask({ id }));
    return look;
  }
}

/** Svelte leaves out of what a derived value depends on the state that is made while it is worked out. */
function lastingLook(): Look<"approval.show"> {
  const made: Look<"approval.show">[] = [];
  $effect.root(() => void made.push(new Look("approval.show")));
  return made[0] as Look<"approval.show">;
}

export const requests = new Requests();
