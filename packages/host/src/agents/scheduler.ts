import type { Trigger } from "@mh/core/agent.ts";
import type { Command, Outcome } from "@mh/core/model/command.ts";
import type { Config } from "@mh/core/model/config.ts";
import { Fault } from "@mh/core/model/fault.ts";
import { agent as agentPrincipal, isOwner, type Principal } from "@mh/core/model/principal.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { AgentManifest } from "@mh/core/scheduler/agent-manifest.ts";
import {
  type DueRun,
  dueRuns,
  type Moment,
  nextDue,
  type PendingEvent,
  settleMs,
  triggerKey,
} from "@mh/core/scheduler/due.ts";
import { withOwnSchedule } from "@mh/core/scheduler/own-schedule.ts";
import { quietUntil } from "@mh/core/scheduler/quiet-hours.ts";
import { runId, runTaskId } from "@mh/core/scheduler/run-id.ts";
import { type AgentFile, wider } from "@mh/core/skills/agent.ts";
import { type AgentRow, agentRows, runsOf } from "@mh/core/spine/agents.ts";
import { type Bus, type Event, matcher } from "@mh/core/spine/bus.ts";

export interface SchedulerDeps {
  reader: Database;
  crypto: Crypto;
  clock: Clock;
  bus: Bus;
  /** Events of the past from a place of the journal on. */
  replay: (from: number) => Iterable<Event>;
  config: () => Config;
  timeZone: () => string;
  isStopped: () => boolean;
  act: (command: Command) => Promise<Outcome>;
  files: () => Promise<AgentFile[]>;
  /** Hashes of the files that lie there, by agent. */
  hashes: () => Map<string, string>;
  onRun: (run: DueRun, outcome: Outcome) => void;
  /** Notices that quiet hours hold back. */
  held: () => number;
  /** What stands in the way of an agent, once each time it changes. */
  onTrouble: (agent: string, why: string) => void;
}

/** A changed file is taken in by the daemon itself: whoever can write there is the owner. */
const daemon: Principal = "owner/daemon";
/** The machine may sleep, and its clock be set: no nap is longer. */
const napMsMax = 15_000;
const napMsMin = 50;
/** A notice that no channel takes is not tried again at every look. */
const flushEveryMs = 5 * 60_000;
const runsRemembered = 100;

