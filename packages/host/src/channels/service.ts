import { type MessengerName, messengerNames } from "@mh/contract/values/messenger.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Answers } from "@mh/core/channels/answers.ts";
import { isNeeded } from "@mh/core/channels/is-needed.ts";
import { daemonPrincipal } from "@mh/core/channels/paired.ts";
import { botOf } from "@mh/core/channels/settings.ts";
import type { Service } from "@mh/core/feature.ts";
import type { Bus } from "@mh/core/kernel/bus.ts";
import type { Run } from "@mh/core/kernel/run.ts";
import type { Config } from "@mh/core/model/config.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Database } from "@mh/core/ports/database.ts";

export interface ServiceParts {
  reader: Database;
  readObject: (name: string) => string | undefined;
  clock: Clock;
  bus: Bus;
  config: () => Config;
  begin: (command: Command) => Run;
  answers: Answers;
  state: ChannelStates;
}

/** What the daemon is doing about each channel, in words. */
export type ChannelStates = Map<MessengerName, string>;

const lookEveryMs = 5_000;
const firstPauseMs = 1_000;
const pauseMsMax = 10 * 60_000;

/** Listens for as long as something is paired or a code waits, and shows what is to be shown. */
export const channelService = (parts: ServiceParts): Service => ({
  name: "channels",
  start() {
    const service = new ChannelService(parts);
    service.look();
    return service;
  },
});

class ChannelService implements AsyncDisposable {
  readonly #parts: ServiceParts;
  readonly #listening = new Map<MessengerName, Run>();
  /** How often in a row listening came to nothing, and when it is tried again. */
  readonly #rests = new Map<MessengerName, { times: number; until: number }>();
  readonly #subscription: Disposable;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isClosed = false;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#subscription = parts.bus.subscribe("**", ({ name }) => {
      // What kept it from listening may be in order now.
      if (/^(secret|config)\./.test(name)) this.#rests.clear();
      this.#soon();
    });
  }

  /** Begins what is missing, and looks again by itself. */
  look(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#isLooking = false;
    for (const channel of messengerNames) this.#listen(channel);
    this.#parts.answers.look();
    this.#timer = setTimeout(() => this.look(), lookEveryMs).unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#subscription[Symbol.dispose]();
    const runs = [...this.#listening.values()];
    for (const run of runs) run.cancel("The daemon stops listening");
    await Promise.all(runs.map(({ outcome }) => outcome));
    await this.#parts.answers.settled();
    this.#parts.state.clear();
  }

  /** What was announced is in the tables a moment later; many at once are one look. */
  #soon(): void {
    if (this.#isLooking || this.#isClosed) return;
    this.#isLooking = true;
    setImmediate(() => this.look());
  }

  #listen(channel: MessengerName): void {
    const { begin, state, clock, config } = this.#parts;
    const isWanted = botOf(config(), channel) !== undefined && isNeeded(this.#parts, channel, clock.now());
    const under = this.#listening.get(channel);
    if (under && !isWanted) under.cancel("Nothing is paired any more");
    const rest = this.#rests.get(channel);
    if (under || (rest && performance.now() < rest.until)) return;
    if (!isWanted) return void state.delete(channel);
    state.set(channel, "connecting");
    const run = begin({ principal: daemonPrincipal, skill: "channel.listen", args: { channel } });
    this.#listening.set(channel, run);
    const over = (outcome: Outcome) => this.#over(channel, outcome);
    run.outcome.then(over, () => this.#listening.delete(channel));
  }

  /** An hour is over: it goes on at once. Something failed: later each time. */
  #over(channel: MessengerName, outcome: Outcome): void {
    this.#listening.delete(channel);
    if (this.#isClosed) return;
    if (outcome.status === "done") {
      this.#rests.delete(channel);
      return this.#soon();
    }
    const times = (this.#rests.get(channel)?.times ?? 0) + 1;
    const pauseMs = Math.min(firstPauseMs * 2 ** (times - 1), pauseMsMax);
    this.#rests.set(channel, { times, until: performance.now() + pauseMs });
    const why = outcome.status === "failed" ? outcome.fault.message : outcome.status;
    this.#parts.state.set(channel, `not listening, tried again in ${Math.ceil(pauseMs / 1000)} s: ${why}`);
    setTimeout(() => this.look(), pauseMs).unref();
  }
}
