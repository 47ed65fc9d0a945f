import {
  type TaskBrief,
  type TaskRecord,
  type TaskStatus,
  taskAdd,
  taskDrop,
  taskEdit,
  taskFinish,
  taskReopen,
  taskStart,
} from "@mh/contract/tasks.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { authors } from "../documents/authors.ts";
import { type DocumentKind, documentText, freePath, writeDocument } from "../documents/document.ts";
import { editMarkdown, makeMarkdown } from "../documents/markdown.ts";
import { fileWrittenBy, type WrittenDeps } from "../documents/written-by.ts";
import type { Transaction } from "../journal/transaction.ts";
import { defineOwn, type OwnContext } from "../kernel/skill.ts";
import type { ReadWhen } from "../memory/extract/when.ts";
import { isHandOrigin } from "../memory/hand-written.ts";
import { slugOf } from "../memory/slug.ts";
import { goalNamed, goalsOf } from "../persona/goals.ts";
import { decodeLossy } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import { briefOf, namedBefore, openBefore, readTask, taskFolder, taskOf } from "./documents.ts";

export interface TaskDeps extends WrittenDeps {
  kinds: readonly DocumentKind[];
  timeZone: () => string;
  readWhen: () => Promise<ReadWhen>;
  clock: { now(): number };
}

interface Dates {
  due?: string | undefined;
  start?: string | undefined;
}

/** Writes down something to do, as one Markdown file. */
export function addTaskSkill(deps: TaskDeps) {
  return defineOwn(taskAdd, {
    stored: { recall: (db, commandId) => briefWrittenBy(db, deps, commandId) },
    prepare: (args) => readDates(deps, args),
    apply({ notes, title, ...args }, context, dates: Dates) {
      const after = (args.after ?? []).map((each) => taskOf(context.tx.db, each).id);
      const fields = {
        project: args.project,
        goal: goalKey(context.tx.db, args.goal),
        ...dates,
        after,
        tags: args.tags,
      };
      return briefOf(writeTask(deps, context, title, fields, notes));
    },
  });
}

/** Writes a new task's file; fields that say nothing are left out. */
export function writeTask(
  deps: Pick<TaskDeps, "kinds" | "crypto">,
  { tx, commandId, origins }: Pick<OwnContext, "tx" | "commandId" | "origins">,
  title: string,
  fields: Record<string, unknown>,
  notes = "",
): TaskRecord {
  const id = deps.crypto.id();
  const path = freePath(tx, taskFolder, slugOf(title), id);
  const made = { created: new Date(tx.now).toISOString(), ...authors([], origins) };
  const front = { id, title, status: "open", ...given(fields), ...made };
  writeDocument(tx, deps.kinds, commandId, path, makeMarkdown(path, front, notes));
  return taskOf(tx.db, id);
}

/** Changes what a task says. An empty text takes a field away. */
export function editTaskSkill(deps: TaskDeps) {
  return defineOwn(taskEdit, {
    stored: { recall: (db, commandId) => briefWrittenBy(db, deps, commandId) },
    prepare: (args) => readDates(deps, args),
    apply(args, { tx, commandId, origins }, dates: Dates) {
      const task = taskOf(tx.db, args.id);
      const after = args.after?.map((each) => taskOf(tx.db, each).id);
      if (after) refuseCycle(tx.db, task, after);
      const { project, tags, title } = args;
      const goal = goalKey(tx.db, args.goal);
      const changes = { ...present({ title, project, goal, tags, after }), ...present(dates) };
      const before = documentText(tx, task.path);
      const isSame = editMarkdown(task.path, before, emptied(changes), args.notes) === before;
      if (isSame) throw new Fault("task.unchanged", `The task ${task.id} says just that already.`);
      const front = { ...emptied(changes), ...authors(task.origins, origins) };
      const text = editMarkdown(task.path, before, front, args.notes);
      writeDocument(tx, deps.kinds, commandId, task.path, text, isByHand(task));
      return briefOf(taskOf(tx.db, task.id));
    },
  });
}