/** Starts the runs that are due. What has begun stands in the journal: there is no state here that a crash could lose. */
export class Scheduler implements AsyncDisposable {
  readonly #deps: SchedulerDeps;
  readonly #underway = new Map<string, Promise<void>>();
  readonly #events = new Map<string, PendingEvent>();
  /** Up to where the past was searched for an agent's events. */
  readonly #searched = new Map<string, number>();
  readonly #troubles = new Map<string, string>();
  readonly #subscription: Disposable;
  #ownerSeenMs: number;
  #flushedMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = 0;
  #isStarted = false;
  #isClosed = false;

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
    this.#ownerSeenMs = deps.clock.now();
    this.#subscription = deps.bus.subscribe("**", (event) => this.#hear(event));
  }

  /** Goes on by itself until it is disposed. */
  start(): void {
    this.#isStarted = true;
    this.#wake(0);
  }

  /** Looks again in so many milliseconds, or before. */
  #wake(inMs: number): void {
    if (this.#isClosed || !this.#isStarted) return;
    const at = performance.now() + inMs;
    if (this.#timer && at >= this.#wakesAt) return;
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(async () => {
      this.#timer = undefined;
      const nextMs = await this.tick();
      this.#wake(Math.min(Math.max(nextMs - this.#deps.clock.now(), napMsMin), napMsMax));
    }, inMs);
    this.#timer.unref();
  }

  /** Looks once, and starts what is due. Answers when the next look is due, milliseconds. */
  async tick(): Promise<number> {
    const { clock, isStopped, reader } = this.#deps;
    if (isStopped()) return clock.now() + napMsMax;
    await this.#renew();
    await this.#flush();
    const nexts = agentRows(reader)
      .filter(({ state }) => state === "on")
      .map((row) => this.#look(row));
    return Math.min(clock.now() + napMsMax, ...nexts.filter((next) => next !== undefined));
  }

  /** Ends when every run that was started has ended. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway.values());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#subscription[Symbol.dispose]();
    await this.settled();
  }

  /** Starts what is due of one agent, and answers when it is due next. */
  #look(row: AgentRow): number | undefined {
    const { clock, config, timeZone } = this.#deps;
    const manifest = this.#manifestOf(row);
    if (!manifest) return undefined;
    this.#searchPast(row, manifest);
    const scheduled = { name: row.name, manifest, sinceMs: row.since_ms };
    const { quietHours } = config();
    const moment: Moment = {
      nowMs: clock.now(),
      timeZone: timeZone(),
      quietHours,
      ownerSeenMs: this.#ownerSeenMs,
      runsOf: (agent, trigger) => runsOf(this.#deps.reader, agent, runsRemembered, trigger),
      eventFor: (agent, trigger) => this.#events.get(keyOf(agent, trigger)),
    };
    for (const due of dueRuns(scheduled, moment)) this.#begin(due, row, manifest);
    return nextDue(scheduled, moment);
  }

  #begin(due: DueRun, row: AgentRow, manifest: AgentManifest): void {
    const { crypto, act, config, onRun } = this.#deps;
    const id = runId(crypto, due, due.attempt);
    if (this.#underway.has(id)) return;
    const { agent, trigger, kind, slot, attempt, event } = due;
    const at = new Date(due.atMs).toISOString();
    const words = `${JSON.stringify(config().agents[agent] ?? {})}\n${manifest.title}`;
    const command: Command = {
      id,
      principal: agentPrincipal(agent),
      skill: "agent.run",
      args: { agent, trigger, kind, slot, attempt, at, ...(event && { event }) },
      task: { id: runTaskId(crypto, due), words },
    };
    const ending = act(command).then(
      (outcome) => onRun(due, outcome),
      (error: unknown) => this.#say(row.name, String(error)),
    );
    const ended = ending.finally(() => this.#underway.delete(id));
    this.#underway.set(id, ended);
  }

  /** Sends what quiet hours held back, once they are over. */
  async #flush(): Promise<void> {
    const { held, clock, config, timeZone, act } = this.#deps;
    const now = clock.now();
    if (held() === 0 || now < this.#flushedMs + flushEveryMs) return;
    if (quietUntil(config().quietHours, timeZone(), now) !== undefined) return;
    this.#flushedMs = now;
    await act({ principal: daemon, skill: "notify.flush", args: {} });
  }

  /** Takes in files that changed and ask for nothing more than they were allowed. */
  async #renew(): Promise<void> {
    const { reader, hashes, files, act } = this.#deps;
    const lying = hashes();
    const changed = agentRows(reader).filter(({ name, hash }) => lying.has(name) && lying.get(name) !== hash);
    if (changed.length === 0) return;
    const all = new Map((await files()).map((file) => [file.name, file]));
    for (const row of changed) {
      const file = all.get(row.name);
      if (!file) continue;
      const why = whyNot(row, file);
      if (why !== undefined) {
        this.#say(row.name, why);
        continue;
      }
      const outcome = await act({ principal: daemon, skill: "agent.renew", args: { name: row.name } });
      if (outcome.status === "done") this.#troubles.delete(row.name);
      else this.#say(row.name, outcome.status === "failed" ? outcome.fault.message : outcome.status);
    }
  }

  #manifestOf(row: AgentRow): AgentManifest | undefined {
    try {
      return withOwnSchedule(JSON.parse(row.manifest) as AgentManifest, this.#deps.config());
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#say(row.name, error.message);
      return undefined;
    }
  }

  #say(agent: string, why: string): void {
    if (this.#troubles.get(agent) === why) return;
    this.#troubles.set(agent, why);
    this.#deps.onTrouble(agent, why);
  }

  #hear(event: Event): void {
    if (isOwner(event.principal) && event.principal !== daemon) this.#ownerSeenMs = this.#deps.clock.now();
    for (const row of agentRows(this.#deps.reader)) this.#note(row, eventTriggers(row), event);
  }

  /** Events that came while nobody listened. */
  #searchPast(row: AgentRow, manifest: AgentManifest): void {
    const triggers = manifest.triggers.filter(isEventTrigger);
    if (triggers.length === 0 || (this.#searched.get(row.name) ?? -1) >= row.from_seq) return;
    this.#searched.set(row.name, row.from_seq);
    const answered = triggers.map((trigger) =>
      Number(runsOf(this.#deps.reader, row.name, 1, triggerKey(trigger))[0]?.slot ?? -1),
    );
    const from = Math.max(row.from_seq, Math.min(...answered) + 1);
    for (const event of this.#deps.replay(from)) this.#note(row, triggers, event);
  }

  /** An agent does not hear what it did itself. */
  #note(row: AgentRow, triggers: readonly EventTrigger[], event: Event): void {
    if (event.principal === agentPrincipal(row.name) || event.seq < row.from_seq) return;
    for (const trigger of triggers) {
      if (!matcher(trigger.event)(event.name)) continue;
      const key = keyOf(row.name, triggerKey(trigger));
      const known = this.#events.get(key);
      if (known && known.seq >= event.seq) continue;
      this.#events.set(key, { seq: event.seq, atMs: Date.parse(event.at), name: event.name, command: event.command });
      this.#wake(settleMs(trigger) + napMsMin);
    }
  }
}

type EventTrigger = Extract<Trigger, { event: string }>;
const isEventTrigger = (trigger: Trigger): trigger is EventTrigger => "event" in trigger;

const eventTriggers = (row: AgentRow): EventTrigger[] =>
  (JSON.parse(row.manifest) as AgentManifest).triggers.filter(isEventTrigger);

const keyOf = (agent: string, trigger: string): string => `${agent} ${trigger}`;

function whyNot(row: AgentRow, file: AgentFile): string | undefined {
  if (!file.manifest) return `its file changed and cannot be used: ${file.fault}. The version before goes on`;
  const more = wider(row, file.manifest);
  if (more.length === 0) return undefined;
  return `its file changed and asks for ${more.join(", ")} too. The version before goes on; \`mh agent allow ${row.name}\` takes the new one in`;
}
