import * as fs from "node:fs";
import * as path from "node:path";
import { checkHome } from "@mh/host/home/check-home.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { forget } from "../support/forget.ts";

/** A home with a few of everything, a snapshot of it, and what changed since. */
async function withSnapshot() {
  const home = await makeHost();
  const ids: string[] = [];
  for (const text of ["Tea with Sarah", "Tea with Tom", "Tea with Ines"])
    ids.push((await home.own("memory.capture", { text })).id);
  await home.own("task.add", { title: "Call Sarah" });
  await home.own("persona.update", { section: "values", text: "Tea before coffee" });
  const { path: file } = await home.own("snapshot.create", { name: "before" });
  await home.own("memory.edit", { id: ids[0] as string, text: "Coffee with Sarah" });
  await home.own("persona.update", { section: "values", text: "Coffee before tea" });
  return { home, ids, file: home.file(file) };
}

async function found(home: TestHost, which: string): Promise<string[]> {
  const all: string[] = [];
  for await (const { what, level, message } of checkHome(home.root, home.environment))
    if (what === which && level !== "ok") all.push(message);
  return all;
}

/** What the owner's files say. */
function dataOf(home: TestHost): Record<string, string> {
  const names = ["memory", "persona"].flatMap((folder) =>
    fs
      .readdirSync(home.file(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("/index"))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(name, "utf8")]));
}

