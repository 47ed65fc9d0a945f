import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { ObservedSource } from "@mh/contract/values/observed-sources.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { filesWith } from "../find-bytes.ts";
import { doReady } from "../support/do-ready.ts";
import { schedulerByHand } from "../support/scheduler-by-hand.ts";

const now = "2026-03-02T09:30:00Z";
const seconds = (time: string) => Date.parse(time) / 1_000;
const password = "hunter2-Correct-Horse";

/** A person's folder with what each source reads, and a home whose settings name it. */
async function observedHome(on: readonly ObservedSource[] = []) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-observed-"));
  const at = (...names: string[]) => path.join(folder, ...names);
  const paths = { shell: [at("history")], git: [at("garden")], browser: [at("History")], files: [at("recent.xbel")] };
  const history: [time: string, line: string][] = [
    ["2026-03-01T08:00:00Z", `mysql -p${password}`],
    ["2026-03-01T08:01:00Z", `TOKEN=${password} /usr/bin/mysql`],
    ["2026-03-01T08:02:00Z", password],
    ["2026-03-02T07:10:00Z", "make test"],
    ["2026-03-02T07:20:00Z", "sudo make install"],
    ["2025-01-01T07:20:00Z", "make old"],
  ];
  const write = () =>
    fs.writeFileSync(
      at("history"),
      `undated\n${history.map(([time, line]) => `#${seconds(time)}\n${line}\n`).join("")}`,
    );
  write();
  fs.mkdirSync(at("garden/.git/logs"), { recursive: true });
  const commit = (time: string, what: string) => `0 1 Ada <ada@home.example> ${seconds(time)} +0100\t${what}\n`;
  const key = "ghp_9fK2bQ7LmX4vT1zR8sWcY3nD6pA0eJuH5gBi";
  fs.writeFileSync(
    at("garden/.git/logs/HEAD"),
    commit("2026-03-01T10:00:00Z", "commit (initial): Begin") +
      commit("2026-03-01T11:00:00Z", "checkout: moving from main to beds") +
      commit("2026-03-02T08:00:00Z", `commit: Water the beds, password=${password} and ${key}`),
  );
  const db = new Sqlite(at("History"));
  db.exec(
    "CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT, title TEXT); CREATE TABLE visits (id INTEGER PRIMARY KEY, url INTEGER, visit_time INTEGER)",
  );
  db.prepare("INSERT INTO urls VALUES (1, ?, ?), (2, 'file:///etc/passwd', 'x')").run(
    `https://www.bank.example/?session=${password}`,
    "Account of Ada",
  );
  for (const [n, url] of [1, 1, 2].entries())
    db.prepare("INSERT INTO visits VALUES (?, ?, ?)").run(
      n + 1,
      url,
      (Date.parse("2026-03-02T08:10:00Z") + 11_644_473_600_000) * 1_000,
    );
  db.close();
  fs.writeFileSync(
    at("recent.xbel"),
    `<xbel><bookmark href="file:///home/ada/secret%20folder/Cost%20sheet.ods" modified="2026-03-02T08:20:00Z"><info/></bookmark>
     <bookmark href="https://x.example" modified="2026-03-02T08:20:00Z"/></xbel>`,
  );
  const home = await makeHost();
  home.clock.set(now);
  const observe = Object.fromEntries(
    Object.entries(paths).map(([source, paths]) => [source, { on: on.includes(source as never), paths }]),
  );
  const set = (more: object = {}) =>
    home.own("config.write", {
      text: JSON.stringify({ owner: "Ada", timeZone: "Europe/Berlin", observe: { ...observe, ...more } }),
    });
  await set();
  return {
    ...{ home, set, observe, key },
    type(time: string, line: string) {
      history.push([time, line]);
      write();
    },
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

const opened = (file: string) => {
  const db = new Sqlite(file);
  return Object.assign(db, { [Symbol.dispose]: () => db.close() });
};
const code = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);
const kept = async (home: TestHost) => (await home.own("memory.list", { limit: 100 })).memories;
const previews = { preview: true } as const;

