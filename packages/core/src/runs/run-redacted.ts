import type { hiddenKinds, RunTrace, RunTraceStep } from "@mh/contract/run-look.ts";
import { faultCodes } from "@mh/contract/values/fault.ts";
import { kindOf } from "@mh/contract/values/principal.ts";

type Kind = (typeof hiddenKinds)[number];

/** What may be named in a file that is given away: it came with mh, and so says nothing of the home. */
export interface Known {
  isShippedSkill(name: string): boolean;
  isShippedAgent(name: string): boolean;
}

/**
 * A run with its shape alone: who by kind, the skills that came with mh, verdicts, spans of time and counts. It is built of
 * what may be shown, so that what is forgotten here is left out. The same value has the same placeholder all through.
 */
export function redactedRun(run: RunTrace, known: Known): { run: RunTrace; hidden: { kind: Kind; count: number }[] } {
  const places = placeholders();
  const ids = new Map(run.steps.map(({ id }, n) => [id, n === 0 ? "run" : `step ${n}`]));
  const begin = earliestOf(run);
  const since = (at: string | null) => (at === null ? null : new Date(Date.parse(at) - begin).toISOString());
  const agentName = (name: string) => (known.isShippedAgent(name) ? name : places.of("agent", name));
  const skill = (name: string) => (known.isShippedSkill(name) ? name : places.of("skill", name));
  const principal = (whole: string): string => {
    const kind = kindOf(whole);
    if (kind === "owner" || kind === "file") return kind;
    const name = whole.slice(kind.length + 1);
    return kind === "agent" ? `agent:${agentName(name)}` : `${kind}:${places.of("program", whole)}`;
  };
  const step = (each: RunTraceStep, n: number): RunTraceStep => {
    if (each.reason !== "") places.of("text", each.reason);
    places.of("id", each.id);
    return {
      id: ids.get(each.id) ?? "step",
      parent: each.parent === null ? null : (ids.get(each.parent) ?? "run"),
      seq: n,
      principal: principal(each.principal),
      skill: skill(each.skill),
      ...{ status: each.status, effect: each.effect, verdict: each.verdict, layer: each.layer },
      reason: "",
      fault: each.fault === null ? null : faultCode(each.fault),
      ...{ begunAt: since(each.begunAt), endedAt: since(each.endedAt) },
      ...{ askedAt: since(each.askedAt), answeredAt: since(each.answeredAt) },
      isCritical: each.isCritical,
      touches: each.touches.map(({ kind, value }) => ({ kind, value: places.of(kind, value) })),
      ...{ tokens: each.tokens, minor: each.minor },
    };
  };
  const faultCode = (code: string) =>
    (faultCodes as readonly string[]).includes(code) ? code : places.of("text", code);
  const steps = run.steps.map(step);
  if (run.task !== null) places.of("id", run.task);
  const shown: RunTrace = {
    id: "run",
    agent: run.agent === null ? null : agentName(run.agent),
    trigger: run.trigger === null ? null : triggerKind(run.trigger, places),
    attempt: run.attempt,
    task: null,
    ...{ begunAt: since(run.begunAt), endedAt: since(run.endedAt) },
    usage: run.usage && { ms: run.usage.ms, cpuMs: run.usage.cpuMs, rssBytesMax: run.usage.rssBytesMax },
    ensures: run.ensures.map((each) => ({ skill: ensured(each.skill, skill), held: each.held })),
    steps,
    left: run.left,
  };
  return { run: shown, hidden: places.counts() };
}

/** A skill that must be there, or may wait (`?`). */
const ensured = (name: string, skill: (name: string) => string): string =>
  name.endsWith("?") ? `${skill(name.slice(0, -1))}?` : skill(name);

function triggerKind(trigger: string, places: ReturnType<typeof placeholders>): string {
  const [kind = ""] = trigger.split(" ", 1);
  if (trigger === "owner") return trigger;
  places.of("text", trigger);
  return ["cron", "every", "event", "idle"].includes(kind) ? kind : "somebody";
}

const earliestOf = ({ steps }: RunTrace): number => {
  const times = steps
    .flatMap(({ begunAt, endedAt, askedAt }) => [begunAt, endedAt, askedAt])
    .filter((at) => at !== null);
  return Math.min(...times.map((at) => Date.parse(at)));
};

/** Stable names for values that are not shown: the first path is “path A”, wherever it stands. */
function placeholders() {
  const known = new Map<Kind, Map<string, string>>();
  return {
    of(kind: Kind, value: string): string {
      const own = known.get(kind) ?? new Map<string, string>();
      known.set(kind, own);
      const name = own.get(value) ?? `${kind} ${letters(own.size)}`;
      own.set(value, name);
      return name;
    },
    counts: () => [...known].map(([kind, own]) => ({ kind, count: own.size })),
  };
}

/** A, B, … Z, AA, AB, … */
function letters(n: number): string {
  const last = String.fromCharCode(65 + (n % 26));
  return n < 26 ? last : letters(Math.floor(n / 26) - 1) + last;
}
