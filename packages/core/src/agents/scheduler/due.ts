import type { AgentRunRow } from "@mh/contract/values/agent.ts";
import type { Trigger } from "../../agent.ts";
import type { QuietHours } from "../../model/quiet-hours.ts";
import type { AgentManifest } from "./agent-manifest.ts";
import { durationMs } from "./agent-manifest.ts";
import { cronSlots, nextCronSlot, type Slot } from "./cron.ts";
import { quietUntil } from "./quiet-hours.ts";

/** One agent as the scheduler sees it. */
export interface Scheduled {
  name: string;
  manifest: AgentManifest;
  /** Since when it is on: what was due before is none of its business. */
  sinceMs: number;
}

/** An event that a trigger waits for, the last of those that came so far. */
export interface PendingEvent {
  seq: number;
  atMs: number;
  name: string;
  command: string;
}

export interface Moment {
  nowMs: number;
  timeZone: string;
  /** How often the clock was set back by more than a day: then the same slots come again, and are others. */
  turns?: number;
  /** To when it was put forward by more than a day: nothing of before was missed. */
  aheadMs?: number;
  quietHours: QuietHours | undefined;
  /** When the owner last did anything. */
  ownerSeenMs: number;
  /** The latest runs of one trigger, the newest slot first, its last attempt before the earlier ones. */
  runsOf: (agent: string, trigger: string) => readonly AgentRunRow[];
  eventFor: (agent: string, trigger: string) => PendingEvent | undefined;
}

/** A run that should begin now. */
export interface DueRun {
  agent: string;
  /** Names the trigger, and with the slot the run: begun once, whatever crashes. */
  trigger: string;
  kind: "cron" | "every" | "event" | "idle";
  slot: string;
  atMs: number;
  attempt: number;
  event?: { name: string; command: string };
}

/** Later than that, a slot was missed and the missed-run policy says what becomes of it. */
const graceMs = 2 * 60_000;
/** Nobody wants the runs of last year. */
const lookBackMs = 35 * 24 * 3_600_000;
/** Of `all` missed runs, at most so many. */
const missedMax = 100;
/** Agents that wake each other up do it no faster. What is left waiting is not lost: the last event answers for it. */
const eventRunsPerHourMax = 60;

export const triggerKey = (trigger: Trigger): string =>
  Object.entries(trigger)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

/**
 * What of an agent should begin now: for each trigger at most one run, the oldest that is due, and none while an earlier
 * one of the same trigger is under way. Pure: the same moment gives the same runs.
 */
export function dueRuns(agent: Scheduled, moment: Moment): DueRun[] {
  const { manifest } = agent;
  const isHeld = manifest.quietHours !== "run" && quietAt(moment, moment.nowMs) !== undefined;
  if (isHeld) return [];
  return manifest.triggers.flatMap((trigger) => dueOf(agent, trigger, moment) ?? []);
}

