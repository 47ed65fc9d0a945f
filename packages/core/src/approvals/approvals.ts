import { approvalApprove, approvalDeny, approvalList, approvalMine, approvalShow } from "@mh/contract/approvals.ts";
import type { AnyContract } from "@mh/contract/contract.ts";
import { type ApprovalRow, type Parked, parkedSchema } from "@mh/contract/values/approval.ts";
import { isReading } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { append } from "../devices/device.ts";
import { type PasskeyDeps, proofFor } from "../devices/passkey.ts";
import { plansIn } from "../grants/plans.ts";
import { cardOfParked } from "../grants/show-plan.ts";
import type { ApprovalsPort } from "../kernel/kernel.ts";
import { skillName } from "../kernel/registry.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import { answeredBy } from "../kernel/state.ts";
import { memory } from "../memory/store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Database } from "../ports/database.ts";
import { answeredTo } from "./answer-question.ts";
import { classified } from "./classified.ts";
import { earlierApproved } from "./earlier.ts";
import { approvalFacts } from "./facts.ts";
import { type OfferDeps, offerAfter, offersIn } from "./offers.ts";
import { isGranting, shownApproval } from "./shown.ts";
import { shownValues } from "./values.ts";

export interface ApprovalDeps extends OfferDeps, PasskeyDeps {
  clock: Clock;
  /** The kernel carries on with what was approved, for nobody else. */
  port: ApprovalsPort;
  /** What the skill says of itself and of undoing it. */
  describe: (skill: string) => Pick<AnyContract, "title" | "effects" | "undo" | "provenance" | "control"> | undefined;
}

/** What waits for the owner, what they approved beforehand, and the rules that are offered. */
export function listApprovalsSkill(deps: OfferDeps) {
  return defineQuery(approvalList, {
    run({ all, answeredMax }, { db, now }) {
      const open = db.prepare("SELECT * FROM approvals WHERE status = 'open'").all() as ApprovalRow[];
      const over = all ? (db.prepare(overSql).all(answeredMax ?? -1) as ApprovalRow[]) : [];
      const approvals = [...open, ...over]
        .map((row) => asOf(row, now))
        .filter((row) => all || row.status === "open")
        .sort((a, b) => a.expires_ms - b.expires_ms || (a.id < b.id ? -1 : 1));
      return { approvals, plans: plansIn(db, now, all ?? false), offers: offersIn(deps, db, now) };
    },
  });
}

/** The latest first; SQLite takes a limit of -1 for none. */
const overSql = `SELECT * FROM approvals WHERE status <> 'open' ORDER BY coalesce(answered_ms, expires_ms) DESC LIMIT ?`;

export function showApprovalSkill(deps: ApprovalDeps) {
  return defineQuery(approvalShow, {
    run({ id }, { db, now }) {
      const row = approvalRow(db, id);
      const approval = asOf(row, now);
      const about = deps.describe(skillName(row.skill));
      const command = payloadOf(deps, row) ?? null;
      const memories = command ? memoriesNamed(db, command.args, about?.provenance?.takes ?? {}) : [];
      const undo = about?.undo ?? null;
      const card = command ? cardOfParked(deps.registry, command) : undefined;
      const hasCard = card !== undefined;
      const earlier = earlierApproved(db, (each) => payloadOf(deps, each), row);
      const kind = command ? classified(deps, command) : undefined;
      const tool = about && toolFactsSchema.parse({ ...about.provenance, control: [...about.control] });
      const values = command ? shownValues({ command, tool, kind, earlier, hasCard }) : [];
      const of = { approval, command, kind, values, earlier, hasCard };
      const facts = approvalFacts({ ...deps, config: deps.config(), db, now }, of);
      const shown = shownApproval({
        ...{ approval, command, undo, memories, hasCard, values, facts },
        isLook: about?.effects.every(isReading) ?? false,
      });
      const title = about?.title ?? row.skill;
      const whole = { approval, command, title, undo, memories, shown, values, facts };
      return { ...whole, ...(card && { card }), hash: row.object };
    },
  });
}

/** An id says nothing to a person. */
function memoriesNamed(db: Database, args: Record<string, unknown>, takes: Readonly<Record<string, string>>) {
  const named = Object.keys(takes).filter((name) => takes[name] === "memory");
  return named.flatMap((name) => {
    const id = String(args[name]);
    try {
      return [{ id, content: memory(db, id).content }];
    } catch (error) {
      // It is gone by now; the approval request is still to be answered.
      if (error instanceof Fault && error.code.startsWith("memory.")) return [];
      throw error;
    }
  });
}

const mineMax = 50;

/** What became of the caller's own requests: no arguments, no reasons, and nobody else's. */
export function myApprovalsSkill() {
  return defineQuery(approvalMine, {
    run({ id = null }, { db, now, principal }) {
      const sql = `SELECT * FROM approvals WHERE principal = ? AND id = coalesce(?, id)
        ORDER BY asked_ms DESC, id DESC LIMIT ${mineMax}`;
      const rows = db.prepare(sql).all(principal, id) as ApprovalRow[];
      return { approvals: rows.map((row) => ownView(asOf(row, now))) };
    },
  });
}

