import { once } from "@mh/contract/once.ts";
import type { RunTrace, RunTraceStep } from "@mh/contract/run-look.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { z } from "zod";
import { delegatedSchema, runBodySchema } from "../agents/agents-table.ts";
import { isAnswer } from "../journal/is-answer.ts";
import { spentIn } from "../kernel/rates.ts";
import { skillName } from "../kernel/registry.ts";
import { markCritical } from "./critical-path.ts";

const stepsMax = 500;

/** What the outcome of a run says of it. */
const ranSchema = once(() =>
  z.object({
    ensures: z.array(z.strictObject({ skill: z.string(), held: z.boolean() })),
    usage: z.strictObject({ ms: z.number(), cpuMs: z.number(), rssBytesMax: z.number() }),
  }),
);

/** A run as its records tell of it: each command once, the run itself first. Pure. */
export function traceOf(id: string, records: readonly JournalRecord[]): RunTrace {
  const groups = Map.groupBy(records, (record) => groupOf(record));
  const own = groups.get(id) ?? [];
  const ids = [id, ...[...groups.keys()].filter((each) => each !== id)];
  const steps = ids
    .slice(0, stepsMax)
    .map((each) => stepOf(each, groups.get(each) ?? [], each === id ? null : parentOf(groups.get(each), groups, id)));
  const [root] = steps;
  const begun = first(own, runBodySchema(), "run");
  const ran = first(own, ranSchema(), "run");
  const agent = first(own, delegatedSchema(), "delegated")?.agent ?? agentOf(root);
  return {
    id,
    agent,
    trigger: begun?.trigger ?? null,
    attempt: begun?.attempt ?? null,
    task: records.find((record) => record.id !== id && record.task)?.task ?? own[0]?.task ?? null,
    begunAt: root?.begunAt ?? null,
    endedAt: root?.endedAt ?? null,
    usage: ran?.usage ?? null,
    ensures: ran?.ensures ?? [],
    steps: markCritical(steps, records.at(-1)?.ts),
    left: ids.length - steps.length,
  };
}

/** An answer of the owner's belongs to what it answers. */
const groupOf = (record: JournalRecord): string => (isAnswer(record) ? (record.ref ?? record.id) : record.id);

const agentOf = (root: RunTraceStep | undefined): string | null =>
  root?.skill === "agent.run" ? root.principal.slice("agent:".length) : null;

function parentOf(
  records: readonly JournalRecord[] | undefined,
  known: ReadonlyMap<string, unknown>,
  root: string,
): string {
  const cause = records?.find((record) => record.cause !== undefined)?.cause;
  return cause !== undefined && known.has(cause) ? cause : root;
}

function stepOf(id: string, records: readonly JournalRecord[], parent: string | null): RunTraceStep {
  const own = records.filter((record) => record.id === id);
  const at = (wanted: JournalRecord["phase"]) => records.find(({ phase }) => phase === wanted);
  const decided = own.findLast((record) => record.verdict !== undefined);
  const against =
    decided?.verdict === "allow" ? undefined : decided?.layers?.find((each) => each.verdict === decided.verdict);
  const outcome = own.findLast(({ phase }) => phase === "outcome");
  const request = own.find((record) => record.request)?.request?.[0];
  const { tokens = 0, minor = 0 } = (outcome && spentIn(outcome)) ?? {};
  const [earliest] = own;
  return {
    id,
    parent,
    seq: earliest?.seq ?? 0,
    principal: earliest?.principal ?? "",
    skill: skillName(earliest?.skill ?? ""),
    status: statusOf(records, outcome),
    effect: request?.effect ?? null,
    verdict: decided?.verdict ?? null,
    layer: against?.layer ?? null,
    reason: against?.reason ?? "",
    fault: outcome?.outcome?.fault?.code ?? null,
    begunAt: at("intent")?.ts ?? null,
    endedAt: outcome?.ts ?? at("deny")?.ts ?? null,
    askedAt: at("ask")?.ts ?? null,
    answeredAt: records.find(isAnswer)?.ts ?? null,
    isCritical: false,
    touches: touchesOf(request?.scope),
    tokens: tokens > 0 ? tokens : null,
    minor: minor > 0 ? minor : null,
  };
}

function touchesOf(scope: NonNullable<JournalRecord["request"]>[number]["scope"] | undefined): RunTraceStep["touches"] {
  const { paths = [], hosts = [], recipients = [] } = scope ?? {};
  return [
    ...paths.map((value) => ({ kind: "path" as const, value })),
    ...hosts.map((value) => ({ kind: "host" as const, value })),
    ...recipients.map((value) => ({ kind: "address" as const, value })),
  ];
}

function statusOf(records: readonly JournalRecord[], outcome: JournalRecord | undefined): RunTraceStep["status"] {
  if (outcome) return outcome.outcome?.status ?? "done";
  const statuses = { intent: "begun", deny: "denied", ask: "waiting", refuse: "refused", expire: "expired" } as const;
  const last = records.findLast(({ phase }) => Object.hasOwn(statuses, phase));
  return last ? statuses[last.phase as keyof typeof statuses] : "waiting";
}

function first<T>(records: readonly JournalRecord[], schema: z.ZodType<T>, key: string): T | undefined {
  for (const { body } of records) {
    const parsed = schema.safeParse(body?.[key]);
    if (parsed.success) return parsed.data;
  }
  return undefined;
}
