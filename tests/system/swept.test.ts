import * as fs from "node:fs";
import * as path from "node:path";
import { indexFile, keyFolder } from "@mh/host/places.ts";
import { makeHost, testClock } from "@mh/testing";
import { expect, test } from "vitest";

/** No machine has so many processes. */
const gone = 2 ** 30;

test("R-17 what a kill left of its writing is swept by the next to open the home, and nothing else is", async () => {
  await using home = await makeHost();
  await home.own("task.add", { title: "Call Tom" });
  await home.close();
  const keys = keyFolder(JSON.parse(fs.readFileSync(home.file("home.json"), "utf8")).id, home.environment);
  const left = [
    ...["memory/tasks/call-tom.md", "memory/snapshots/before.ndjson", "persona/values.md", "logs/objects/abc"],
    ...["run/daemon.json", "config.yaml", "home.json"],
  ].map((name) => `${home.file(name)}.${gone}.tmp`);
  const besideKeys = ["witness", "home", "socket.key"].map((name) => path.join(keys, `${name}~${gone}`));
  const others = [`notes.${gone}.tmp`, `out/report.${gone}.tmp`, `brain/agents/mine.ts.${gone}.tmp`].map(home.file);
  // Of a process that lives: it may still be writing.
  const living = `${home.file("memory/tasks/call-ines.md")}.${process.ppid}.tmp`;
  for (const file of [...left, ...besideKeys, ...others, living]) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "half", { mode: 0o600 });
  }
  // What is written before it is put in place is its owner's alone; this is a file that only is called so.
  const called = home.file(`persona/notes.${gone}.tmp`);
  fs.writeFileSync(called, "mine", { mode: 0o644 });
  // The note of an index that a process had open to its end.
  fs.writeFileSync(`${indexFile(home.root)}-left`, JSON.stringify({ boot: "this one" }));
  await home.reopen();
  const there = (files: readonly string[]) => files.filter((file) => fs.existsSync(file));
  expect(there([...left, ...besideKeys])).toEqual([]);
  expect(there([...others, living, called])).toEqual([...others, living, called]);
});

test("R-17 times in the history are the same once the index was made anew", async () => {
  const clock = testClock();
  const { now } = clock;
  // Time passes between any two looks at it.
  clock.now = () => {
    clock.forward(7);
    return now.call(clock);
  };
  await using home = await makeHost({ clock });
  await home.own("memory.capture", { text: "Tea" });
  await home.own("memory.prefer", { text: "Tea without sugar" });
  await home.own("task.add", { title: "Call Tom" });
  await home.own("history.undo", {});
  const before = await home.own("history.list", {});
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await home.own("history.list", {})).toEqual(before);
});
