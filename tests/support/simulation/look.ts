import * as fs from "node:fs";
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { verifyJournal } from "@mh/core/journal/verify.ts";
import type { ReloadReport } from "@mh/core/memory/reload.ts";
import { nodeFiles } from "@mh/host/adapters/node-files.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { homeDisk } from "@mh/host/encryption/home-disk.ts";
import { readHome } from "@mh/host/home/home-file.ts";
import { openData } from "@mh/host/home/open-data.ts";
import { indexFile, keyFolder } from "@mh/host/places.ts";
import { shippedFeatures } from "@mh/host/wiring/features.ts";
import type { TestHost } from "@mh/testing";
import type { HomeChecker } from "../check-home.ts";
import { indexRows } from "../sequences/index-rows.ts";
import { type Event, type Given, stateOf } from "./commands.ts";
import { Model, type State, wordsOf } from "./model.ts";
import { timesOfPlan } from "./owner-makers.ts";

/** What a home said before all that, and how many records it had. */
export interface Before {
  state: State;
  records: number;
  /** Memories that are files of their own. */
  notes: readonly string[];
}

interface Looking {
  before: Before;
  checker: HomeChecker;
  story: string[];
}

/** A rule that was written binds, whatever was taken back since. */
async function checkRules(home: TestHost, given: readonly Given[], ends: Ends): Promise<void> {
  const written = given.flatMap(({ command, planned: { rule } }) => (rule && isDone(ends, command.id) ? [rule] : []));
  if (written.length === 0) return;
  const { inForce } = await home.own("policy.list", {});
  const missing = written.filter((id) => !inForce.some((rule) => rule.id === id));
  if (missing.length > 0) throw new Error(`Not in force: ${missing.join()}`);
}

type LogRecord = ValueFor<"audit.tail">["records"][number];
type Ends = ReadonlyMap<string, Outcome | undefined>;

/**
 * What was acknowledged is there, what was refused is not, what was not known is one of the two; nothing is there twice, not
 * even when it is asked for again; nothing counts as written by hand; chain, index and the checker agree.
 */
export async function look(
  home: TestHost,
  events: readonly Event[],
  { before, checker, story }: Looking,
): Promise<void> {
  const given = events.filter((each) => "command" in each);
  const edits = events.filter((each) => !("command" in each));
  const ends = await endsOf(home, given);
  story.push(
    ...given.map(({ name, command, told }) => `${name}: ${told?.status}, and is ${ends.get(command.id)?.status}`),
  );
  for (const each of given) checkEnd(each, ends);
  for (const each of given) if (each.told?.status === "parked") checkConsent(each, given, ends);
  const { records } = await home.own("audit.tail", { limit: 200 });
  const model = modelOf(before, inOrder(records, events), ends, takenBack(records));
  compare("What the home says", await stateOf(home), model.state);
  const damage = await home.own("damage.list", {});
  if (Object.values(damage).some((list) => list.length > 0)) throw new Error(`Damage: ${JSON.stringify(damage)}`);
  for (const { command, planned } of given)
    if (isDone(ends, command.id) && !planned.isAsked) await home.host.act(command);
  compare("What the home says after repeats", await stateOf(home), model.state);
  const last = (await askAgain(home, events, ends, before)) ?? { ends, model };
  checkOutside(home.outbox(), given, last.ends);
  await checkRules(home, given, last.ends);
  const adopted = await adoptedByHand(home, before);
  // A command may have written over one before it was read.
  if (adopted.length > edits.length)
    throw new Error(`Of ${edits.length} texts by hand, taken for one: ${adopted.join()}`);
  await home.close();
  const { status, reason } = verifyJournal(journalReader(home.root, home.environment));
  if (status !== "ok") throw new Error(`The chain is ${status}: ${reason}`);
  const acknowledged = given.filter(({ told }) => told?.status === "done");
  const wrong = await checker.check(home.root, {
    done: acknowledged.map(({ command }) => command.id),
    refused: given.filter(({ told }) => told?.status === "failed").map(({ command }) => command.id),
    there: [...last.model.state].filter(([key]) => key.startsWith("memory ")).map(([, says]) => wordsOf(says)),
    gone: last.model.gone,
  });
  if (wrong.length > 0) throw new Error(`The checker: ${wrong.join("; ")}`);
  const { cipher } = homeDisk(home.root, home.environment);
  const grown = indexRows(home.file("memory/index/index.db"), cipher?.databaseKey);
  fs.rmSync(home.file("memory/index"), { recursive: true });
  const { handEdits, documents } = makeIndex(home);
  const strange = [...handEdits, ...Object.values(documents).flat()];
  if (strange.length > 0) throw new Error(`Nobody wrote by hand: ${JSON.stringify(strange)}`);
  const made = indexRows(home.file("memory/index/index.db"), cipher?.databaseKey);
  for (const table of Object.keys(made))
    compare(`The index, of ${table}`, rowsOf(grown[table] ?? []), rowsOf(made[table] ?? []));
}

