import { isUnreached } from "@mh/contract/unreached.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { home, messageOf, sayingOf } from "./home.svelte.ts";

const key = "mh-outbox";

/** Something to remember that did not reach the daemon yet. Its id is the command's: it is done once, however often it is sent. */
interface Waiting {
  id: string;
  words: string;
  /** When it was written, ISO 8601. */
  at: string;
  /** Why the daemon refused it. */
  fault?: string;
}

/** What is to be remembered and waits in this browser. Answers to requests never wait: what they answer may be gone. */
class Outbox {
  waiting = $state.raw<readonly Waiting[]>(read());

  constructor() {
    // Another tab wrote or sent something.
    if (typeof window !== "undefined")
      addEventListener("storage", ({ key: changed }) => changed === key && this.#change((all) => all));
  }

  /** Remembers words now, or as soon as the daemon can be reached: `waits` where it could not. Throws where it was refused. */
  async remember(words: string): Promise<"done" | "waits"> {
    const item = { id: crypto.randomUUID(), words, at: new Date().toISOString() };
    this.#change((all) => [...all, item]);
    const end = await this.#send(item);
    if (end === "waits" || end === "done") return end;
    this.drop(item.id);
    throw new Fault("protocol.invalid", end.fault);
  }

  /** Sends what waits, one after the other; one tab does it for all. */
  async flush(): Promise<void> {
    if (read().length === 0) return;
    await navigator.locks.request(key, async () => {
      for (const item of read()) {
        const end = await this.#send(item);
        if (end === "waits") return;
        if (end !== "done")
          this.#change((all) => all.map((each) => (each.id === item.id ? { ...each, fault: end.fault } : each)));
      }
    });
  }

  drop(id: string): void {
    this.#change((all) => all.filter((each) => each.id !== id));
  }

  async #send({ id, words, at }: Waiting): Promise<"done" | "waits" | { fault: string }> {
    try {
      const outcome = await home.act("memory.capture", { text: words, at }, { id, words });
      if (outcome.status !== "done") return { fault: sayingOf(outcome) };
      this.drop(id);
      return "done";
    } catch (error) {
      return isUnreached(error) ? "waits" : { fault: messageOf(error) };
    }
  }

  /** Other tabs write there, too. */
  #change(change: (all: readonly Waiting[]) => readonly Waiting[]): void {
    const waiting = change(read());
    if (waiting.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(waiting));
    this.waiting = waiting;
  }
}

function read(): Waiting[] {
  if (typeof localStorage === "undefined") return [];
  return JSON.parse(localStorage.getItem(key) ?? "[]") as Waiting[];
}

export const outbox = new Outbox();
