import { type AnyContract, undoCommand } from "@mh/contract/contract.ts";
import { historyTask, historyUndoTask, type LeftAct, type TaskAct, type TaskUndo } from "@mh/contract/task-undo.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Change, changeOf } from "../kernel/changes.ts";
import { plansOfTask } from "../kernel/plans.ts";
import { skillName } from "../kernel/registry.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import { type TaskAct as Act, actsOf, taskNamed } from "../kernel/task-acts.ts";
import { shortId } from "../model/short-id.ts";
import type { Files } from "../ports/files.ts";
import { aboutOf, isGone, isOld, tipOf, undoDays } from "./change-chain.ts";
import { connected } from "./connected.ts";
import {
  planTakeBack,
  putAllBack,
  Stale,
  type TakeBackDeps,
  type TakeBackPlan,
  type TakeBackSource,
} from "./take-back.ts";

export interface TaskUndoDeps extends TakeBackDeps {
  files: Pick<Files, "read">;
  describe: (skill: string) => Pick<AnyContract, "title" | "undo" | "looks"> | undefined;
}

/** What undoing a task would do: nothing is changed. */
export function taskSkill(deps: TaskUndoDeps) {
  return defineQuery(historyTask, {
    run({ task }, { db, now }) {
      return undoOf({ db, read: (path) => deps.files.read(path) }, deps, taskNamed(db, task), now).shown;
    },
  });
}

/**
 * Takes back all that a task did, in one commit. What was taken back before stays so; what cannot be undone, and what
 * somebody else changed since, stays as it is and is reported.
 */
export function undoTaskSkill(deps: TaskUndoDeps) {
  return defineAdmin(historyUndoTask, {
    stored: "kept",
    apply({ task }, { tx, commandId, now, note }) {
      const { shown, changes, plans } = undoOf(tx, deps, taskNamed(tx.db, task), now);
      if (changes.length === 0) throw nothing(shown);
      for (const plan of plans) putAllBack(tx, deps, commandId, plan);
      note({ kind: "undo", undoes: changes.map(({ cmd }) => cmd) });
      return shown;
    },
  });
}

function nothing({ task, fixed, stale, undone }: TaskUndo): Fault {
  const [first] = stale;
  if (first)
    return new Fault(
      "history.stale",
      `Nothing of the task can be taken back: ${first.reason}. \`mh why ${shortId(first.id)}\``,
    );
  const why =
    fixed.length > 0
      ? "what it did cannot be undone"
      : undone.length > 0
        ? "it is undone already"
        : "it changed nothing";
  return new Fault("history.nothing", `There is nothing to undo of the task ${task}: ${why}.`);
}

interface Undo {
  shown: TaskUndo;
  /** What is taken back, and how: nothing of one plan is in another. */
  changes: Change[];
  plans: TakeBackPlan[];
}

function undoOf(source: TakeBackSource, deps: TaskUndoDeps, task: string, now: number): Undo {
  const { db } = source;
  const fixed: LeftAct[] = [];
  const undone: TaskAct[] = [];
  /** The latest state of what can be taken back, with the commands that began it. */
  const open = new Map<string, { tip: Change; acts: TaskAct[] }>();
  for (const act of actsOf(db, task)) {
    const change = changeOf(db, act.id);
    const shown = shownAct(act, deps, change ? aboutOf(db, deps, [change]) : "");
    const tip = change && tipOf(db, change);
    const left = change && tip ? leftOf(change, tip, now) : withoutChange(act, deps);
    if (left === "nothing") continue;
    if (left === "undone") undone.push(shown);
    else if (left !== undefined) fixed.push({ ...shown, ...left });
    else if (tip) open.set(tip.cmd, { tip, acts: [...(open.get(tip.cmd)?.acts ?? []), shown] });
  }
  const stale: LeftAct[] = [];
  const taken: TaskAct[] = [];
  const changes: Change[] = [];
  const plans: TakeBackPlan[] = [];
  const groups = connected(
    db,
    [...open.values()].map(({ tip }) => tip),
  );
  for (const group of groups.reverse()) {
    const acts = group.toReversed().flatMap(({ cmd }) => open.get(cmd)?.acts ?? []);
    const plan = planOrStale(source, deps, group);
    if (plan instanceof Stale) stale.push(...acts.map((act) => ({ ...act, reason: plan.reason })));
    else {
      taken.push(...acts);
      changes.push(...group);
      plans.push(plan);
    }
  }
  return { shown: { task, fixed, stale, taken, undone, plans: plansOfTask(db, task, now) }, changes, plans };
}

type Left = Pick<LeftAct, "reason" | "next"> | "undone" | "nothing" | undefined;

/** Why a change stays as it is; undefined where it can be taken back. */
function leftOf(change: Change, tip: Change, now: number): Left {
  // Undo and redo are what became of something else.
  if (change.kind !== "do") return "nothing";
  if (tip.kind === "undo") return "undone";
  if (!change.undoable || !tip.undoable) return { reason: "it cannot be undone, and said so before" };
  if (isGone(tip)) return { reason: "what it wrote was forgotten since" };
  return isOld(tip, now) ? { reason: `it was done more than ${undoDays} days ago` } : undefined;
}

/** The same of what changed nothing of the owner's data: it acted outside, or on rights and rules. */
function withoutChange({ skill, status }: Act, { describe }: TaskUndoDeps): Left {
  const contract = describe(skillName(skill));
  // What it would undo, it did by commands of its own; and to look leaves nothing.
  if (contract?.undo === undoCommand || contract?.looks) return "nothing";
  if (status === "begun") return { reason: "it is under way", next: "mh status" };
  if (status === "interrupted") return { reason: "it was cut off, and may have happened" };
  if (status !== "done") return "nothing";
  if (contract?.undo) return { reason: "it is not taken back from here", next: contract.undo };
  return { reason: "it cannot be undone" };
}

function shownAct({ id, ms, principal, skill }: Act, { describe }: TaskUndoDeps, about: string): TaskAct {
  const name = skillName(skill);
  return { id, at: new Date(ms).toISOString(), principal, skill: name, title: describe(name)?.title ?? name, about };
}

function planOrStale(source: TakeBackSource, deps: TaskUndoDeps, changes: readonly Change[]): TakeBackPlan | Stale {
  try {
    return planTakeBack(source, deps, changes);
  } catch (error) {
    if (error instanceof Stale) return error;
    throw error;
  }
}