/** What was cut off in the home alone left nothing: asked for again, it is done or refused as anything is that is asked for then. */
async function askAgain(home: TestHost, events: readonly Event[], ends: Ends, before: Before) {
  const given = events.filter((each) => "command" in each);
  const cutOff = given.filter(
    ({ command, planned }) => !planned.isAsked && ends.get(command.id)?.status === "interrupted",
  );
  const anew: Given[] = [];
  for (const each of cutOff) {
    const { status } = await home.host.act(each.command);
    if (status !== "interrupted") anew.push(each);
    // One of several lines, of which some were left, answers as before.
    else if (each.planned.line === undefined && !mayLeaveSome(each.planned.skill, given))
      throw new Error(`${each.name} was cut off, and is for ever`);
  }
  if (anew.length === 0) return undefined;
  const { records } = await home.own("audit.tail", { limit: 500 });
  const others = events.filter((each) => !("command" in each && anew.includes(each)));
  const ordered = [...inOrder(records, others), ...anew];
  const endsNow = await endsOf(home, given);
  const model = modelOf(before, ordered, endsNow, takenBack(records));
  compare("What the home says of what was asked for again", await stateOf(home), model.state);
  return { ends: endsNow, model };
}

/** Whether a command may write more than one line: an import, and what takes one back. */
const mayLeaveSome = (skill: string, given: readonly Given[]): boolean =>
  skill === "memory.import" ||
  (/^history\./.test(skill) && given.some(({ planned }) => planned.skill === "memory.import"));

/** The index from the files and the log alone, and what in them no command wrote and no record names. */
function makeIndex({ root, environment }: TestHost): ReloadReport {
  fs.mkdirSync(path.dirname(indexFile(root)), { mode: 0o700 });
  const home = readHome(nodeFiles(root), root);
  using data = openData(root, home, { keyFolder: keyFolder(home.id, environment), environment }, shippedFeatures);
  return data.memories;
}

async function endsOf(home: TestHost, given: readonly Given[]): Promise<Ends> {
  const ends = new Map<string, Outcome | undefined>();
  for (const { command } of given) ends.set(command.id, await home.host.wait(command.id));
  return ends;
}

const isDone = (ends: Ends, id: string): boolean => ["done", "repeated"].includes(ends.get(id)?.status ?? "");

function checkEnd({ name, command, told }: Given, ends: Ends): void {
  const is = ends.get(command.id)?.status;
  const wasRefused = told?.status === "failed" || told?.status === "denied";
  if (told?.status === "done" && !isDone(ends, command.id)) throw new Error(`${name} was done, and is ${is}`);
  if (told?.status === "parked" && is === undefined) throw new Error(`${name} was parked, and is not there`);
  if (wasRefused && isDone(ends, command.id)) throw new Error(`${name} was refused, and is ${is}`);
}

/** What waited for an answer that is there does wait no more, and without one it waits; there are not two. */
function checkConsent({ name, command, told }: Given, given: readonly Given[], ends: Ends): void {
  // The same asked twice is one request.
  const request = told?.status === "parked" ? told.approval : command.id;
  const isAnswered = (by: "approves" | "denies") =>
    given.some((answer) => answer.planned[by] === request && isDone(ends, answer.command.id));
  const [isApproved, isDenied] = [isAnswered("approves"), isAnswered("denies")];
  const is = ends.get(command.id)?.status;
  if (isApproved && isDenied) throw new Error(`${name} was approved, and denied`);
  if ((isApproved || isDenied) === (is === "parked"))
    throw new Error(`${name} was ${isApproved || isDenied ? "" : "not "}answered, and is ${is}`);
  if (isDenied && is !== "denied") throw new Error(`${name} was denied, and is ${is}`);
}

