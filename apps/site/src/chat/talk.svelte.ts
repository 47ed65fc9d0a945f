import type { ChatUnderWay, ShownMessage } from "@mh/contract/chat.ts";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import { home, messageOf, sayingOf } from "../data/home.svelte.ts";
import { Painted } from "./painted.svelte.ts";
import { Queue } from "./queue.svelte.ts";

const pageSize = 60;
/** As many as can be new while a turn works. */
const tailSize = 12;
const pauseMs = 120;

interface Said {
  id: string;
  words: string;
  /** The last message of the chat when it was said. */
  after: string;
}

/**
 * One chat that is shown: the end of it, and what came before as it is scrolled to. The turn under way may be begun by
 * anybody: here, in another tab, by a terminal, or by mh itself after an approval.
 */
export class Talk {
  readonly id: string;
  view = $state.raw<Omit<ValueFor<"chat.show">, "messages"> | undefined>();
  messages = $state.raw<readonly ShownMessage[]>([]);
  earlier = $state(0);
  fault = $state<string | undefined>();
  /** What was said here and is not in the chat yet. */
  said = $state.raw<readonly Said[]>([]);
  readonly queue: Queue;
  /** All that the turn under way has written. */
  readonly written = new Painted();
  /** What was written of an answer that was cut off: nothing else has it. */
  lost = $state("");
  readonly #leave = new AbortController();
  #watched: string | undefined;
  /** What the turn under way said last that it does. */
  #note = "";
  #limit = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reads = 0;

  constructor(id: string) {
    this.id = id;
    this.queue = new Queue(id);
    // Not at once: it may be made while something is being worked out.
    queueMicrotask(() => void this.look(pageSize));
  }

  get underWay(): ChatUnderWay | undefined {
    return this.view?.underWay ?? undefined;
  }
  /** What was said here and does not stand in the chat yet. */
  get unheard(): readonly Said[] {
    return this.said.filter(
      ({ words, after }) => !this.messages.some(({ id, by, text }) => by === "owner" && id > after && text === words),
    );
  }
  get isWorking(): boolean {
    return this.underWay !== undefined || this.said.length > 0;
  }

