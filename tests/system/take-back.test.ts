import * as fs from "node:fs";
import * as path from "node:path";
import { owner } from "@mh/contract/values/principal.ts";
import { keyFolder } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

/** Cuts the log after the last intent of a skill, as a crash leaves it that came before the outcome. */
async function crashAfterIntent(home: TestHost, skill: string): Promise<void> {
  const keys = keyFolder(home.host.home.id, home.environment);
  await home.close();
  const folder = home.file("logs/audit");
  const [segment = ""] = fs.readdirSync(folder).sort().reverse();
  const lines = fs.readFileSync(path.join(folder, segment), "utf8").split("\n");
  const last = lines.findLastIndex((line) => line.includes(`"phase":"intent"`) && line.includes(`"skill":"${skill}@`));
  expect(last).toBeGreaterThan(0);
  fs.writeFileSync(path.join(folder, segment), `${lines.slice(0, last + 1).join("\n")}\n`);
  fs.rmSync(home.file("memory/index"), { recursive: true });
  fs.rmSync(path.join(keys, "witness"));
}

test.each([
  ["not text", Buffer.from("---\nstatus: open\n---\nGr\xfc\xdfe\n", "latin1")],
  ["no task", Buffer.from("---\nstatus: perhaps\n---\n")],
])("a home opens after a crash in the middle of replacing a file that is %s", async (_what, broken) => {
  await using home = await makeHost();
  const [a, b] = [
    await home.own<{ id: string; path: string }>("task.add", { title: "Buy milk" }),
    await home.own<{ id: string; path: string }>("task.add", { title: "Call Sarah" }),
  ];
  await home.own("snapshot.create", { name: "good" });
  await home.own("task.edit", { id: a.id, title: "Buy bread" });
  const edited = fs.readFileSync(home.file(a.path), "utf8");
  fs.writeFileSync(home.file(b.path), broken);
  await home.own("snapshot.restore", { name: await nameOf(home) });
  await crashAfterIntent(home, "snapshot.restore");
  fs.writeFileSync(home.file(a.path), edited);
  await home.reopen();
  expect(home.host.report.interrupted.map(({ skill }) => skill.split("@")[0])).toEqual(["snapshot.restore"]);
  expect(fs.readFileSync(home.file(b.path))).toEqual(broken);
  expect(fs.readFileSync(home.file(a.path), "utf8")).toBe(edited);
  await home.reopen();
  expect(home.host.report.interrupted).toEqual([]);
});

test.each(["the index as it was before", "no index"])(
  "what an undo had removed when the crash came is gone, and nobody misses it, with %s",
  async (which) => {
    await using home = await makeHost();
    await home.own("task.add", { title: "Buy milk" });
    await home.own("memory.prefer", { text: "Window seat" });
    await home.close();
    const copy = path.join(home.root, "..", "index");
    fs.cpSync(home.file("memory/index"), copy, { recursive: true });
    await home.reopen();
    await home.own("history.undo");
    await home.own("history.undo");
    await crashAfterIntent(home, "history.undo");
    if (which !== "no index") fs.cpSync(copy, home.file("memory/index"), { recursive: true });
    await home.reopen();
    for (const _again of ["now", "after opening it once more"]) {
      expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
      expect(await home.own("task.list")).toMatchObject({ tasks: [] });
      expect(await home.own("memory.list")).toMatchObject({ memories: [] });
      await home.reopen();
    }
    await home.own("history.redo");
    expect(await home.own("task.list")).toMatchObject({ tasks: [{ title: "Buy milk" }] });
  },
);

test("undo does not put an empty file where there was one that is not UTF-8", async () => {
  await using home = await makeHost();
  const text = Buffer.from("Grüße", "latin1");
  fs.mkdirSync(home.file("persona"), { recursive: true });
  fs.writeFileSync(home.file("persona/values.md"), text);
  await home.own("persona.update", { section: "values", text: "Calm." });
  const outcome = await home.act(owner, "history.undo");
  expect(outcome).toMatchObject({ status: "failed", fault: { code: "history.stale" } });
  expect(JSON.stringify(outcome)).toContain("persona/values.md");
  expect(fs.readFileSync(home.file("persona/values.md"), "utf8")).toContain("Calm.");
});

const nameOf = async (home: TestHost) =>
  (await home.own<{ snapshots: { name: string }[] }>("snapshot.list")).snapshots[0]?.name ?? "";
