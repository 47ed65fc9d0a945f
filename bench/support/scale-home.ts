import * as fs from "node:fs";
import * as path from "node:path";
import { defineContract } from "@mh/contract/contract.ts";
import type { Entry, JournalRecord } from "@mh/contract/values/record.ts";
import { defineOwn } from "@mh/core/kernel/skill.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { testClock } from "@mh/testing/test-clock.ts";
import { z } from "zod";
import { type BenchHome, benchHome } from "./bench-home.ts";
import { processorMsOf } from "./processor-time.ts";
import { sentence } from "./synthetic-text.ts";

/** A thousand records and a thousand memories a day: what a life of so many days leaves. */
const day = { captures: 20, imported: 980, tasks: 20, finished: 10, reads: 894 };

export interface Filled {
  days: number;
  memories: number;
  tasks: number;
  records: number;
  /** Id of the first capture and of the last one: old and new. */
  oldest: string;
  latest: string;
  /** Processor milliseconds of each imported and each captured memory, in the first tenth of the days and in the last. */
  importMs: [number, number];
  captureMs: [number, number];
}

/** How far a home is filled: a run that was cut off goes on from the last day that is noted. */
interface Noted extends Pick<Filled, "oldest" | "latest" | "records"> {
  begin: number;
  costs: { imported: number; captured: number }[];
  open: string[];
}

const notedName = "filled.json";

/** A home that was lived in for so many days, up to now, by commands alone. One that has more days already stays as it is. */
export async function scaleHome(folder: string, days: number): Promise<Filled> {
  const file = path.join(folder, notedName);
  if (!fs.existsSync(file)) fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const none: Noted = {
    begin: Date.now() - (days + 1) * dayMs,
    costs: [],
    open: [],
    oldest: "",
    latest: "",
    records: 0,
  };
  let noted = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Noted) : none;
  if (noted.costs.length < days) {
    const clock = testClock(new Date(noted.begin + noted.costs.length * dayMs).toISOString());
    let read: JournalRecord | undefined;
    const onRecords = (records: readonly JournalRecord[]) => {
      read ??= records.find(({ skill }) => skill?.startsWith("home.status@"));
    };
    await using home = await benchHome(folder, { clock, onRecords, skills: [readsSkill(() => entryFrom(read))] });
    while (noted.costs.length < days) {
      noted = await lived(home, noted, clock.now());
      clock.forward(dayMs);
      fs.writeFileSync(`${file}.tmp`, JSON.stringify(noted));
      fs.renameSync(`${file}.tmp`, file);
    }
  }
  const { costs, oldest, latest, records } = noted;
  const tenth = Math.ceil(costs.length / 10);
  const mean = (of: "imported" | "captured", count: number): [number, number] => {
    const each = (part: typeof costs) => part.reduce((all, each) => all + each[of], 0) / (part.length * count);
    return [each(costs.slice(0, tenth)), each(costs.slice(-tenth))];
  };
  return {
    ...{ days: costs.length, memories: costs.length * (day.captures + day.imported), tasks: costs.length * day.tasks },
    ...{ records, oldest, latest, importMs: mean("imported", day.imported), captureMs: mean("captured", day.captures) },
  };
}

async function lived(home: BenchHome, noted: Noted, now: number): Promise<Noted> {
  const n = noted.costs.length;
  // The first of these is the read that the log is filled with.
  const status = () => home.own("home.status", {}) as Promise<{ records: number }>;
  await status();
  const imported = await processorMsOf(() => importDay(home, n, now));
  const ids: string[] = [];
  const captured = await processorMsOf(async () => {
    const texts = Array.from({ length: day.captures }, (_, i) => sentence(1e7 + n * day.captures + i));
    ids.push(...(await Promise.all(texts.map((text) => capture(home, text)))));
  });
  const added = await Promise.all(Array.from({ length: day.tasks }, (_, i) => addTask(home, n, i, now)));
  await Promise.all(noted.open.map((id) => finish(home, id)));
  await home.own(benchReads.name, { count: day.reads });
  const { records } = await status();
  return {
    ...{ begin: noted.begin, costs: [...noted.costs, { imported, captured }], open: added.slice(0, day.finished) },
    ...{ records, oldest: noted.oldest || (ids[0] ?? ""), latest: ids.at(-1) ?? "" },
  };
}

/** One that was finished in a day that was cut off stays so. */
async function finish(home: BenchHome, id: string): Promise<void> {
  const outcome = await home.host.act({ principal: "owner", skill: "task.finish", args: { id } });
  const isDone = outcome.status === "done" || (outcome.status === "failed" && outcome.fault.code === "task.unchanged");
  if (!isDone) throw new Error(JSON.stringify(outcome));
}

/** Gives the command's id. */
async function capture(home: BenchHome, text: string): Promise<string> {
  const outcome = await home.host.act({ principal: "owner", skill: "memory.capture", args: { text } });
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  return outcome.id;
}

const dayMs = 24 * 3_600_000;

const benchReads = defineContract({
  name: "bench.reads",
  kind: "own",
  title: "Fill the log with reads",
  input: () => z.strictObject({ count: z.int().describe("How many") }),
  output: () => z.strictObject({}),
  examples: [{ title: "Ten", args: { count: 10 } }],
  effects: ["write"],
  event: "bench.filled",
});

/** Records of reads as the kernel leaves them, in one group: what years of looking at a home leave, in bearable time. */
function readsSkill(entry: () => Entry) {
  return defineOwn(benchReads, {
    stored: "once",
    apply({ count }, { tx }) {
      for (let n = 0; n < count; n += 1) tx.append({ ...entry(), id: nodeCrypto.id() }, true);
      return {};
    },
  });
}

function entryFrom(record: JournalRecord | undefined): Entry {
  if (!record) throw new Error("No read is in the log yet.");
  const { v, seq, ts, hlc, boot, prev, hash, mac, ...entry } = record;
  return entry;
}

async function importDay(home: BenchHome, n: number, now: number): Promise<void> {
  const items = Array.from({ length: day.imported }, (_, i) => ({
    ...{ externalId: `n${n}.${i}`, session: `s${n}.${Math.floor(i / 20)}` },
    at: new Date(now - i * 60_000).toISOString(),
    content: sentence(n * day.imported + i),
  }));
  await home.own("memory.import", { source: "years", from: "years.ndjson", items });
}

async function addTask(home: BenchHome, n: number, i: number, now: number): Promise<string> {
  const due = new Date(now + (i - 5) * 30 * dayMs).toISOString().slice(0, 10);
  const args = { title: sentence(2e7 + n * day.tasks + i).slice(0, 60), ...(i % 3 > 0 && { due }) };
  return ((await home.own("task.add", args)) as { id: string }).id;
}
