import { Fault } from "@mh/contract/values/fault.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import { skillName } from "./registry.ts";

export type Listener = (event: Event) => void;
export type Watcher = (progress: RunProgress) => void;

/**
 * Announces; does not control. A listener that throws harms nobody: its error goes to `onError`.
 * Patterns are names with `*` for one part and `**` for all the rest: `memory.*`, `**`.
 */
export class Bus {
  readonly #listeners = new Map<symbol, { matches: (name: string) => boolean; listener: Listener }>();
  readonly #watchers = new Map<symbol, Watcher>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  subscribe(pattern: string, listener: Listener): Disposable {
    const key = Symbol(pattern);
    this.#listeners.set(key, { matches: matcher(pattern), listener });
    return { [Symbol.dispose]: () => void this.#listeners.delete(key) };
  }

  publish(event: Event): void {
    for (const { matches, listener } of [...this.#listeners.values()]) {
      if (matches(event.name)) this.#tell(listener, event);
    }
  }

  /** Listens to how far runs are. What is said is never replayed. */
  watch(watcher: Watcher): Disposable {
    const key = Symbol("watcher");
    this.#watchers.set(key, watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(key) };
  }

  report(progress: RunProgress): void {
    for (const watcher of [...this.#watchers.values()]) this.#tell(watcher, progress);
  }

  #tell<T>(listener: (what: T) => void, what: T): void {
    try {
      listener(what);
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** The events among records [from, to) of a journal, in order: the same that were published when they were written. */
export function* replay(
  records: Iterable<JournalRecord>,
  eventName: (skill: string) => string | undefined,
  range: { from?: number; to?: number; pattern?: string } = {},
): Generator<Event> {
  const matches = matcher(range.pattern ?? "**");
  for (const record of records) {
    if (record.seq < (range.from ?? 0)) continue;
    if (record.seq >= (range.to ?? Number.POSITIVE_INFINITY)) return;
    const event = eventOf(record, eventName);
    if (event && matches(event.name)) yield event;
  }
}

const phaseEvents: Partial<Record<JournalRecord["phase"], string>> = {
  ask: "approval.asked",
  expire: "approval.expired",
  deny: "command.denied",
  stop: "kernel.stopped",
  adopt: "file.adopted",
};

/** The event that a record announces, if any. */
export function eventOf(record: JournalRecord, eventName: (skill: string) => string | undefined): Event | undefined {
  // An approval request that waits already is not announced again.
  if (record.phase === "ask" && record.ref !== record.id) return undefined;
  const name = record.phase === "outcome" ? endingOf(record, eventName) : phaseEvents[record.phase];
  if (!name) return undefined;
  const { seq, ts, id, principal, ref, body, skill } = record;
  const subjects = Array.isArray(body?.subjects) ? (body.subjects as string[]) : aboutRequest(record);
  return {
    ...{ seq, name, at: ts, command: id, principal, subjects },
    ...(ref !== undefined && { ref }),
    ...(skill !== undefined && { skill: skillName(skill) }),
  };
}

/** A request for approval that is made or lapses is what its event is about. */
function aboutRequest({ phase, ref }: JournalRecord): string[] {
  return (phase === "ask" || phase === "expire") && ref !== undefined ? [`approval:${ref}`] : [];
}

function endingOf({ outcome, skill }: JournalRecord, eventName: (skill: string) => string | undefined) {
  if (outcome?.status === "failed" || outcome?.status === "interrupted") return `command.${outcome.status}`;
  return skill && eventName(skill);
}

/** Whether a name fits a pattern. Throws `usage` where it is none. */
export function matcher(pattern: string): (name: string) => boolean {
  if (!/^(\*\*|[\w-]+|\*)(\.(\*\*|[\w-]+|\*))*$/.test(pattern)) {
    throw new Fault("usage", `${pattern} is no event pattern; \`memory.*\` or \`**\` are.`);
  }
  const wanted = pattern.split(".");
  return (name) => fits(wanted, name.split("."));
}

function fits(wanted: readonly string[], parts: readonly string[]): boolean {
  const [first, ...rest] = wanted;
  if (first === undefined) return parts.length === 0;
  if (first === "**") return true;
  return parts.length > 0 && (first === "*" || first === parts[0]) && fits(rest, parts.slice(1));
}