const changes: Record<string, (lines: string[]) => string[]> = {
  "a letter of a memory": (lines) => lines.map((line) => line.replace("Tea with Tom", "Tea with Tim")),
  "a letter of a file": (lines) => lines.map((line) => line.replace("Tea before coffee", "Tea before toffee")),
  "what is said of it": (lines) => lines.map((line, n) => (n === 0 ? line.replace('"v":2', '"v":1') : line)),
  "a line is gone": (lines) => lines.filter((_, n) => n !== 2),
  "two lines changed places": ([head = "", a = "", b = "", ...rest]) => [head, b, a, ...rest],
  "a line is there twice": ([head = "", a = "", ...rest]) => [head, a, a, ...rest],
  "its end is gone": (lines) => lines.slice(0, 4),
  "it is cut in a line": (lines) => [...lines.slice(0, 3), (lines[3] as string).slice(0, 30)],
  "bytes that are none": (lines) => lines.map((line, n) => (n === 2 ? "\0".repeat(line.length) : line)),
  "its seal": (lines) => lines.map((line) => line.replace(/"seal":"./, '"seal":"x')),
};

test.for(Object.keys(changes))(
  "R-8 a snapshot that was changed (%s) is named, and a restore refuses it and changes nothing",
  async (what) => {
    const { home, file } = await withSnapshot();
    await using _ = home;
    const name = path.basename(file, ".ndjson");
    const lines = fs.readFileSync(file, "utf8").split("\n");
    expect((await home.own("snapshot.preview", { name })).state).toBe("sound");
    const changed = (changes[what] as (typeof changes)[string])(lines);
    expect(changed).not.toEqual(lines);
    fs.writeFileSync(file, changed.join("\n"));
    const before = dataOf(home);
    const outcome = await home.act("owner", "snapshot.restore", { name: "before" });
    expect(outcome).toMatchObject({ status: "failed", fault: { code: "snapshot.damaged" } });
    expect(outcome.status === "failed" && outcome.fault.message).toContain(name);
    expect(dataOf(home)).toEqual(before);
    const { state, damage } = await home.own("snapshot.preview", { name });
    expect(state).toBe("damaged");
    if (what.startsWith("a letter"))
      expect(damage.map(({ line }) => line)).toEqual([1 + lines.findIndex((line, n) => line !== changed[n])]);
    await home.close();
    expect(await found(home, "snapshots")).toEqual([expect.stringContaining(name)]);
  },
);

test("R-8 what is forgotten goes out of a snapshot, which stays as it was written or as damaged as it was", async () => {
  const { home, ids, file } = await withSnapshot();
  await using _ = home;
  await forget(home, ids[1]);
  expect(fs.readFileSync(file, "utf8")).not.toContain("Tom");
  expect((await home.own("snapshot.preview", { name: "before" })).state).toBe("sound");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("Tea with Sarah", "Tea with Saran"));
  await forget(home, ids[2]);
  expect((await home.own("snapshot.preview", { name: "before" })).state).toBe("damaged");
});

test("K6 a snapshot has what a hand wrote, though nobody took it in yet, and not what cannot be taken in", async () => {
  await using home = await makeHost();
  const tea = await home.own("memory.prefer", { text: "Tea at nine" });
  const file = home.file(tea.path);
  const byHand = fs.readFileSync(file, "utf8").replace("nine", "noon");
  fs.writeFileSync(file, byHand);
  await home.own("snapshot.create", { name: "noon" });
  await home.host.takeHandEdits();
  fs.writeFileSync(file, byHand.replace("id: ", "id: ["));
  await home.own("snapshot.create", { name: "broken" });
  // The id of another memory: it is not this one any more.
  const other = await home.own("memory.prefer", { text: "Coffee at ten" });
  fs.writeFileSync(file, fs.readFileSync(home.file(other.path)));
  await home.own("snapshot.create", { name: "copied" });
  for (const name of ["noon", "broken", "copied"]) {
    fs.writeFileSync(file, byHand.replace("noon", "ten"));
    await home.host.takeHandEdits();
    await home.own("snapshot.restore", { name });
    expect([name, fs.readFileSync(file, "utf8")]).toEqual([name, byHand]);
  }
});

test("R-8 a preview says what the restore then does, of an old snapshot without a seal, too", async () => {
  const { home, file } = await withSnapshot();
  await using _ = home;
  const isOld = fs.readFileSync(file, "utf8").split("\n").slice(0, -2).join("\n").replace('"v":2', '"v":1');
  fs.writeFileSync(file, `${isOld}\n`);
  const { name: _name, path: _path, state, damage, ...counts } = await home.own("snapshot.preview", { name: "before" });
  expect([state, damage]).toEqual(["unsealed", []]);
  expect(counts).toMatchObject({ reverted: 1, documents: 1 });
  expect(await home.own("snapshot.restore", { name: "before" })).toEqual(counts);
});

test("R-8 an object that was changed is named, is not used, and is set aside", async () => {
  await using home = await makeHost();
  await home.own("memory.prefer", { text: "Tea at nine" });
  for (const value of ["Grace", "Barbara"]) await home.own("config.set", { name: "owner", value });
  const folder = home.file("logs/objects");
  const names = fs.readdirSync(folder);
  const good = new Map(names.map((name) => [name, fs.readFileSync(path.join(folder, name))]));
  await home.close();
  for (const [name, bytes] of good) {
    const bad = Buffer.from(bytes);
    bad[bad.length >> 1] = (bad[bad.length >> 1] as number) ^ 0x20;
    fs.writeFileSync(path.join(folder, name), bad);
    expect([name, await found(home, "objects")]).toEqual([name, [expect.stringContaining(name.slice(0, 12))]]);
    fs.writeFileSync(path.join(folder, name), bytes);
  }
  expect(await found(home, "objects")).toEqual([]);
  for (const [name, bytes] of good) fs.writeFileSync(path.join(folder, name), Buffer.concat([bytes, Buffer.from(" ")]));
  await home.reopen();
  expect((await home.act("owner", "history.undo", {})).status).toBe("failed");
  expect(fs.readFileSync(home.file("config.yaml"), "utf8")).toContain("Barbara");
  expect((await home.own("damage.restore", {})).setAside).toBe(names.length);
  await home.close();
  expect(await found(home, "objects")).toEqual([]);
});

test("R-8 a write of an object that a crash cut off is neither an object nor damage", async () => {
  const { home } = await withSnapshot();
  await using _ = home;
  await home.close();
  const said = async () => {
    for await (const { what, level, message } of checkHome(home.root, home.environment))
      if (what === "objects") return [level, message];
    return [];
  };
  const before = await said();
  const [object = ""] = fs.readdirSync(home.file("logs/objects"));
  fs.writeFileSync(home.file(`logs/objects/${object}.4711.tmp`), "half");
  expect([await said(), before[0]]).toEqual([before, "ok"]);
});
