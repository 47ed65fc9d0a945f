import type { ActOptions, Client, WaitOptions } from "@mh/contract/client.ts";
import type { ArgsFor, SkillName, ValueFor } from "@mh/contract/contracts.ts";
import { httpClient } from "@mh/contract/http-client.ts";
import type { Connection } from "@mh/contract/http-follow.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import { linkedRequest, renew, sessionToken, takeLink } from "./session.ts";
import { SharedStream } from "./shared-stream.ts";

const statusPauseMs = 250;
/** After more missed events than these, what is on the screen is read again instead. */
const missedMax = 2000;

/** The home behind the page: one client, one stream of events, and what every page shows of how it stands. */
class Home {
  connection = $state<Exclude<Connection, "refused"> | "starting" | "signed-out">("starting");
  /** When the daemon was last heard of. */
  heardAt = $state<Date | undefined>();
  /** Why nobody is signed in. */
  reason = $state<string | undefined>();
  status = $state.raw<ValueFor<"home.status"> | undefined>();
  stopped = $state(false);
  runs = $state.raw<ReadonlyMap<string, RunProgress>>(new Map());

  readonly #client: Client = httpClient({
    origin: "",
    token: sessionToken,
    onConnection: (connection, last) => this.#stream.connected(connection, last),
    onGap: () => this.#stream.gap(),
    gapMax: missedMax,
    fetch: (...args) => fetch(...args),
  });
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #resets = new Set<() => void>();
  #theStream: SharedStream | undefined;
  readonly #live = Promise.withResolvers<void>();
  #back = Promise.withResolvers<void>();
  #statusTimer: ReturnType<typeof setTimeout> | undefined;

  /** The request that a link led to: it is opened once somebody is signed in. */
  request = $state<string | undefined>();

  /** Signs in and follows what happens. Called once, in a browser. */
  async start(): Promise<void> {
    this.request = linkedRequest();
    await takeLink().catch((error: unknown) => {
      this.reason = messageOf(error);
    });
    if (!sessionToken()) {
      this.connection = "signed-out";
      return;
    }
    // The session still holds; what keeps the daemon out of reach, the stream reports.
    void renew().catch(() => undefined);
    this.#stream.start();
  }

  /** Resolves once events are followed: what is read then misses nothing that happens later. */
  get live(): Promise<void> {
    return this.#live.promise;
  }

  /** Resolves once events arrive, at once where they do. */
  get back(): Promise<void> {
    return this.connection === "live" ? Promise.resolve() : this.#back.promise;
  }

  /** Runs a command; every end of it is a value. Throws a `Fault` where the daemon could not be asked. */
  async act<Name extends SkillName>(
    skill: Name,
    args: ArgsFor<Name>,
    options?: ActOptions,
  ): Promise<Outcome<ValueFor<Name>>> {
    const outcome = await this.#client.act(skill, args, options);
    this.heardAt = new Date();
    return outcome;
  }

  /** The value of a command. Throws a `Fault` for every other end. */
  async get<Name extends SkillName>(skill: Name, args: ArgsFor<Name>, options?: ActOptions): Promise<ValueFor<Name>> {
    const outcome = await this.act(skill, args, options);
    if (outcome.status === "done") return outcome.value;
    throw faultOf(outcome);
  }

  /**
   * The value of a command that the owner has just confirmed, having read all of it. What cannot be undone waits for such a
   * confirmation: it is given for exactly what was parked.
   */
  async confirmed<Name extends SkillName>(skill: Name, args: ArgsFor<Name>): Promise<ValueFor<Name>> {
    const outcome = await this.act(skill, args);
    if (outcome.status === "done") return outcome.value;
    if (outcome.status !== "parked") throw faultOf(outcome);
    const { hash } = await this.get("approval.show", { id: outcome.approval });
    const { run } = await this.approve({ id: outcome.approval, hash });
    const ended = await this.#client.wait(run);
    // The kernel held the value to its contract before it answered.
    if (ended.status === "done") return ended.value as ValueFor<Name>;
    throw faultOf(ended);
  }

  /** Approves what was shown. A device that has a passkey is asked for it where the daemon wants it: it decides, and checks. */
  async approve(given: ArgsFor<"approval.approve">): Promise<ValueFor<"approval.approve">> {
    const outcome = await this.act("approval.approve", given);
    if (outcome.status === "done") return outcome.value;
    if (outcome.status !== "failed" || outcome.fault.code !== "approval.passkey") throw faultOf(outcome);
    const { usePasskey } = await import("../devices/passkeys.ts");
    const passkey = await usePasskey({ for: "approve", approval: given.id, hash: given.hash }, sessionToken());
    return this.get("approval.approve", { ...given, passkey });
  }

  check(skill: string, args: unknown) {
    return this.#client.check(skill, args);
  }
  wait(run: string, options?: WaitOptions) {
    return this.#client.wait(run, options);
  }
  cancel(run: string) {
    return this.#client.cancel(run);
  }

  /** Hears of every event, each once, in their order. */
  on(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back when events were left out: whatever is on the screen has to be read again. */
  onReset(listener: () => void): () => void {
    this.#resets.add(listener);
    return () => this.#resets.delete(listener);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.get("kernel.stop", {});
  }
  async resume(): Promise<void> {
    await this.get("kernel.resume", {});
    this.stopped = false;
  }

  /** Made in a browser alone: the build runs these modules, too. */
  get #stream(): SharedStream {
    this.#theStream ??= new SharedStream(this.#client, {
      onConnection: (connection) => this.#connected(connection),
      onEvent: (event) => this.#hear(event),
      onProgress: (progress) => this.#progress(progress),
      onGap: () => {
        for (const listener of [...this.#resets]) listener();
      },
    });
    return this.#theStream;
  }

  #connected(connection: Connection): void {
    this.connection = connection === "refused" ? "signed-out" : connection;
    if (connection !== "live") return;
    this.heardAt = new Date();
    this.#live.resolve();
    this.#back.resolve();
    this.#back = Promise.withResolvers<void>();
    void this.#look();
  }

  #hear(event: Event): void {
    this.heardAt = new Date();
    if (event.name === "kernel.stopped") this.stopped = true;
    if (event.name === "kernel.resumed") this.stopped = false;
    for (const listener of [...this.#listeners]) listener(event);
    this.lookSoon();
  }

  /** Asks again how the home stands: after an event, and after what makes none. */
  lookSoon(): void {
    this.#statusTimer ??= setTimeout(() => void this.#look(), statusPauseMs);
  }

  #progress(progress: RunProgress): void {
    this.runs = new Map([...this.runs, [progress.run, progress]].slice(-100) as [string, RunProgress][]);
  }

  async #look(): Promise<void> {
    clearTimeout(this.#statusTimer);
    this.#statusTimer = undefined;
    try {
      const status = await this.get("home.status", {});
      this.status = status;
      this.stopped = status.stopped;
    } catch (error) {
      // The banner says that the daemon is away; anything else shows where it was asked for.
      if (this.connection === "live" && !(error instanceof Fault)) throw error;
    }
  }
}

const faultOf = (outcome: Exclude<Outcome, { status: "done" }>): Fault =>
  new Fault(outcome.status === "failed" ? outcome.fault.code : "protocol.invalid", sayingOf(outcome));

/** Why a command was not done, in the words that the daemon gave. */
export function sayingOf(outcome: Exclude<Outcome, { status: "done" }>): string {
  if (outcome.status === "failed") return outcome.fault.message;
  if (outcome.status === "denied" || outcome.status === "parked") return outcome.reason;
  return outcome.message;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const home = new Home();
