import { type Done, historyList, historyRedo, historyUndo, type TakenBack } from "@mh/contract/history.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Change, changeOf, changesWhere } from "../kernel/changes.ts";
import { skillName } from "../kernel/registry.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import { shortId } from "../model/short-id.ts";
import type { Database } from "../ports/database.ts";
import { aboutOf, isGone, isOld, type PathDeps, pathsOf, tipOf, undoDays, undoMs } from "./change-chain.ts";
import { type TakeBackDeps, takeBack } from "./take-back.ts";

/** Takes back the last thing done, whole: what one invocation did in several commands is one thing. */
export function undoSkill(deps: TakeBackDeps) {
  return defineAdmin(historyUndo, {
    stored: "kept",
    apply(args, { tx, commandId, now, note }) {
      const last = args.id ? tipOf(tx.db, found(tx.db, args.id)) : lastDone(tx.db, deps, args.principal, now);
      if (!last) throw new Fault("history.nothing", "There is nothing to undo. `mh history` shows what was done.");
      if (last.kind === "undo") throw new Fault("history.nothing", "That is undone already. `mh redo` does it again.");
      const changes = togetherWith(tx.db, last);
      for (const change of changes) refuseFixed(change, now);
      refuseGone(changes);
      takeBack(tx, deps, commandId, changes);
      note({ kind: "undo", undoes: changes.map(({ cmd }) => cmd) });
      return takenOf(tx.db, deps, changes);
    },
  });
}

/** Takes the last undo back. */
export function redoSkill(deps: TakeBackDeps) {
  return defineAdmin(historyRedo, {
    stored: "kept",
    apply(args, { tx, commandId, now, note }) {
      const undo = args.id ? tipOf(tx.db, found(tx.db, args.id)) : lastUndone(tx.db, args.principal);
      if (undo?.kind !== "undo")
        throw new Fault("history.nothing", "There is nothing to do again. `mh history` shows it.");
      refuseFixed(undo, now);
      refuseGone([undo]);
      takeBack(tx, deps, commandId, [undo]);
      note({ kind: "redo", undoes: [undo.cmd] });
      return takenOf(tx.db, deps, [undo]);
    },
  });
}

/** What changed the owner's data, latest first, and whether it can be undone. */
export function historySkill(deps: PathDeps & { titleOf: (skill: string) => string | undefined }) {
  return defineQuery(historyList, {
    run({ limit, principal }, { db, now }) {
      const changes = changesWhere(db, latestDone(principal !== undefined), { limit, ...(principal && { principal }) });
      return { done: changes.map((change) => doneOf(db, change, now, deps)) };
    },
  });
}

/** The last change of each invocation, latest first: so many of them are read, and no more of those that are older. */
export const latestDone = (isOfOne: boolean): string =>
  `kind = 'do' AND status = 'done' ${isOfOne ? "AND principal = :principal" : ""} AND NOT EXISTS (
     SELECT 1 FROM changes later WHERE later.task = changes.task AND later.number > changes.number
       AND later.principal = changes.principal AND later.kind = 'do' AND later.status = 'done')
   ORDER BY number DESC LIMIT :limit`;

function doneOf(db: Database, change: Change, now: number, deps: Parameters<typeof historySkill>[0]): Done {
  const all = change.task ? wholeTask(db, change) : [change];
  const tip = tipOf(db, change);
  const name = skillName(change.skill);
  const files = pathsOf(deps, all);
  const isFixed = all.some((each) => !each.undoable) || all.every(isGone);
  const state =
    tip.kind === "undo" ? "undone" : isFixed ? "cannot be undone" : isOld(change, now) ? "too old to undo" : "done";
  return {
    id: change.cmd,
    at: new Date(change.ms).toISOString(),
    principal: change.principal,
    skill: name,
    title: deps.titleOf(name) ?? name,
    about: aboutOf(db, deps, all),
    commands: all.length,
    memories: all.reduce((sum, { lines }) => sum + lines, 0),
    files,
    state,
  };
}

