import type { ApprovalRow, Parked } from "@mh/contract/values/approval.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Outcome, Refusal } from "@mh/contract/wire/command.ts";
import type { Transaction } from "../journal/transaction.ts";
import { canonical } from "../model/canonical.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Call } from "./call.ts";
import type { KernelParts } from "./parts.ts";
import { openApproval } from "./state.ts";
import { type Judged, refusal } from "./verdict.ts";

/** Parks a call for the owner. The owner is asked once: the same command of the same principal waits for the same answer. */
export function park(
  parts: KernelParts,
  tx: Transaction,
  call: Call,
  entry: Omit<Entry, "phase">,
  judged: Judged,
): Outcome {
  const { tainted, vouched = [], change } = judged;
  const { id, principal, argsHash, pinned, task, classification } = call;
  const { unpinned: loose = [], answers = [] } = call.pinnedTo ?? {};
  const unpinned = [...loose, ...pointersOf(call)];
  const asked = openApproval(tx.db, { principal, skill: pinned, argsHash }, tx.now);
  const refused = refusal(judged);
  if (asked) {
    tx.append({ ...entry, phase: "ask", ref: asked.id });
    return { ...waiting(id, asked), ...refused };
  }
  const steered = parts.traces
    .sourced(task, tainted)
    .map(({ path, value, origins, beside, reason }) => ({ path, value, origins, beside, reason }));
  const known = parts.traces.sourced(task, vouched).map(({ path, origins, reason }) => ({ path, origins, reason }));
  return askOwner(parts, tx, call, {
    ...{ entry, refused },
    about: {
      ...(unpinned.length > 0 && { unpinned }),
      ...(answers.length > 0 && { answers }),
      ...(change && { change }),
      ...(classification.warning && { warning: classification.warning }),
      ...(steered.length > 0 && { steered }),
      ...(known.length > 0 && { vouched: known }),
    },
  });
}

/** Writes an approval request for a call: `about` is what the owner is shown beside the call itself. */
export function askOwner(
  parts: KernelParts,
  tx: Transaction,
  call: Call,
  { entry, about, refused }: { entry: Omit<Entry, "phase">; about: Partial<Parked>; refused: Refusal },
): Outcome & { status: "parked" } {
  const { id, principal, onBehalfOf, args, pinned, task, cause, pinnedTo: { pins } = { pins: [] } } = call;
  const parked: Parked = {
    // They came as JSON, and the hash of them is made already.
    ...{ id, principal, skill: pinned, args: args as Parked["args"] },
    ...(onBehalfOf && { onBehalfOf }),
    ...(task && { task }),
    ...(cause && { cause }),
    ...(pins.length > 0 && { pins }),
    ...about,
  };
  const object = tx.object(utf8.encode(canonical(parked)));
  const expiresAt = new Date(tx.now + parts.config().approvals.expireAfterMinutes * 60_000).toISOString();
  const body = { ...entry.body, expiresAt, layer: refused.layer, reason: refused.reason };
  tx.append({ ...entry, phase: "ask", ref: id, objects: [object], body });
  return { status: "parked", id, approval: id, expiresAt, ...refused };
}

/** What a command points to that its skill does not hold fast. */
const pointersOf = ({ skill, args }: Call): string[] =>
  Object.entries(skill.contract.pointers ?? {})
    .filter(([name, how]) => how !== "pinned" && args[name] !== undefined)
    .map(([name, why]) => `${name}: ${why}`);

/** What is answered for a command that was parked: that it waits, or that nobody let it run. */
export function parkedEnd(id: string, asked: ApprovalRow, now: number): Outcome {
  const isLapsed = asked.status === "expired" || asked.expires_ms <= now;
  if (asked.status !== "refused" && !isLapsed) return waiting(id, asked);
  const reason = asked.status === "refused" ? "The owner denied it" : "Nobody answered the request before it expired";
  return { status: "denied", id, layer: "approval", reason, rules: [], layers: [] };
}

/** What is answered for a command whose approval request waits already. */
function waiting(id: string, asked: ApprovalRow): Outcome & { status: "parked" } {
  const { id: approval, layer, reason, expires_ms } = asked;
  const expiresAt = new Date(expires_ms).toISOString();
  return { status: "parked", id, approval, expiresAt, layer, reason, rules: [], layers: [] };
}
