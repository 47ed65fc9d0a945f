import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { type Call, type Parked, parkedSchema } from "../kernel/call.ts";
import { defineAdmin } from "../kernel/define-admin.ts";
import type { ApprovalsPort } from "../kernel/kernel.ts";
import { defineQuery, type Manifest } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import { skillName } from "../kernel/registry.ts";
import { always } from "../kernel/skill.ts";
import type { ApprovalRow } from "../kernel/state.ts";
import { memory } from "../memory/store.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";

export interface ApprovalDeps {
  crypto: Crypto;
  /** The object's text while it still is what its name says. */
  readObject: (name: string) => string | undefined;
  /** The kernel carries on with what was approved, for nobody else. */
  port: ApprovalsPort;
  /** What the skill says of itself and of undoing it. */
  describe: (skill: string) => Pick<Manifest<unknown, unknown>, "title" | "undo" | "provenance"> | undefined;
}

const byId = z.strictObject({ id: z.string() });

export function listApprovalsSkill() {
  const input = z.strictObject({ all: z.boolean().optional() });
  return defineQuery<z.infer<typeof input>, { approvals: ApprovalRow[] }>({
    manifest: readManifest(
      "approval.list",
      "List questions",
      input,
      z.strictObject({ approvals: z.array(z.custom<never>()) }),
    ),
    classify: always("read"),
    run({ all }, { db, now }) {
      const rows = db.prepare("SELECT * FROM approvals ORDER BY expires_ms").all() as ApprovalRow[];
      const lapse = (row: ApprovalRow): ApprovalRow => (isLapsed(row, now) ? { ...row, status: "expired" } : row);
      return { approvals: rows.map(lapse).filter((row) => all || row.status === "open") };
    },
  });
}

const shown = z.strictObject({
  approval: z.custom<ApprovalRow>(),
  /** The whole parked command; null once its payload was deleted. */
  command: parkedSchema.nullable(),
  title: z.string(),
  undo: z.string().nullable(),
  /** What the memories that it names by their ids say now. */
  memories: z.array(z.strictObject({ id: z.string(), content: z.string() })),
  /** Names the payload: an answer carries it, so that it answers exactly what was shown. */
  hash: z.string(),
});

export function showApprovalSkill(deps: ApprovalDeps) {
  return defineQuery<z.infer<typeof byId>, z.infer<typeof shown>>({
    manifest: readManifest("approval.show", "Show a question whole", byId, shown),
    classify: always("read"),
    run({ id }, { db, now }) {
      const row = approvalRow(db, id);
      const approval: ApprovalRow = isLapsed(row, now) ? { ...row, status: "expired" } : row;
      const text = deps.readObject(row.object);
      const about = deps.describe(skillName(row.skill));
      const command = text ? parkedSchema.parse(JSON.parse(text)) : null;
      const memories = command ? memoriesNamed(db, command.args, about?.provenance?.takes ?? {}) : [];
      return {
        approval,
        command,
        title: about?.title ?? row.skill,
        undo: about?.undo ?? null,
        memories,
        hash: row.object,
      };
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
      // It is gone by now; the question is still to be answered.
      if (error instanceof Fault && error.code.startsWith("memory.")) return [];
      throw error;
    }
  });
}

const answerInput = z.strictObject({ id: z.string(), hash: z.string() });
const answered = z.strictObject({ approval: z.string(), run: z.string() });

/** Lets a parked command run: once, exactly as shown, and judged again as it now stands. `run` is how it goes on. */
export function approveSkill(deps: ApprovalDeps) {
  return defineAdmin<z.infer<typeof answerInput>, z.infer<typeof answered>, Call>({
    name: "approval.approve",
    title: "Answer a question with yes",
    input: answerInput,
    output: answered,
    event: "approval.approved",
    undo: null,
    async prepare({ id, hash }, { db }) {
      const row = open(db, id, hash);
      return deps.port.prepare(payloadOf(deps, row));
    },
    apply({ id, hash }, { tx, commandId, principal, now }, call) {
      const row = open(tx.db, id, hash);
      if (isLapsed(row, now)) throw lapsed(row);
      tx.append({ phase: "approve", id: commandId, ref: row.id, principal });
      if (row.layer === "capability") {
        const body = { principal: row.principal, skill: skillName(row.skill) };
        tx.append({ phase: "grant", id: commandId, ref: deps.crypto.id(), principal, body });
      }
      deps.port.resume(tx, call);
      return { approval: row.id, run: call.id };
    },
  });
}

export function denyApprovalSkill() {
  return defineAdmin<z.infer<typeof byId>, { approval: string }>({
    name: "approval.deny",
    title: "Answer a question with no",
    input: byId,
    output: z.strictObject({ approval: z.string() }),
    event: "approval.refused",
    undo: null,
    apply({ id }, { tx, commandId, principal, now }) {
      const row = approvalRow(tx.db, id);
      if (row.status !== "open") throw closed(row);
      if (isLapsed(row, now)) throw lapsed(row);
      tx.append({ phase: "refuse", id: commandId, ref: row.id, principal });
      return { approval: row.id };
    },
  });
}

/** A whole id, or an end or a beginning of one that fits a single question. */
function approvalRow(db: Database, id: string): ApprovalRow {
  const rows = db
    .prepare("SELECT * FROM approvals WHERE id LIKE :id || '%' OR id LIKE '%' || :id LIMIT 2")
    .all({ id }) as ApprovalRow[];
  const [row, another] = rows;
  if (row && !another && /^[0-9a-f-]+$/.test(id)) return row;
  const why = another ? `${id} fits several questions; give more of it.` : `There is no question ${id}.`;
  throw new Fault("approval.not-found", `${why} \`mh approvals list\` shows what waits.`);
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

function payloadOf(deps: ApprovalDeps, row: ApprovalRow): Parked {
  const text = deps.readObject(row.object);
  if (text) return parkedSchema.parse(JSON.parse(text));
  throw new Fault(
    "approval.changed",
    `The payload of ${row.id} was changed or lost since the question. Refuse it and ask again.`,
  );
}

const isLapsed = (row: ApprovalRow, now: number): boolean => row.status === "open" && row.expires_ms <= now;

function closed(row: ApprovalRow): Fault {
  const when = row.answered_ms ? ` at ${new Date(row.answered_ms).toISOString()}` : "";
  return new Fault(
    "approval.closed",
    `The question ${row.id} was ${row.status}${when}. \`mh why ${row.id}\` tells the rest.`,
  );
}

function lapsed(row: ApprovalRow): Fault {
  const when = new Date(row.expires_ms).toISOString();
  return new Fault("approval.closed", `The question ${row.id} lapsed at ${when}, so the answer was no. Ask again.`);
}