test("H17 nothing is observed before its owner turns that source on, and they see first what it would take", async () => {
  await using made = await observedHome();
  const { home } = made;
  const shell = await home.own("observe.shell", previews);
  expect(shell.days).toEqual([
    { day: "2026-03-01", text: "Programs run in a terminal on 2026-03-01\n09:00 mysql (2)", state: "new" },
    { day: "2026-03-02", text: "Programs run in a terminal on 2026-03-02\n08:00 make (2)", state: "new" },
  ]);
  expect(Object.fromEntries(shell.left.map(({ why, count }) => [why, count]))).toEqual({
    "what stood behind the name of the program": 5,
    "names that stand there once, or are none": 1,
    "lines without a time": 1,
    "what is older than 31 days": 1,
  });
  expect((await home.own("observe.git", previews)).days.map(({ text }) => text.split("\n")[1])).toEqual([
    "11:00 garden: Begin",
    "09:00 garden: Water the beds, password=[hidden] and [hidden]",
  ]);
  expect((await home.own("observe.browser", previews)).days.map(({ text }) => text)).toEqual([
    "Sites visited on 2026-03-02\n09:00 bank.example (2)",
  ]);
  expect((await home.own("observe.files", previews)).days.map(({ text }) => text)).toEqual([
    "Files opened on 2026-03-02\n09:00 Cost sheet.ods",
  ]);
  for (const source of ["shell", "git", "browser", "files"])
    expect(code(await home.act(owner, `observe.${source}`, {}))).toBe("observe.off");
  expect(await kept(home)).toEqual([]);
  // An agent sees nothing by a preview, nor by a grant, while it is off.
  const spy = agent("spy");
  await home.own("grant.give", { principal: spy, skill: "observe.shell" });
  expect(code(await home.act(spy, "observe.shell", previews))).toBe("observe.off");
  await using daemon = schedulerByHand(home, { onRun: () => undefined, onTrouble: () => undefined });
  await daemon.look("2026-03-02T10:30:00Z");
  expect(await kept(home)).toEqual([]);
});

test("H17 what is on is kept a day a memory, once, as nobody's word; a password is in none of it", async () => {
  await using made = await observedHome(["shell", "git", "browser", "files"]);
  const { home, type, key } = made;
  await using daemon = schedulerByHand(home, { onRun: () => undefined, onTrouble: () => undefined });
  await daemon.look("2026-03-02T09:31:00Z");
  const first = await kept(home);
  expect(first.map(({ kind, source, origins, externalId }) => [kind, source, origins, externalId]).sort()).toEqual(
    [
      ["artifact", "observed:browser", ["observed:browser"], "2026-03-02"],
      ["artifact", "observed:files", ["observed:files"], "2026-03-02"],
      ...["2026-03-01", "2026-03-02"].map((day) => ["artifact", "observed:git", ["observed:git"], day]),
      ...["2026-03-01", "2026-03-02"].map((day) => ["artifact", "observed:shell", ["observed:shell"], day]),
    ].sort(),
  );
  await daemon.look("2026-03-02T09:45:00Z");
  await daemon.look("2026-03-02T10:05:00Z");
  expect(await kept(home)).toEqual(first);
  type("2026-03-02T10:06:00Z", "make clean");
  await daemon.look("2026-03-02T10:40:00Z");
  const days = (await kept(home)).filter(({ source }) => source === "observed:shell");
  expect(days.map(({ content, rev }) => [content.split("\n").slice(1), rev])).toEqual([
    [["09:00 mysql (2)"], 1],
    [["08:00 make (2)", "11:00 make"], 2],
  ]);
  expect([filesWith(home.root, password), filesWith(home.root, key), filesWith(home.root, "session=")]).toEqual([
    [],
    [],
    [],
  ]);
});

test("H17 a day that was kept stays as it is when it is a month old, and when its history got shorter", async () => {
  await using made = await observedHome(["shell"]);
  const { home, observe } = made;
  const content = async (day: string) =>
    (await kept(home)).find(({ source, externalId }) => source === "observed:shell" && externalId === day)?.content;
  await home.own("observe.shell", {});
  const [first, second] = [await content("2026-03-01"), await content("2026-03-02")];
  // In the middle of what happened on the first day.
  home.clock.set("2026-04-01T08:00:30Z");
  await home.own("observe.shell", {});
  expect(await content("2026-03-01")).toBe(first);
  const [file = ""] = observe.shell?.paths ?? [];
  const lines = fs.readFileSync(file, "utf8");
  const shorter = `#${seconds("2026-03-02T07:15:00Z")}\nmake\n#${seconds("2026-04-01T06:00:00Z")}\nmake\n`;
  fs.writeFileSync(file, shorter);
  const { days } = await home.own("observe.shell", {});
  expect(days).toContainEqual({ day: "2026-03-02", text: second, state: "same" });
  expect(await content("2026-03-02")).toBe(second);
  fs.writeFileSync(file, `${lines}#${seconds("2026-03-02T12:00:00Z")}\nmake late\n`);
  await home.own("observe.shell", {});
  expect(await content("2026-03-02")).toBe(`${second}\n13:00 make`);
});

