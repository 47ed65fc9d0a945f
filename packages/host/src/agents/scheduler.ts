import { Fault } from "@mh/contract/values/fault.ts";
import { agent as agentPrincipal, isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { Trigger } from "@mh/core/agent";
import { type AgentFile, narrower, wider } from "@mh/core/agents/agent-view.ts";
import { type AgentRow, agentRows, runsOf } from "@mh/core/agents/agents-table.ts";
import type { AgentManifest } from "@mh/core/agents/scheduler/agent-manifest.ts";
import {
  answeredSeq,
  type DueRun,
  dueRuns,
  type Moment,
  nextLook,
  type PendingEvent,
  settleMs,
  triggerKey,
} from "@mh/core/agents/scheduler/due.ts";
import { withOwnSchedule } from "@mh/core/agents/scheduler/own-schedule.ts";
import { runId, runTaskId } from "@mh/core/agents/scheduler/run-id.ts";
import { agentSection } from "@mh/core/agents/settings.ts";
import type { MaintenanceJob } from "@mh/core/feature.ts";
import { type Bus, matcher } from "@mh/core/kernel/bus.ts";
import { turnsOf } from "@mh/core/kernel/clock-jumps.ts";
import { dayMs } from "@mh/core/kernel/rates.ts";
import type { Config } from "@mh/core/model/config.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";

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
  /** Writes down that the clock jumped, if it did. */
  noteClock: () => Promise<void> | undefined;
  act: (command: Command) => Promise<Outcome>;
  files: () => Promise<AgentFile[]>;
  /** Hashes of the files that lie there, by agent. */
  hashes: () => Map<string, string>;
  maintenance: readonly MaintenanceJob[];
  onRun: (run: DueRun, outcome: Outcome) => void;
  /** What stands in the way, once each time it changes: of an agent, or of all where none is named. */
  onTrouble: (why: unknown, agent?: string) => void;
}

/** A changed file is looked at by the daemon itself. Others than the owner can write there, and it allows nothing. */
const daemon: Principal = "owner/daemon";
/** The machine may sleep, and its clock be set: no nap is longer. */
const napMsMax = 15_000;
const napMsMin = 50;
const runsRemembered = 100;

