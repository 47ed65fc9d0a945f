import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import { clientOf } from "@mh/host/connect/client.ts";
import { dial } from "@mh/host/connect/dial.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { readEvents, serveHome } from "../serve-home.ts";
import { makePlace } from "../support/make-place.ts";

const notes = 10_000;

/** Made-up notes, one a line. */
function writeNotes(folder: string, count: number): string {
  const file = path.join(folder, "notes.ndjson");
  const line = (n: number) => JSON.stringify({ id: `n${n}`, content: `Note ${n}: water the plants`, at: "2026-01-02" });
  fs.writeFileSync(file, Array.from({ length: count }, (_, n) => `${line(n)}\n`).join(""));
  return file;
}

async function client(home: TestHost) {
  const connection = await dial(home.root, home.environment);
  if (!connection) throw new Error("Nobody listens.");
  return { ...clientOf(connection.request), hangUp: () => connection[Symbol.asyncDispose]() };
}

const count = async (home: TestHost): Promise<number> => {
  const { kinds } = await home.own<{ kinds: Record<string, number> }>("memory.stats", {});
  return Object.values(kinds).reduce((sum, each) => sum + each, 0);
};

test("an import is watched by whoever asked, by SSE and by a second client; cut off, it is gone on with and undone as one", async () => {
  await using served = await serveHome();
  const { home } = served;
  using place = makePlace();
  const file = writeNotes(place.folder, notes);
  await using _serving = await serve(home.host);
  const [asks, watches] = [await client(home), await client(home)];
  const heard = { asked: [] as RunProgress[], followed: [] as RunProgress[], streamed: [] as RunProgress[] };
  await using _following = watches.follow({ onProgress: (progress) => heard.followed.push(progress) });
  const reader = readEvents((await served.fetch("/v1/events?progress=true&pattern=command.*")).body);
  const streaming = (async () => {
    for (let block = await reader.next(); block; block = await reader.next()) {
      if (block.event === "run.progress") heard.streamed.push(JSON.parse(block.data ?? ""));
      else if (block.data && !block.event) return JSON.parse(block.data) as { name: string; command: string };
    }
    throw new Error("The events ended.");
  })();

  const interrupt = new AbortController();
  const id = home.host.newId();
  const args = { path: file };
  const cut = await asks.act("import.run", args, {
    ...{ id, signal: interrupt.signal },
    onProgress(progress) {
      heard.asked.push(progress);
      if (progress.total !== null && progress.done > progress.total / 2) interrupt.abort("You pressed Ctrl-C");
    },
  });
  expect(cut).toMatchObject({ status: "interrupted", message: expect.stringContaining("You pressed Ctrl-C") });
  expect(await streaming).toMatchObject({ name: "command.interrupted", command: id });
  const size = fs.statSync(file).size;
  for (const each of Object.values(heard)) {
    expect(each.length).toBeGreaterThan(2);
    expect(each.every(({ run, total, unit }) => run === id && total === size && unit === "bytes")).toBe(true);
    expect(each.map(({ done }) => done)).toEqual(each.map(({ done }) => done).sort((a, b) => a - b));
  }
  // What was in the middle of being committed is: it was known before, or it is not there.
  await expect.poll(() => home.host.runs().length).toBe(0);
  const first = await count(home);
  expect([first > 0, first < notes]).toEqual([true, true]);

  const whole = await asks.act("import.run", args);
  expect(whole).toMatchObject({ status: "done", value: { added: notes - first, duplicate: first, refused: 0 } });
  expect(await count(home)).toBe(notes);
  const again = await asks.act("import.run", args);
  expect(again).toMatchObject({ status: "done", value: { added: 0, duplicate: notes } });

  const undone = await home.own<{ memories: number; skill: string }>("history.undo", {});
  expect([undone, await count(home)]).toMatchObject([{ memories: notes, skill: "memory.import" }, 0]);
  await reader.leave();
  await asks.hangUp();
});

test("an import that is begun anew after it was undone is a thing of its own", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const file = writeNotes(place.folder, 10);
  const run = async () => home.own<{ task: string; added: number }>("import.run", { path: file });
  const first = await run();
  await home.own("history.undo", {});
  const second = await run();
  expect([first.added, second.added, first.task === second.task]).toEqual([10, 10, false]);
});

test("what an import says is told whole: kinds, times, what was refused and why, and what it came from", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const file = path.join(place.folder, "mixed.ndjson");
  const lines = [
    { id: "1", content: "Tea", at: "2026-01-02T00:00:00.000Z" },
    { id: "2", content: "" },
  ];
  fs.writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join("\n")}\nno line\n`);
  const { samples, ...preview } = await home.own("import.preview", { path: file });
  expect(samples).toMatchObject([{ kind: "episodic", text: "Tea" }]);
  expect(await count(home)).toBe(0);
  const {
    task: _task,
    tasks: _tasks,
    added,
    updated,
    duplicate,
    gone,
    ...read
  } = await home.own("import.run", { path: file });
  expect([added, updated, duplicate, gone, read]).toEqual([1, 0, 0, 0, preview]);
  expect(read).toMatchObject({ format: "ndjson", files: 1, kinds: { episodic: 1 }, from: lines[0]?.at, refused: 2 });
  const { memories } = await home.own<{ memories: { origins: string[]; source: string }[] }>("memory.list", {});
  expect(memories).toMatchObject([{ origins: ["file:ndjson"], source: "ndjson" }]);
});

test("keys are closed to every import, and the home to all but its owner's", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const keys = path.dirname(path.dirname(fs.globSync(".config/mh/*/*", { cwd: path.dirname(home.root) })[0] ?? ""));
  const keyFolder = path.join(path.dirname(home.root), keys);
  const link = path.join(place.folder, "link");
  fs.symlinkSync(keyFolder, link);
  for (const closed of [keyFolder, link, "/proc/self"]) {
    const outcome = await home.act(owner, "import.preview", { path: closed });
    expect(outcome).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  }
  const device = await home.act(owner, "import.preview", { path: "/dev/zero" });
  expect(device).toMatchObject({ status: "failed", fault: { code: "import.unreadable" } });
  fs.mkdirSync(home.file("out/notes"), { recursive: true });
  fs.writeFileSync(home.file("out/notes/a.md"), "# Tea\nWith Sarah.");
  const mine = { path: home.file("out/notes") };
  expect(await home.act(owner, "import.preview", mine)).toMatchObject({ status: "done", value: { files: 1 } });
  const notesLink = path.join(place.folder, "notes");
  fs.symlinkSync(home.file("out"), notesLink);
  const reader = agent("reader");
  await home.own("grant.give", { principal: reader, skill: "import.preview" });
  await home.own("trust.set", { principal: reader, level: "adaptive_auto" });
  for (const theirs of [mine.path, notesLink]) {
    const outcome = await home.act(reader, "import.preview", { path: theirs });
    expect([theirs, outcome.status]).not.toEqual([theirs, "done"]);
  }
});
