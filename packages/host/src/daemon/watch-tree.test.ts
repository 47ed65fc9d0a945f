import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { watchTree } from "./watch-tree.ts";

/** A folder of many files, and an index beside them, watched; `noticed` makes a change and waits until its path is called. */
function watched() {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-watch-")));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  for (const each of ["tasks", "index"]) fs.mkdirSync(path.join(folder, each));
  for (let n = 0; n < 200; n += 1) fs.writeFileSync(path.join(folder, "tasks", `${n}.md`), "");
  const seen = new Set<string>();
  const before = watchesOf();
  const watch = watchTree(folder, path.join(folder, "index"), (at) => void seen.add(path.relative(folder, at)));
  onTestFinished(() => watch[Symbol.dispose]());
  const noticed = async (name: string, change: (at: string) => void) => {
    seen.delete(name);
    change(path.join(folder, name));
    await expect.poll(() => [...seen], { timeout: 20_000 }).toContain(name);
  };
  return { folder, seen, noticed, watches: watchesOf() - before };
}

/** How much this process watches: see proc_pid_fdinfo(5). */
function watchesOf(): number {
  if (process.platform !== "linux") return 0;
  const infos = fs.readdirSync("/proc/self/fdinfo").map((fd) => {
    try {
      return fs.readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
    } catch {
      // The one by which the folder was read.
      return "";
    }
  });
  return infos.join("").match(/^inotify wd/gm)?.length ?? 0;
}

test.runIf(process.platform === "linux")("a folder of many files takes one watch, and not one for each file", () => {
  expect(watched().watches).toBe(2);
});

test("what is written, comes and goes is noticed, also in a folder that is made later or stands in another's place", async () => {
  const { folder, noticed } = watched();
  const write = (at: string) => fs.writeFileSync(at, "by hand");
  await noticed("tasks/1.md", write);
  await noticed("tasks/2.md", (at) => fs.rmSync(at));
  await noticed("notes", (at) => fs.mkdirSync(path.join(at, "2026"), { recursive: true }));
  await noticed("notes/2026/a.md", write);
  await noticed("kept", (at) => fs.renameSync(path.join(folder, "notes"), at));
  await noticed("kept/2026/a.md", write);
  await noticed("notes", (at) => fs.mkdirSync(at));
  await noticed("notes/b.md", write);
});

test("the index, which is always at work, wakes nobody", async () => {
  const { folder, seen, noticed } = watched();
  const index = path.join(folder, "index", "index.db");
  fs.writeFileSync(index, "busy");
  fs.rmSync(index);
  await noticed("tasks/1.md", (at) => fs.writeFileSync(at, "by hand"));
  expect([...seen].filter((each) => each.startsWith("index/"))).toEqual([]);
});