/** The name of the goal that is meant; empty stays empty. */
const goalKey = (db: Database, words: string | undefined): string | undefined =>
  words === undefined || words.trim() === "" ? words : goalNamed(goalsOf(db), words).key;

/** `task.start`, `task.finish`, `task.drop`, `task.reopen`. */
export function taskStatusSkills(deps: TaskDeps) {
  return [
    statusSkill(deps, taskStart, "started"),
    statusSkill(deps, taskFinish, "done"),
    statusSkill(deps, taskDrop, "dropped"),
    statusSkill(deps, taskReopen, "open"),
  ];
}

type StatusContract = typeof taskStart | typeof taskFinish | typeof taskDrop | typeof taskReopen;

function statusSkill(deps: TaskDeps, contract: StatusContract, status: TaskStatus) {
  return defineOwn(contract, {
    stored: { recall: (db, commandId) => briefWrittenBy(db, deps, commandId) },
    apply({ id }, { tx, commandId }) {
      const task = taskOf(tx.db, id);
      if (task.status === status) throw new Fault("task.unchanged", `“${task.title}” is ${status} already.`);
      if (status === "started") refuseBlocked(tx.db, task);
      const isEnd = status === "done" || status === "dropped";
      const changes = { status, closed: isEnd ? new Date(tx.now).toISOString() : undefined };
      writeDocument(tx, deps.kinds, commandId, task.path, edited(tx, task.path, changes), isByHand(task));
      return briefOf(taskOf(tx.db, task.id));
    },
  });
}

/** What stands in a file by hand is nobody's word because something else of it was changed. */
const isByHand = ({ origins }: TaskRecord): boolean => origins.some(isHandOrigin);

const edited = (tx: Transaction, path: string, changes: Record<string, unknown>): string =>
  editMarkdown(path, documentText(tx, path), changes);

async function readDates(deps: TaskDeps, { due, start }: { due?: string | undefined; start?: string | undefined }) {
  const dates: Dates = {};
  if (due !== undefined) dates.due = await readDate(deps, due);
  if (start !== undefined) dates.start = await readDate(deps, start);
  return dates;
}

/** Empty stays empty: it takes the date away. */
async function readDate(deps: TaskDeps, words: string): Promise<string> {
  if (words.trim() === "") return "";
  const read = await deps.readWhen();
  const when = await read(words, new Date(deps.clock.now()), deps.timeZone());
  if (when) return when;
  throw new Fault("args.invalid", `“${words}” is no day that can be read; “next friday”, “24 Dec”, “2026-11-27” can.`);
}

function refuseCycle(db: Database, task: TaskRecord, after: readonly string[]): void {
  const seen = new Set<string>();
  const next = [...after];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (id === task.id) throw new Fault("task.cycle", `“${task.title}” would wait for itself.`);
    if (seen.has(id)) continue;
    seen.add(id);
    next.push(...namedBefore(db, id));
  }
}

function refuseBlocked(db: Database, task: TaskRecord): void {
  const open = openBefore(db, task);
  if (open.length === 0) return;
  const names = open.map((each) => `“${each.title}”`).join(", ");
  throw new Fault("task.blocked", `“${task.title}” waits for ${names}. Finish that, or \`mh task edit --after ""\`.`);
}

const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => !(v === undefined || v === "" || isNone(v))));
const present = (values: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined));
const emptied = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([key, v]) => [key, v === "" || isNone(v) ? undefined : v]));
const isNone = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** A task as a command left it. */
function briefWrittenBy(db: Database, deps: TaskDeps, command: string): TaskBrief | undefined {
  const written = fileWrittenBy(db, deps, command);
  return written?.bytes && briefOf(readTask(deps.crypto, written.path, decodeLossy(written.bytes)));
}
