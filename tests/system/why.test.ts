import * as fs from "node:fs";
import type { Principal } from "@mh/contract/values/principal.ts";
import { readRecords } from "@mh/core/journal/walk.ts";
import { type Explanation, explain } from "@mh/core/kernel/explain.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { indexedLookup, NotIndexed, walkedLookup } from "@mh/host/audit/record-lookup.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makeEncryptedHome } from "../support/encrypted-home.ts";
import { lookupDeps } from "../support/lookup-deps.ts";

const mail: Principal = "agent:mail";

test("why by the index tells what the whole log tells: of every record, open or closed, archived or not", async () => {
  await using home = await homeWithADay();
  await agree(home);
  home.clock.forward(40 * 24 * 3_600_000);
  await home.own("memory.capture", { text: "Much later" });
  await home.own("journal.archive", { before: "2026-04-01" });
  await agree(home);
  await home.close();
  await agree(home);
});

test.each([
  ["missing", async (home: TestHost) => fs.rmSync(home.file("memory/index"), { recursive: true })],
  ["damaged", async (home: TestHost) => fs.writeFileSync(home.file("memory/index/index.db"), "no database at all")],
  ["of another log", async (home: TestHost) => takeIndexOf(home)],
])("why does without an index that is %s", async (_what, change) => {
  await using home = await homeWithADay();
  await home.close();
  await change(home);
  const { all, walked } = everything(home);
  expect(() => indexedLookup(home.root, lookupDeps(home))).toThrow(NotIndexed);
  const last = all.at(-1)?.id ?? "";
  expect(explainCommand(home.root, home.environment, last)).toEqual(explain(walked, last));
});

test("why leaves no file in a home that nobody holds", async () => {
  await using home = await homeWithADay();
  await home.close();
  const before = fs.readdirSync(home.file("memory/index"));
  const log = indexedLookup(home.root, lookupDeps(home));
  expect(explain(log, "1")).toBeDefined();
  log[Symbol.dispose]();
  expect(fs.readdirSync(home.file("memory/index"))).toEqual(before);
});

test("why knows what came after the index looked", async () => {
  await using home = await homeWithADay();
  await home.close();
  fs.cpSync(home.file("memory/index"), home.file("old"), { recursive: true });
  await home.reopen();
  const { id } = await home.act(mail, "memory.capture", { text: "Later still" });
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  fs.renameSync(home.file("old"), home.file("memory/index"));
  using log = indexedLookup(home.root, lookupDeps(home));
  expect(explain(log, id)?.records.map(({ phase }) => phase)).toEqual(["intent", "outcome"]);
  await agree(home);
});

test.each(["owner", mail] as const)(
  "what why of a command by %s reads of the log does not grow with it",
  async (by) => {
    await using home = await makeHost({ declared: new Map([[mail, ["memory.capture"]]]) });
    await home.own("grant.give", { principal: mail, skill: "memory.capture" });
    await home.own("trust.set", { principal: mail, level: "adaptive_auto" });
    const { id } = await home.act(by, "memory.capture", { text: "The first" });
    const read = async (days: number): Promise<number> => {
      for (let n = 0; n < days * 5; n += 1) {
        home.clock.forward(24 * 720_000);
        await home.own("memory.capture", { text: `Number ${n} of ${days}` });
      }
      let bytes = 0;
      const { files, ...deps } = lookupDeps(home);
      const counted = (part: Uint8Array | undefined) => {
        bytes += part?.length ?? 0;
        return part;
      };
      const counting = {
        ...files,
        read: (name: string) => counted(files.read(name)),
        readPart: (name: string, from: number, to: number) => counted(files.readPart(name, from, to)),
      };
      using log = indexedLookup(home.root, { ...deps, files: counting });
      expect(explain(log, id)?.records).toHaveLength(2);
      return bytes;
    };
    const few = await read(10);
    expect(await read(70)).toBeLessThan(2 * few);
  },
);

test("why finds what gave a right by the index of an encrypted home, too", async () => {
  await using home = await makeEncryptedHome();
  await home.own("grant.give", { principal: mail, skill: "memory.capture" });
  const { id } = await home.act(mail, "memory.capture", { text: "Sarah wrote" });
  const deps = lookupDeps(home);
  using log = indexedLookup(home.root, deps, deps.disk.cipher?.databaseKey);
  expect(explain(log, id)?.rights.map(({ seq }) => typeof seq)).toEqual(["number"]);
});

test("tail and show give what stands at the end and at a number, also behind a damaged line", async () => {
  await using home = await homeWithADay();
  await home.close();
  const { all } = everything(home);
  const log = inspect(home.root, home.environment);
  expect(log.latest(7)).toEqual(all.slice(-7));
  expect(log.latest(10_000)).toEqual(all);
  expect([...Array(all.length + 1).keys()].map((seq) => log.record(seq)?.seq)).toEqual([
    ...all.map(({ seq }) => seq),
    undefined,
  ]);
  const [segment = ""] = fs.readdirSync(home.file("logs/audit"));
  const lines = fs.readFileSync(home.file(`logs/audit/${segment}`), "utf8").split("\n");
  const damaged = lines.map((line, n) => (n === 3 || n === lines.length - 2 ? line.slice(1) : line)).join("\n");
  fs.writeFileSync(home.file(`logs/audit/${segment}`), damaged);
  expect(log.record(3)).toBeUndefined();
  expect(log.record(4)).toEqual(all[4]);
  expect(log.latest(3)).toEqual(all.slice(-4, -1));
});

/** Commands that were done, denied, asked and answered. */
async function homeWithADay(): Promise<TestHost> {
  const home = await makeHost({ declared: new Map([[mail, ["memory.capture", "outbox.append"]]]) });
  await home.own("memory.capture", { text: "Met Sarah" });
  await home.act("agent:nobody", "memory.capture", { text: "x" });
  const asked = await home.act(mail, "outbox.append", { text: "a" });
  const { hash } = await home.own("approval.show", { id: asked.id });
  await home.own("approval.approve", { id: asked.id, hash });
  const other = await home.act(mail, "outbox.append", { text: "b" });
  if (other.status === "parked") await home.own("approval.deny", { id: other.id });
  await home.own("grant.give", { principal: mail, skill: "memory.capture" });
  await home.act(mail, "memory.capture", { text: "Sarah wrote" });
  for (let n = 0; n < 30; n += 1) await home.own("memory.capture", { text: `Number ${n}` });
  return home;
}

function everything(home: TestHost) {
  const deps = lookupDeps(home);
  return { all: [...readRecords(deps)].map(({ record }) => record), walked: walkedLookup(deps) };
}

async function agree(home: TestHost): Promise<void> {
  const { all, walked } = everything(home);
  const forms = (id: string, seq: number) => [String(seq), id, id.slice(-8), id.slice(0, 12), id.slice(-3)];
  const names = all.map(({ seq, id }) => forms(id, seq)[seq % 5] as string);
  using log = indexedLookup(home.root, lookupDeps(home));
  const told = (by: Parameters<typeof explain>[0]) =>
    new Map<string, Explanation | undefined>([...names, "nothing"].map((name) => [name, explain(by, name)]));
  expect(told(log)).toEqual(told(walked));
}

async function takeIndexOf(home: TestHost): Promise<void> {
  await using other = await homeWithADay();
  await other.close();
  fs.cpSync(other.file("memory/index"), home.file("memory/index"), { recursive: true, force: true });
}
