import { goalAdd, goalDrop, goalFinish, goalList, goalReopen, goalShow } from "@mh/contract/goals.ts";
import type { TaskBrief, TaskStatus } from "@mh/contract/tasks.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Goal } from "@mh/contract/values/goal.ts";
import type { DocumentKind } from "../documents/document.ts";
import { always, defineOwn, defineQuery, type OwnContext } from "../kernel/skill.ts";
import type { ReadWhen } from "../memory/extract/when.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import { goalNamed, goalsIn, goalsOf, goalsPath, type ToldGoal, withGoal, withStatus } from "./goals.ts";
import { writeSection } from "./persona-documents.ts";

interface GoalDeps {
  kinds: readonly DocumentKind[];
  timeZone: () => string;
  clock: { now(): number };
  readWhen: () => Promise<ReadWhen>;
}

export function listGoalsSkill() {
  return defineQuery(goalList, {
    run({ horizon, all = false }, { db }) {
      const goals = goalsWithProgress(db);
      const shown = goals.filter((goal) => (all || goal.status === "open") && (!horizon || goal.horizon === horizon));
      const keys = new Set(goals.map(({ key }) => key));
      const strays = tasksNaming(db).filter(({ goal, status }) => !keys.has(goal) && isOpen(status));
      return { goals: shown, strays: strays.map(({ id, title, goal }) => ({ id, title, goal })) };
    },
  });
}

export function showGoalSkill() {
  return defineQuery(goalShow, {
    run({ goal: words }, { db }) {
      const goals = goalsWithProgress(db);
      const goal = goalNamed(goals, words);
      const sql = `SELECT record FROM tasks WHERE goal = ? ORDER BY status IN ('open', 'started') DESC, id`;
      const rows = db.prepare(sql).all(goal.key) as { record: string }[];
      const tasks = rows.map(({ record }) => {
        const { id, title, status, project, due, start, path } = JSON.parse(record) as TaskBrief;
        return { id, title, status, project, due, start, path };
      });
      return { goal, parts: goals.filter(({ parent }) => parent === goal.key), tasks };
    },
  });
}

/** Writes a goal into its file, as a point of its horizon or as a part of another one. */
export function addGoalSkill(deps: GoalDeps) {
  return defineOwn(goalAdd, {
    classify: always("write", "high"),
    stored: "kept",
    prepare: async ({ due }) => (due === undefined ? undefined : readDay(deps, due)),
    apply({ title, horizon, under, reason }, context, due: string | undefined) {
      const text = textIn(context);
      const goals = goalsIn(goalsPath, text);
      const parent = under === undefined ? undefined : goalNamed(goals, under);
      const wanted = { title, horizon: horizon ?? parent?.horizon ?? "medium", due, parent };
      const next = withGoal(text, goals, wanted);
      const known = new Set(goals.map(({ key }) => key));
      const added = goalsIn(goalsPath, next).find(({ key }) => !known.has(key));
      return write(deps, context, next, reason, added?.key ?? "");
    },
  });
}

/** `goal.finish`, `goal.drop`, `goal.reopen`. */
export function goalStatusSkills(deps: GoalDeps) {
  return [
    statusSkill(deps, goalFinish, "done"),
    statusSkill(deps, goalDrop, "dropped"),
    statusSkill(deps, goalReopen, "open"),
  ];
}

function statusSkill(
  deps: GoalDeps,
  contract: typeof goalFinish | typeof goalDrop | typeof goalReopen,
  status: Goal["status"],
) {
  return defineOwn(contract, {
    classify: always("write", "high"),
    stored: "kept",
    apply({ goal: words, reason }, context) {
      const text = textIn(context);
      const goal = goalNamed(goalsIn(goalsPath, text), words);
      if (goal.status === status) throw new Fault("goal.unchanged", `“${goal.title}” is ${status} already.`);
      return write(deps, context, withStatus(text, goal, status), reason, goal.key);
    },
  });
}

/** What stands in the file: a goal is not written into what nobody can read. */
function textIn({ tx }: OwnContext): string {
  const bytes = tx.read(goalsPath);
  const text = bytes ? decodeUtf8(bytes) : "";
  if (text === undefined) throw new Fault("document.invalid", `${goalsPath} is not UTF-8 text.`);
  return text;
}

function write({ kinds }: GoalDeps, context: OwnContext, text: string, reason: string | undefined, key: string) {
  const path = writeSection(kinds, context, "goals", { text, reason });
  return { goal: goalNamed(goalsWithProgress(context.tx.db), key), path };
}

async function readDay(deps: GoalDeps, words: string): Promise<string> {
  const read = await deps.readWhen();
  const when = await read(words, new Date(deps.clock.now()), deps.timeZone());
  if (when) return when.slice(0, 10);
  throw new Fault("args.invalid", `“${words}” is no day that can be read; “end of may”, “24 Dec”, “2026-11-27” can.`);
}

interface NamingTask {
  id: string;
  title: string;
  status: TaskStatus;
  goal: string;
}

const tasksNaming = (db: Database): NamingTask[] =>
  db.prepare("SELECT id, title, status, goal FROM tasks WHERE goal IS NOT NULL ORDER BY id").all() as NamingTask[];

const isOpen = (status: TaskStatus): boolean => status === "open" || status === "started";

/**
 * The goals in force, with how much of each is done: of its tasks and its parts, each counts as one, a part by its own share.
 * What was dropped counts nowhere; a goal that is done is done whole.
 */
export function goalsWithProgress(db: Database): Goal[] {
  const goals = goalsOf(db);
  const tasks = Map.groupBy(tasksNaming(db), ({ goal }) => goal);
  const counts = (key: string) => {
    const own = tasks.get(key) ?? [];
    const done = own.filter(({ status }) => status === "done").length;
    return { done, open: own.filter(({ status }) => isOpen(status)).length };
  };
  const shareOf = (goal: ToldGoal): number | null => {
    if (goal.status === "done") return 1;
    const { done, open } = counts(goal.key);
    const parts = goals.filter(({ parent, status }) => parent === goal.key && status !== "dropped");
    const all = done + open + parts.length;
    return all === 0 ? null : (done + parts.reduce((sum, part) => sum + (shareOf(part) ?? 0), 0)) / all;
  };
  return goals.map(({ lastLine: _, ...goal }) => ({
    ...goal,
    progress: shareOf({ ...goal, lastLine: 0 }),
    tasks: counts(goal.key),
  }));
}