/** What is done stands outside once, what never ran does not, and under a plan no more is done than it says. */
function checkOutside(lines: readonly string[], given: readonly Given[], ends: Ends): void {
  if (new Set(lines).size !== lines.length) throw new Error(`Done twice outside: ${lines.join()}`);
  for (const { name, command, planned } of given) {
    if (planned.line === undefined) continue;
    const isThere = lines.includes(planned.line);
    const is = ends.get(command.id)?.status;
    if (isThere !== isDone(ends, command.id) && is !== "interrupted")
      throw new Error(`${name} is ${is}, and ${isThere ? "" : "not "}there outside`);
  }
  const approved = new Set(given.map(({ planned }) => planned.approves));
  const byPlan = given.filter(
    ({ command, planned: { line = "" } }) => lines.includes(line) && !approved.has(command.id),
  );
  for (const [task, steps] of Map.groupBy(byPlan, ({ command }) => command.task?.id))
    if (task !== undefined && steps.length > timesOfPlan)
      throw new Error(`Of a plan of ${timesOfPlan} steps, ${steps.length} were done: ${steps.map(({ name }) => name)}`);
}

/** Events as they happened: of commands that were given at once, the log knows which was first. */
function inOrder(records: readonly LogRecord[], events: readonly Event[]): Event[] {
  const ended = new Map(records.filter(({ phase }) => phase === "outcome").map(({ id, seq }) => [id, seq]));
  const at = (each: Event) => ("command" in each ? (ended.get(each.command.id) ?? 0) : 0);
  return events.toSorted((a, b) =>
    "command" in a && "command" in b && a.batch === b.batch ? at(a) - at(b) : events.indexOf(a) - events.indexOf(b),
  );
}

/** What each undo and redo took back, as it would have answered: a crash may leave it done and its answer lost. */
const takenBack = (records: readonly LogRecord[]): Map<string, { commands: unknown }> =>
  new Map(records.flatMap(({ id, body }) => (body?.undoes ? [[id, { commands: body.undoes }] as const] : [])));

/** What comes of all that is done, in order. What was asked for first is done where it was approved. */
function modelOf(before: Before, events: readonly Event[], ends: Ends, lost: ReadonlyMap<string, unknown>): Model {
  const given = events.filter((each) => "command" in each);
  const model = new Model(before.state);
  const byId = new Map(given.map((each) => [each.command.id, each]));
  const ran = new Set<string>();
  const does = ({ command, planned, told }: Given) => {
    if (!isDone(ends, command.id) || ran.has(command.id)) return;
    ran.add(command.id);
    // What was forgotten since is in no answer any more.
    planned.does(model, command.id, valueIn(told) ?? valueIn(ends.get(command.id)) ?? lost.get(command.id));
  };
  for (const each of events) {
    if (!("command" in each)) {
      model.write(new Map([[each.key, each.says]]));
      continue;
    }
    const approved = byId.get(each.planned.approves ?? "");
    if (approved) does(approved);
    if (!each.planned.isAsked) does(each);
  }
  return model;
}

const valueIn = (end: Outcome | undefined): unknown => (end?.status === "done" ? end.value : undefined);

async function adoptedByHand(home: TestHost, { records }: Before): Promise<string[]> {
  const tail = await home.own("audit.tail", { limit: 200 });
  const found = tail.records.filter(({ seq, phase, principal, body }) => {
    const isData = body?.what === "memory" || body?.what === "document";
    return seq >= records && phase === "adopt" && principal === "file" && isData;
  });
  return found.map(({ seq, body }) => `${seq} ${JSON.stringify(body)}`);
}

const rowsOf = (rows: readonly string[]): Map<string, string> => new Map(rows.map((row) => [row, ""]));

function compare(what: string, found: State, wanted: State): void {
  const wrong = [
    ...[...wanted].filter(([key, value]) => found.get(key) !== value).map((entry) => `- ${entry.join(": ")}`),
    ...[...found].filter(([key, value]) => wanted.get(key) !== value).map((entry) => `+ ${entry.join(": ")}`),
  ];
  if (wrong.length > 0) throw new Error(`${what}:\n${wrong.slice(0, 12).join("\n")}`);
}