test("H17 a source is turned off at any time, and forgotten in one go for good", async () => {
  await using made = await observedHome(["shell", "git"]);
  const { home, set, observe, type } = made;
  await home.own("observe.shell", {});
  await home.own("observe.git", {});
  const ended = await doReady(home, "observe.forget", { args: { source: "shell" } });
  expect(ended).toMatchObject({ status: "done", value: { days: 2 } });
  expect((await kept(home)).map(({ source }) => source)).toEqual(["observed:git", "observed:git"]);
  expect(filesWith(home.root, "mysql")).toEqual([]);
  const again = await home.own("observe.shell", {});
  expect(again.days.map(({ state }) => state)).toEqual(["refused", "refused"]);
  await set({ shell: { ...observe.shell, on: false } });
  type("2026-03-02T10:06:00Z", "make clean");
  expect(code(await home.act(owner, "observe.shell", {}))).toBe("observe.off");
  const { sources } = await home.own("observe.list", {});
  expect(sources.map(({ source, on, days }) => [source, on, days])).toEqual([
    ["shell", false, 0],
    ["git", true, 2],
    ["browser", false, 0],
    ["files", false, 0],
  ]);
});

test("H17 a history that its browser holds open is read with what its log has, and nothing of either is changed", async () => {
  await using made = await observedHome();
  const { home, observe } = made;
  const [file = ""] = observe.browser?.paths ?? [];
  fs.rmSync(file);
  using db = opened(file);
  db.pragma("journal_mode = WAL");
  db.pragma("wal_autocheckpoint = 0");
  db.exec(
    "CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT); CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, place_id INTEGER, visit_date INTEGER)",
  );
  const visit = (id: number, host: string) => {
    db.prepare("INSERT INTO moz_places VALUES (?, ?)").run(id, `https://${host}/`);
    db.prepare("INSERT INTO moz_historyvisits VALUES (?, ?, ?)").run(
      id,
      id,
      Date.parse("2026-03-02T08:10:00Z") * 1_000,
    );
  };
  const sites = async () =>
    (await home.own("observe.browser", previews)).days.map(({ text }) => text.split("\n").slice(1));
  visit(1, "first.example");
  expect(await sites()).toEqual([["09:00 first.example"]]);
  db.pragma("wal_checkpoint(TRUNCATE)");
  expect(await sites()).toEqual([["09:00 first.example"]]);
  visit(2, "second.example");
  const before = [file, `${file}-wal`].map((each) => fs.readFileSync(each));
  expect(await sites()).toEqual([["09:00 first.example; second.example"]]);
  expect([file, `${file}-wal`].map((each) => fs.readFileSync(each))).toEqual(before);
  fs.rmSync(`${file}-wal`);
  fs.symlinkSync(file, `${file}-wal`);
  expect((await home.own("observe.browser", previews)).missing[0]).toContain("-wal");
});

test("H17 what is no history, a link, or mh's own gives nothing, and says so", async () => {
  await using made = await observedHome();
  const { home, set, observe } = made;
  const [file = ""] = observe.browser?.paths ?? [];
  fs.writeFileSync(file, "no database");
  expect((await home.own("observe.browser", previews)).missing[0]).toContain("cannot be read");
  fs.rmSync(file);
  const db = new Sqlite(file);
  db.exec(
    "CREATE TABLE t (a); CREATE VIEW urls AS SELECT 1 AS id, 'https://x.example' AS url; CREATE VIEW visits AS SELECT 1 AS id, 1 AS url, 1 AS visit_time",
  );
  db.close();
  expect((await home.own("observe.browser", previews)).missing[0]).toContain("no history");
  const [history = ""] = observe.shell?.paths ?? [];
  fs.symlinkSync(history, `${history}-link`);
  await set({ shell: { on: true, paths: [`${history}-link`, home.file("config.yaml")] } });
  const { files, missing } = await home.own("observe.shell", {});
  expect([files, missing.length]).toEqual([[], 2]);
  // Turned on by hand, it waits for its owner.
  await set();
  const settings = JSON.parse(fs.readFileSync(home.file("config.yaml"), "utf8"));
  fs.writeFileSync(
    home.file("config.yaml"),
    JSON.stringify({ ...settings, observe: { ...observe, git: { ...observe.git, on: true } } }),
  );
  home.clock.forward(2000);
  expect(code(await home.act(owner, "observe.git", {}))).toBe("observe.off");
});