/** When an agent's timed triggers are next due, milliseconds UTC; undefined where it has none. */
export function nextDue({ manifest }: Scheduled, moment: Pick<Moment, "nowMs" | "timeZone">): number | undefined {
  const times = manifest.triggers.map((trigger) => {
    if ("cron" in trigger) return nextCronSlot(trigger.cron, moment.timeZone, moment.nowMs)?.atMs;
    if ("every" in trigger) return nextOf(durationMs(trigger.every), moment.nowMs);
    return undefined;
  });
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** When it is worth looking at an agent again: for its times, and for events that have not settled yet. */
export function nextLook(agent: Scheduled, moment: Moment): number | undefined {
  const settled = agent.manifest.triggers.flatMap((trigger) => {
    const event = "event" in trigger ? moment.eventFor(agent.name, triggerKey(trigger)) : undefined;
    return event && "event" in trigger ? [event.atMs + settleMs(trigger)] : [];
  });
  const times = [...settled, nextDue(agent, moment) ?? 0].filter((time) => time > moment.nowMs);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** How long after its n-th attempt a run is tried again: 1, 4, 16 minutes, an hour at most. */
export const backOffMs = (attempt: number): number => Math.min(60_000 * 4 ** (attempt - 1), 3_600_000);

function dueOf(agent: Scheduled, trigger: Trigger, moment: Moment): DueRun | undefined {
  const key = triggerKey(trigger);
  const runs = moment.runsOf(agent.name, key);
  const [last] = runs;
  if (last?.status === "begun") return undefined;
  const found = newest(agent, trigger, key, moment, last) ?? again(agent, trigger, moment, last);
  return found && { ...found, agent: agent.name, trigger: key };
}

type Found = Omit<DueRun, "agent" | "trigger">;

function newest(
  agent: Scheduled,
  trigger: Trigger,
  key: string,
  moment: Moment,
  last: AgentRunRow | undefined,
): Found | undefined {
  if ("event" in trigger) return ofEvent(agent, trigger, key, moment);
  if ("idle" in trigger) return ofIdle(agent, trigger, moment, last);
  const kind = "cron" in trigger ? "cron" : "every";
  const runs = moment.runsOf(agent.name, key);
  const known = new Set(runs.map(({ slot }) => slot));
  // Where the owner travels, the same hour comes twice in a day.
  const slots = slotsOf(trigger, agent, moment, runs).filter(({ slot }) => !known.has(slot));
  const slot = timed(agent, slots, moment);
  return slot && { kind, slot: slot.slot, atMs: slot.atMs, attempt: 1 };
}

function slotsOf(
  trigger: Extract<Trigger, { cron: string } | { every: string }>,
  agent: Scheduled,
  { nowMs, timeZone, turns = 0, aheadMs = 0 }: Moment,
  runs: readonly AgentRunRow[],
): Slot[] {
  // What was begun while the clock was ahead says nothing of the times until then.
  const past = runs.find(({ at_ms }) => at_ms <= nowMs)?.at_ms;
  const after = Math.max(
    ...[sinceOf(agent, nowMs), past ?? 0, nowMs - lookBackMs],
    aheadMs <= nowMs ? aheadMs - graceMs : 0,
  );
  const slots =
    "cron" in trigger
      ? [...cronSlots(trigger.cron, timeZone, after, nowMs)]
      : everySlots(durationMs(trigger.every), after, nowMs);
  return turns === 0 ? slots : slots.map(({ slot, atMs }) => ({ slot: `${slot}~${turns}`, atMs }));
}

/** Since when it is on. A time in the future was written while the clock was ahead: then only what is due now counts. */
const sinceOf = ({ sinceMs }: Scheduled, nowMs: number): number => (sinceMs > nowMs ? nowMs - graceMs : sinceMs);

/** Of the slots since the last run, the one to run now. Those of quiet hours count from the end of the quiet. */
function timed({ manifest }: Scheduled, slots: readonly Slot[], moment: Moment): Slot | undefined {
  const ready = slots.flatMap((slot) => {
    const end = manifest.quietHours === "run" ? undefined : quietAt(moment, slot.atMs);
    if (end === undefined) return [{ slot, dueMs: slot.atMs }];
    return manifest.quietHours === "skip" ? [] : [{ slot, dueMs: end }];
  });
  const fresh = ready.filter(({ dueMs }) => dueMs >= moment.nowMs - graceMs);
  if (manifest.missed === "all") return ready.slice(-missedMax)[0]?.slot;
  return (manifest.missed === "skip" ? fresh : ready).at(-1)?.slot;
}

function everySlots(stepMs: number, afterMs: number, untilMs: number): Slot[] {
  const first = Math.max(nextOf(stepMs, afterMs), nextOf(stepMs, untilMs - missedMax * stepMs));
  const slots: Slot[] = [];
  for (let atMs = first; atMs <= untilMs; atMs += stepMs) slots.push({ slot: new Date(atMs).toISOString(), atMs });
  return slots;
}

const nextOf = (stepMs: number, afterMs: number): number => (Math.floor(afterMs / stepMs) + 1) * stepMs;

/** How long an event's like must stay away before a run answers for all of them. */
export const settleMs = ({ settle = "2s" }: Extract<Trigger, { event: string }>): number => durationMs(settle);

function ofEvent(
  agent: Scheduled,
  trigger: Extract<Trigger, { event: string }>,
  key: string,
  { nowMs, eventFor, runsOf }: Moment,
): Found | undefined {
  const event = eventFor(agent.name, key);
  const runs = runsOf(agent.name, key);
  const isNew = event && event.seq > answeredSeq(runs);
  if (!isNew || nowMs < event.atMs + settleMs(trigger)) return undefined;
  const isMissed = event.atMs < nowMs - graceMs && agent.manifest.missed === "skip";
  const ofLateHour = runs.filter(({ begun_ms }) => Math.abs(nowMs - begun_ms) < 3_600_000);
  if (isMissed || ofLateHour.length >= eventRunsPerHourMax) return undefined;
  const { seq, atMs, name, command } = event;
  return { kind: "event", slot: String(seq), atMs, attempt: 1, event: { name, command } };
}

/** The last event that a run of the trigger answered; -1 where there is none. */
export const answeredSeq = (runs: readonly AgentRunRow[]): number =>
  Math.max(-1, ...runs.map(({ slot }) => Number(slot)));

function ofIdle(
  agent: Scheduled,
  trigger: Extract<Trigger, { idle: string }>,
  { nowMs, ownerSeenMs }: Moment,
  last: AgentRunRow | undefined,
): Found | undefined {
  const slot = new Date(ownerSeenMs).toISOString();
  const atMs = ownerSeenMs + durationMs(trigger.idle);
  if (nowMs < atMs || last?.slot === slot || atMs < sinceOf(agent, nowMs)) return undefined;
  return { kind: "idle", slot, atMs, attempt: 1 };
}

/** Ends that another attempt would not better: the owner's STOP, and a question that waits for the owner. */
const final: readonly (string | null)[] = ["stopped", "agent.waits"];

/** The last run once more, where it failed or a crash cut it off, after a growing pause. */
function again(
  { manifest }: Scheduled,
  trigger: Trigger,
  { nowMs }: Moment,
  last: AgentRunRow | undefined,
): Found | undefined {
  if (!last || (last.status !== "failed" && last.status !== "interrupted") || final.includes(last.fault))
    return undefined;
  // When a run was cut off, nobody can say; only when that was found out.
  const sinceMs = last.status === "failed" ? (last.ended_ms ?? last.begun_ms) : last.begun_ms;
  const isTooSoon = nowMs >= sinceMs && nowMs < sinceMs + backOffMs(last.attempt);
  if (last.attempt > manifest.retries || isTooSoon) return undefined;
  const kind = Object.keys(trigger)[0] as DueRun["kind"];
  return { kind, slot: last.slot, atMs: last.at_ms, attempt: last.attempt + 1 };
}

const quietAt = ({ quietHours, timeZone }: Moment, atMs: number): number | undefined =>
  quietUntil(quietHours, timeZone, atMs);