/** Starts the runs that are due. What has begun stands in the journal: there is no state here that a crash could lose. */
export class Scheduler implements AsyncDisposable {
  readonly #deps: SchedulerDeps;
  readonly #underway = new Map<string, Promise<void>>();
  readonly #looking = new Set<Promise<number>>();
  readonly #events = new Map<string, PendingEvent>();
  /** Up to where the past was searched for an agent's events. */
  readonly #searched = new Map<string, number>();
  readonly #declared = new Map<string, { text: string; manifest: AgentManifest }>();
  readonly #troubles = new Map<string, string>();
  readonly #subscription: Disposable;
  #ownerSeenMs: number;
  /** When each maintenance job was last done. */
  readonly #done = new Map<string, number>();
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
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const again = (nextMs: number) =>
        this.#wake(Math.min(Math.max(nextMs - this.#deps.clock.now(), napMsMin), napMsMax));
      void this.tick().then(again);
    }, inMs);
    this.#timer.unref();
  }

  /** Looks once, and starts what is due. Answers when the next look is due, milliseconds. Never rejects: it is told. */
  tick(): Promise<number> {
    const napEnd = () => this.#deps.clock.now() + napMsMax;
    const looked = this.#lookAtAll().then((nextMs = napEnd()) => Math.min(nextMs, napEnd()));
    const looking = looked.catch((error: unknown) => {
      this.#say("look", error);
      return napEnd();
    });
    this.#looking.add(looking);
    void looking.then(() => this.#looking.delete(looking));
    return looking;
  }

  async #lookAtAll(): Promise<number | undefined> {
    const { clock, config, timeZone, isStopped, reader } = this.#deps;
    if (this.#isClosed || isStopped()) return undefined;
    await this.#trying("files", () => this.#renew());
    // Whoever closed it meanwhile waits for this look, and for nothing that it begins.
    if (this.#isClosed || isStopped()) return undefined;
    await this.#trying("clock", () => this.#deps.noteClock());
    for (const job of this.#deps.maintenance) await this.#trying(job.skill, () => this.#do(job));
    const rows = agentRows(reader).filter(({ state }) => state === "on");
    await this.#trying("past", () => this.#searchPast(rows));
    const nowMs = clock.now();
    // The clock was set back: the owner was not here in the future.
    this.#ownerSeenMs = Math.min(this.#ownerSeenMs, nowMs);
    const moment: Moment = {
      nowMs,
      timeZone: timeZone(),
      ...turnsOf(reader),
      quietHours: config().quietHours,
      ownerSeenMs: this.#ownerSeenMs,
      // Those of a clock that was ahead would hide the others.
      runsOf: (agent, trigger) => runsOf(reader, agent, runsRemembered, trigger, nowMs + dayMs),
      eventFor: (agent, trigger) => this.#events.get(keyOf(agent, trigger)),
    };
    const nexts: number[] = [];
    for (const row of rows) {
      const next = await this.#trying("agent", () => this.#look(row, moment), row.name);
      if (next !== undefined) nexts.push(next);
    }
    this.#troubles.delete(keyOf("look", ""));
    return nexts.length > 0 ? Math.min(...nexts) : undefined;
  }

  /** Ends when every run that was started has ended. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway.values());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#subscription[Symbol.dispose]();
    await Promise.all(this.#looking);
    await this.settled();
  }

  /** Starts what is due of one agent, and answers when it is due next. */
  #look(row: AgentRow, moment: Moment): number | undefined {
    const manifest = withOwnSchedule(this.#manifestOf(row), this.#deps.config());
    const scheduled = { name: row.name, manifest, sinceMs: row.since_ms };
    for (const due of dueRuns(scheduled, moment)) this.#begin(due, manifest);
    return nextLook(scheduled, moment);
  }

  #begin(due: DueRun, manifest: AgentManifest): void {
    const { crypto, act, config, onRun } = this.#deps;
    const id = runId(crypto, due, due.attempt);
    if (this.#isClosed || this.#underway.has(id)) return;
    const { agent, trigger, kind, slot, attempt, event } = due;
    const at = new Date(due.atMs).toISOString();
    const words = `${JSON.stringify(agentSection(config(), agent))}\n${manifest.title}`;
    const command: Command = {
      id,
      principal: agentPrincipal(agent),
      skill: "agent.run",
      args: { agent, trigger, kind, slot, attempt, at, ...(event && { event }) },
      task: { id: runTaskId(crypto, due), words },
    };
    this.#follow(id, async () => onRun(due, await act(command)), agent);
  }

  #do({ skill, everyMs, isDue }: MaintenanceJob): void {
    const { clock, act } = this.#deps;
    const now = clock.now();
    const sinceMs = Math.abs(now - (this.#done.get(skill) ?? Number.NEGATIVE_INFINITY));
    if (sinceMs < everyMs || this.#underway.has(skill) || !isDue()) return;
    this.#done.set(skill, now);
    this.#follow(skill, () => act({ principal: daemon, skill, args: {} }));
  }

  #follow(id: string, work: () => Promise<unknown>, agent?: string): void {
    const ended = this.#trying("run", work, agent).then(() => void this.#underway.delete(id));
    this.#underway.set(id, ended);
  }

  /** Tells what goes wrong, and does not let it stand in the way of anything else. */
  async #trying<T>(what: string, work: () => T | Promise<T>, agent?: string): Promise<T | undefined> {
    try {
      const value = await work();
      this.#troubles.delete(keyOf(what, agent ?? ""));
      return value;
    } catch (error) {
      this.#say(what, error, agent);
      return undefined;
    }
  }

  /** Looks at files that changed: what came with mh is taken in, and what any asks for no longer is taken away. */
  async #renew(): Promise<void> {
    const { reader, hashes, files, act } = this.#deps;
    const lying = hashes();
    const changed = agentRows(reader).filter(({ name, hash }) => lying.has(name) && lying.get(name) !== hash);
    if (changed.length === 0) return;
    const all = new Map((await files()).map((file) => [file.name, file]));
    for (const row of changed) {
      const file = all.get(row.name);
      if (!file) continue;
      await this.#trying(
        "file",
        async () => {
          const why = whyNot(row, file);
          if (why === undefined || (file.manifest && narrower(row, file.manifest).length > 0)) {
            const outcome = await act({ principal: daemon, skill: "agent.renew", args: { name: row.name } });
            if (outcome.status === "failed") throw new Fault(outcome.fault.code, outcome.fault.message);
            if (outcome.status !== "done")
              throw new Fault("agent.invalid", `its new version was not taken in: ${outcome.status}`);
          }
          if (why !== undefined) throw new Fault("agent.invalid", why);
        },
        row.name,
      );
    }
  }

  #manifestOf({ name, manifest: text }: AgentRow): AgentManifest {
    const known = this.#declared.get(name);
    if (known?.text === text) return known.manifest;
    const manifest = JSON.parse(text) as AgentManifest;
    this.#declared.set(name, { text, manifest });
    return manifest;
  }

  #say(what: string, error: unknown, agent?: string): void {
    const key = keyOf(what, agent ?? "");
    if (this.#troubles.get(key) === String(error)) return;
    this.#troubles.set(key, String(error));
    this.#deps.onTrouble(error, agent);
  }

  #hear(event: Event): void {
    if (isOwner(event.principal) && event.principal !== daemon) this.#ownerSeenMs = this.#deps.clock.now();
    for (const row of agentRows(this.#deps.reader)) this.#note(row, event);
  }

  /** Events that came while nobody listened: the log is read once for all agents that wait for any. */
  #searchPast(rows: readonly AgentRow[]): void {
    const { reader, replay } = this.#deps;
    const listening = rows.filter((row) => {
      const isSearched = (this.#searched.get(row.name) ?? -1) >= row.from_seq;
      return !isSearched && this.#manifestOf(row).triggers.some(isEventTrigger);
    });
    const from = listening.map((row) => {
      const triggers = this.#manifestOf(row).triggers.filter(isEventTrigger);
      const answered = triggers.map((trigger) =>
        answeredSeq(runsOf(reader, row.name, runsRemembered, triggerKey(trigger))),
      );
      return Math.max(row.from_seq, Math.min(...answered) + 1);
    });
    if (listening.length === 0) return;
    for (const event of replay(Math.min(...from))) for (const row of listening) this.#note(row, event);
    for (const row of listening) this.#searched.set(row.name, row.from_seq);
  }

  /** An agent does not hear what it did itself. */
  #note(row: AgentRow, event: Event): void {
    if (event.principal === agentPrincipal(row.name) || event.seq < row.from_seq) return;
    for (const trigger of this.#manifestOf(row).triggers.filter(isEventTrigger)) {
      if (!matcher(trigger.event)(event.name)) continue;
      const key = keyOf(row.name, triggerKey(trigger));
      const known = this.#events.get(key);
      if (known && known.seq >= event.seq) continue;
      // The log's time never goes back; the clock may have been set back since.
      const atMs = Math.min(Date.parse(event.at), this.#deps.clock.now());
      this.#events.set(key, { seq: event.seq, atMs, name: event.name, command: event.command });
      this.#wake(settleMs(trigger) + napMsMin);
    }
  }
}

type EventTrigger = Extract<Trigger, { event: string }>;
const isEventTrigger = (trigger: Trigger): trigger is EventTrigger => "event" in trigger;

const keyOf = (...parts: readonly string[]): string => parts.join(" ");

function whyNot(row: AgentRow, file: AgentFile): string | undefined {
  if (!file.manifest) return `its file changed and cannot be used: ${file.fault}. The version before goes on`;
  const more = wider(row, file.manifest);
  if (more.length === 0 && file.isShipped) return undefined;
  const what = more.length > 0 ? `its file changed and asks for ${more.join(", ")} too` : "its file changed";
  return `${what}. The version before goes on; \`mh agent allow ${row.name}\` takes the new one in`;
}