  /** Follows the home for as long as it is shown. For `$effect`: gives what ends it. */
  follow(): () => void {
    const off = home.on((event) => this.#hear(event));
    return () => {
      off();
      clearTimeout(this.#timer);
      this.#leave.abort(new Fault("run.not-found", "The page was left."));
    };
  }

  /** Says it now: a turn that is under way takes it up. */
  async say(words: string): Promise<void> {
    const said = { id: crypto.randomUUID(), words, after: this.messages.at(-1)?.id ?? "" };
    this.said = [...this.said, said];
    await this.#turn({ chat: this.id, text: words }, said.id, words);
    this.said = this.said.filter(({ id }) => id !== said.id);
    await this.look(tailSize);
  }

  async retry(): Promise<void> {
    this.fault = undefined;
    await this.look(pageSize);
  }

  /** Goes on with what came to no answer. */
  async goOn(): Promise<void> {
    await this.#turn({ chat: this.id }, crypto.randomUUID());
    await this.look(tailSize);
  }

  /** Ends the answer that is written; gives what waited to be said after it. */
  async stop(): Promise<string> {
    const waited = this.queue.clear();
    const run = this.underWay?.turn ?? this.said[0]?.id;
    try {
      if (run !== undefined) await home.cancel(run);
    } catch (error) {
      this.fault = messageOf(error);
    }
    return waited;
  }

  /** Reads the end of the chat again, or all of what is shown. */
  async look(limit: number): Promise<void> {
    const read = ++this.#reads;
    try {
      await home.live;
      const { messages, ...view } = await home.get("chat.show", { chat: this.id, limit });
      if (read !== this.#reads) return;
      this.#put(messages, view.earlier);
      this.view = view;
      if (view.underWay) void this.#watch(view.underWay.turn);
      // Here alone, for a reading may be overtaken: the one that counts says whether the turn is over.
      else this.#next();
    } catch (error) {
      if (read !== this.#reads) return;
      if (home.connection === "live") this.fault = messageOf(error);
      // While the daemon is away the banner says so.
      else
        void home.back.then(() => {
          if (!this.#leave.signal.aborted) void this.look(limit);
        });
    }
  }

  /** Reads what came before the first that is shown. */
  async more(): Promise<void> {
    const [first] = this.messages;
    if (!first || this.earlier === 0) return;
    try {
      const { messages, earlier } = await home.get("chat.show", { chat: this.id, limit: pageSize, before: first.id });
      if (this.messages[0]?.id !== first.id) return;
      this.messages = [...messages, ...this.messages];
      this.earlier = earlier;
    } catch (error) {
      this.fault = messageOf(error);
    }
  }

  /** Reads back to a message. */
  async reach(id: string): Promise<void> {
    while (!this.messages.some((message) => message.id === id) && this.earlier > 0 && this.fault === undefined)
      await this.more();
  }

  /** The end of the chat takes its place in what is shown; what did not change stays the same object. */
  #put(latest: readonly ShownMessage[], earlier: number): void {
    const at = this.messages.findIndex(({ id }) => id === latest[0]?.id);
    const known = new Map(this.messages.map((message) => [message.id, message]));
    const same = (message: ShownMessage) => {
      const before = known.get(message.id);
      return before && JSON.stringify(before) === JSON.stringify(message) ? before : message;
    };
    const kept = at === -1 ? [] : this.messages.slice(0, at);
    this.messages = [...kept, ...latest.map(same)];
    this.earlier = Math.max(0, earlier - kept.length);
  }

  /** One turn, by the same id however often the daemon was lost: what is said twice is kept once. */
  async #turn(args: { chat: string; text?: string }, id: string, words?: string): Promise<void> {
    this.fault = undefined;
    const onProgress = (progress: RunProgress) => this.#progress(progress);
    const options = { id, onProgress, detach: true, ...(words !== undefined && { words }) };
    for (;;) {
      try {
        const outcome = await home.act("chat.say", args, options);
        if (outcome.status !== "done" && outcome.status !== "interrupted") this.fault = sayingOf(outcome);
        break;
      } catch (error) {
        if (!isAway(error)) {
          this.fault = messageOf(error);
          break;
        }
        await home.back;
      }
    }
    this.lost = this.written.end();
  }

  /** Shows what a turn writes that this page may not have begun. */
  async #watch(run: string): Promise<void> {
    if (this.#watched === run || this.said.some(({ id }) => id === run)) return;
    this.#watched = run;
    try {
      await home.wait(run, { leave: this.#leave.signal, onProgress: (progress) => this.#progress(progress) });
    } catch (error) {
      if (this.#leave.signal.aborted) return;
      // A daemon that began anew knows nothing of the run: what is kept of it shows.
      if (isAway(error)) await home.back;
    }
    this.#watched = undefined;
    this.lost = this.written.end();
    await this.look(tailSize);
  }

  #progress({ run, text = "", note }: RunProgress): void {
    this.written.show(text);
    const isNews = this.underWay?.turn !== run || note !== this.#note;
    this.#note = note;
    if (isNews) this.#lookSoon(tailSize);
  }

  #next(): void {
    if (this.isWorking || this.fault !== undefined || this.view?.unanswered) return;
    const next = this.queue.take();
    if (next !== undefined) void this.say(next);
  }

  #hear({ subjects, name, principal }: Event): void {
    const isOurs = subjects.includes(`chat:${this.id}`) || principal === "module:chat" || name.startsWith("approval.");
    const isWide = /^(history|memory\.(forgotten|edited)|snapshot)/.test(name);
    if (!isOurs && !isWide) return;
    this.#lookSoon(isWide ? Math.max(pageSize, this.messages.length) : tailSize);
  }

  /** Once for all that happens in a moment, and never put off for ever. */
  #lookSoon(limit: number): void {
    this.#limit = Math.max(limit, this.#limit);
    this.#timer ??= setTimeout(() => {
      const wanted = this.#limit;
      this.#timer = undefined;
      this.#limit = 0;
      void this.look(wanted);
    }, pauseMs);
  }
}

const isAway = (error: unknown): boolean => error instanceof Fault && error.code === "daemon.refused";