function ownView({ id, skill, status, asked_ms, expires_ms, answered_ms }: ApprovalRow) {
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    ...{ id, skill: skillName(skill), status, askedAt: iso(asked_ms), expiresAt: iso(expires_ms) },
    answeredAt: answered_ms === null ? null : iso(answered_ms),
  };
}

/** Lets a parked command run: once, exactly as shown, and judged again as it now stands. `run` is how it goes on. */
export function approveSkill(deps: ApprovalDeps) {
  return defineAdmin(approvalApprove, {
    stored: {
      recall(db, commandId) {
        const approval = answeredBy(db, commandId);
        return approval === undefined ? undefined : { approval, run: approval };
      },
    },
    async prepare({ id, hash, values, passkey }, { db, principal }) {
      const row = open(db, id, hash);
      const parked = expectPayload(deps, row);
      const proof = await proofFor(deps, { db, principal, hash, parked }, passkey);
      const call = { ...(await deps.port.prepare(parked)), ...answeredTo(parked, { isAccepted: true, values }) };
      return { call, offer: offerAfter(deps, db, row.id, deps.clock.now()), proof };
    },
    apply({ id, hash }, context, { call, offer, proof }) {
      const { tx, commandId, principal, now } = context;
      const row = open(tx.db, id, hash);
      if (isLapsed(row, now)) throw lapsed(row);
      if (proof) append(context, proof.device, { what: "passkey", passkey: proof.passkey });
      tx.append({ phase: "approve", id: commandId, ref: row.id, principal });
      if (isGranting(row)) {
        const body = { principal: row.principal, skill: skillName(row.skill) };
        // With the answer, so that what it lets run is never on disk without what that gives.
        tx.append({ phase: "grant", id: commandId, ref: deps.crypto.id(), principal, body }, true);
      }
      deps.port.resume(tx, call);
      return { approval: row.id, run: call.id, ...(offer && { offer }) };
    },
  });
}

/** Denies. A command that asked while it ran goes on, with that for an answer: the other side learns of it. */
export function denyApprovalSkill(deps: ApprovalDeps) {
  return defineAdmin(approvalDeny, {
    stored: {
      recall(db, commandId) {
        const approval = answeredBy(db, commandId);
        return approval === undefined ? undefined : { approval };
      },
    },
    async prepare({ id }, { db }) {
      const parked = payloadOf(deps, approvalRow(db, id));
      if (!parked?.question) return undefined;
      // What cannot go on is denied all the same.
      const call = await deps.port.prepare(parked).catch(() => undefined);
      return call && { ...call, ...answeredTo(parked, { isAccepted: false }) };
    },
    apply({ id }, { tx, commandId, principal, now }, call) {
      const row = approvalRow(tx.db, id);
      if (row.status !== "open") throw closed(row);
      if (isLapsed(row, now)) throw lapsed(row);
      tx.append({ phase: "refuse", id: commandId, ref: row.id, principal });
      if (call) deps.port.resume(tx, call);
      return { approval: row.id };
    },
  });
}

const approvals: Named = {
  from: "approvals",
  column: "id",
  code: "approval.not-found",
  one: "approval request",
  many: "approval requests",
  list: "mh approvals list --all",
};

function approvalRow(db: Database, id: string): ApprovalRow {
  return db.prepare("SELECT * FROM approvals WHERE id = ?").get(idNamed(db, approvals, id)) as ApprovalRow;
}

function open(db: Database, id: string, hash: string): ApprovalRow {
  const row = approvalRow(db, id);
  if (row.status !== "open") throw closed(row);
  if (row.object !== hash) {
    throw new Fault(
      "approval.changed",
      `What you answered is not what waits under ${row.id}. \`mh approvals show\` shows it.`,
    );
  }
  return row;
}

/** What was asked for; undefined where that was changed or lost since. */
function payloadOf({ readObject }: ApprovalDeps, { object }: ApprovalRow): Parked | undefined {
  const text = readObject(object);
  return text ? parkedSchema().parse(JSON.parse(text)) : undefined;
}

function expectPayload(deps: ApprovalDeps, row: ApprovalRow): Parked {
  const parked = payloadOf(deps, row);
  if (parked) return parked;
  throw new Fault(
    "approval.changed",
    `The payload of ${row.id} was changed or lost since it was asked for. Deny it and ask again.`,
  );
}

/** The whole parked command of a request, whatever became of it. */
export const parkedUnder = (deps: ApprovalDeps, db: Database, id: string): Parked =>
  expectPayload(deps, approvalRow(db, id));

const isLapsed = (row: ApprovalRow, now: number): boolean => row.status === "open" && row.expires_ms <= now;

/** The request as it stands: one that nobody answered in time is expired, though the log may not say so yet. */
const asOf = (row: ApprovalRow, now: number): ApprovalRow => (isLapsed(row, now) ? { ...row, status: "expired" } : row);

function closed(row: ApprovalRow): Fault {
  const when = row.answered_ms ? ` at ${new Date(row.answered_ms).toISOString()}` : "";
  return new Fault(
    "approval.closed",
    `The approval request ${row.id} was ${row.status}${when}. \`mh why ${row.id}\` tells the rest.`,
  );
}

function lapsed(row: ApprovalRow): Fault {
  const when = new Date(row.expires_ms).toISOString();
  return new Fault("approval.closed", `The approval request ${row.id} expired at ${when}, and was denied. Ask again.`);
}
