import { goalAdd, goalDrop, goalFinish, goalList, goalReopen, goalShow } from "@mh/contract/goals.ts";
import type { TaskRecord } from "@mh/contract/tasks.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Goal } from "@mh/contract/values/goal.ts";
import type { DocumentKind } from "../documents/document.ts";
import { always, defineOwn, defineQuery, type OwnContext } from "../kernel/skill.ts";
import type { ReadWhen } from "../memory/extract/when.ts";
import type { Database } from "../ports/database.ts";
import { briefOf, openStatuses } from "../tasks/documents.ts";
import { goalNamed, goalsIn, goalsOf, goalsPath, type ToldGoal, withGoal, withStatus } from "./goals.ts";
import { writeSection } from "./persona-documents.ts";
import { standingText } from "./section-text.ts";

interface GoalDeps {
  kinds: readonly DocumentKind[];
  timeZone: () => string;
  clock: { now(): number };
  readWhen: () => Promise<ReadWhen>;
}

/** As many tasks are listed at once; how many there are stands with the goal. */
const tasksMax = 1_000;

export function listGoalsSkill() {
  return defineQuery(goalList, {
    run({ horizon, all = false }, { db }) {
      const goals = goalsWithProgress(db);
      const shown = goals.filter((goal) => (all || goal.status === "open") && (!horizon || goal.horizon === horizon));
      return { goals: shown, strays: straysOf(db, goals) };
    },
  });
}

export function showGoalSkill() {
  return defineQuery(goalShow, {
    run({ goal: words }, { db }) {
      const goals = goalsWithProgress(db);
      const goal = goalNamed(goals, words);
      const sql = `SELECT record FROM tasks WHERE goal = ? ORDER BY status IN (${openStatuses}) DESC, id LIMIT ${tasksMax}`;
      const rows = db.prepare(sql).all(goal.key) as { record: string }[];
      const tasks = rows.map(({ record }) => briefOf(JSON.parse(record) as TaskRecord));
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
      const text = standingText(context.tx, "goals");
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
      const text = standingText(context.tx, "goals");
      const goal = goalNamed(goalsIn(goalsPath, text), words);
      if (goal.status === status) throw new Fault("goal.unchanged", `“${goal.title}” is ${status} already.`);
      return write(deps, context, withStatus(text, goal, status), reason, goal.key);
    },
  });
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

/** Tasks yet to be done that name a goal which is not there. */
function straysOf(db: Database, goals: readonly Pick<Goal, "key">[]) {
  const sql = `SELECT id, title, goal FROM tasks WHERE goal IS NOT NULL AND status IN (${openStatuses})
    AND goal NOT IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ${tasksMax}`;
  const keys = goals.map(({ key }) => key);
  return db.prepare(sql).all(JSON.stringify(keys)) as { id: string; title: string; goal: string }[];
}

/** How many tasks name each goal, by whether they are done. */
function taskCounts(db: Database): Map<string, { open: number; done: number }> {
  const sql = `SELECT goal, sum(status IN (${openStatuses})) AS open, sum(status = 'done') AS done
    FROM tasks WHERE goal IS NOT NULL GROUP BY goal`;
  const rows = db.prepare(sql).all() as { goal: string; open: number; done: number }[];
  return new Map(rows.map(({ goal, open, done }) => [goal, { open, done }]));
}

/**
 * The goals in force, with how much of each is done: of its tasks and its parts, each counts as one, a part by its own share.
 * What was dropped counts nowhere; a goal that is done is done whole.
 */
export function goalsWithProgress(db: Database): Goal[] {
  const goals = goalsOf(db);
  const tasks = taskCounts(db);
  const partsOf = Map.groupBy(goals, ({ parent }) => parent);
  const counts = (key: string) => tasks.get(key) ?? { open: 0, done: 0 };
  const shareOf = (goal: ToldGoal): number | null => {
    if (goal.status === "done") return 1;
    const { done, open } = counts(goal.key);
    const parts = (partsOf.get(goal.key) ?? []).filter(({ status }) => status !== "dropped");
    const all = done + open + parts.length;
    return all === 0 ? null : (done + parts.reduce((sum, part) => sum + (shareOf(part) ?? 0), 0)) / all;
  };
  return goals.map(({ lastLine: _, ...goal }) => ({
    ...goal,
    progress: shareOf({ ...goal, lastLine: 0 }),
    tasks: counts(goal.key),
  }));
}