/** Everything of the same invocation that is not undone; what was redone is one change. */
function togetherWith(db: Database, change: Change): Change[] {
  if (change.kind !== "do" || change.task === null) return [change];
  return wholeTask(db, change).filter((each) => each.undone_by === null && each.undoable);
}

const wholeTask = (db: Database, { task, principal }: Change): Change[] =>
  changesWhere(db, "kind = 'do' AND status = 'done' AND task = ? AND principal = ? ORDER BY number", task, principal);

const byWhom = "(principal = ? OR (? = 'owner' AND principal LIKE 'owner/%'))";

/** As `isGone` says it. */
const somethingLeft = "(lines > 0 OR files <> '[]')";

/** Changes of files whose names were forgotten are passed over, but not without end. */
const lookedAtMax = 1_000;

function lastDone(db: Database, { readObject }: PathDeps, principal = "owner", now: number): Change | undefined {
  const done = changesWhere(
    db,
    `status = 'done' AND undone_by IS NULL AND undoable = 1 AND ms > ? AND ${somethingLeft} AND (
       (kind = 'do' AND ${byWhom}) OR
       (kind = 'redo' AND EXISTS (SELECT 1 FROM changes c WHERE c.number = changes.root AND ${byWhom.replaceAll("principal", "c.principal")})))
     ORDER BY root DESC LIMIT ${lookedAtMax}`,
    ...[now - undoMs, principal, principal, principal, principal],
  );
  // A file whose very name was forgotten cannot be put back: it stands in nobody's way.
  const isForgotten = ({ lines, files }: Change) => lines === 0 && files.every(({ file }) => !readObject(file));
  return done.find((change) => !isForgotten(change));
}

/** The last undo that nothing was done after: going on from another point closes the way forward. */
function lastUndone(db: Database, principal = "owner"): Change | undefined {
  const [undo] = changesWhere(
    db,
    `status = 'done' AND kind = 'undo' AND undone_by IS NULL AND ${somethingLeft} AND
       EXISTS (SELECT 1 FROM changes c WHERE c.number = changes.root AND ${byWhom.replaceAll("principal", "c.principal")})
     ORDER BY number DESC LIMIT 1`,
    ...[principal, principal],
  );
  if (!undo) return undefined;
  const [since] = changesWhere(
    db,
    `kind = 'do' AND status = 'done' AND number > ? AND ${byWhom} LIMIT 1`,
    ...[undo.number, principal, principal],
  );
  if (!since) return undo;
  throw new Fault(
    "history.nothing",
    `You did something else since. \`mh redo ${shortId(undo.undoes[0] ?? "")}\` does that one again, if it still fits.`,
  );
}

const changeIds: Named = {
  from: "changes",
  column: "cmd",
  code: "history.nothing",
  one: "change",
  many: "changes",
  list: "mh history",
};

const found = (db: Database, id: string): Change => changeOf(db, idNamed(db, changeIds, id)) as Change;

function refuseFixed(change: Change, now: number): void {
  if (!change.undoable)
    throw new Fault("history.stale", `${skillName(change.skill)} cannot be undone, and said so before.`);
  if (isOld(change, now)) throw new Fault("history.stale", `It was done more than ${undoDays} days ago.`);
}

function refuseGone(changes: readonly Change[]): void {
  if (changes.every(isGone)) throw new Fault("history.stale", "Nothing is left of it: what it wrote was forgotten.");
}

function takenOf(db: Database, deps: PathDeps, changes: readonly Change[]): TakenBack {
  const roots = changes.map(({ root }) => changesWhere(db, "number = ?", root)[0]?.skill ?? "");
  return {
    commands: changes.map(({ cmd }) => cmd),
    skill: skillName(roots[0] ?? ""),
    memories: changes.reduce((sum, { lines }) => sum + lines, 0),
    files: pathsOf(deps, changes),
  };
}
