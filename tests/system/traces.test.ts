import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { homeFileKinds, isHomeFile } from "@mh/core/model/home-files.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { noteClosed } from "@mh/host/home/index-left.ts";
import { indexFile } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { filesBelow } from "../support/files-below.ts";
import { forget } from "../support/forget.ts";

const words = 'The safe behind the "Turner" opens with 47110815 and a kick, says Sarah';

function plant(home: TestHost, name: string, bytes: string | Uint8Array): void {
  fs.mkdirSync(path.dirname(home.file(name)), { recursive: true });
  fs.appendFileSync(home.file(name), bytes);
}

async function forgotten(text = words) {
  const home = await makeHost();
  const { id } = await home.own("memory.capture", { text });
  await forget(home, id);
  return { home, id };
}

test("K18 after forgetting, the words of every revision are nowhere, and the check says so", async () => {
  await using home = await makeHost();
  const { id } = await home.own("memory.capture", { text: words });
  await home.own("memory.edit", { id, text: "The safe opens with nineteen eighty-four instead" });
  await home.own("memory.search", { q: "safe" });
  await home.own("snapshot.create", {});
  await home.own("memory.capture", { text: "Tea with Tom on the terrace tomorrow" });
  await forget(home, id);
  const looked = await home.own("memory.traces", { id });
  expect(looked).toMatchObject({ id, canTell: "yes", traces: [], unread: [] });
  expect(looked.files).toBeGreaterThan(5);
  const raw = filesBelow(home.root).map((file) => fs.readFileSync(file, "latin1"));
  for (const said of ["47110815", "Turner", "turner", "eighty-four", "nineteen"])
    expect(raw.filter((text) => text.includes(said))).toEqual([]);
});

test.for(homeFileKinds)("K18 words that are left in $name are found", async (kind) => {
  const { home, id } = await forgotten();
  await using _ = home;
  const isDatabase = kind.form === "database";
  const name = isDatabase ? kind.example.replace("index.db", "old.db") : kind.example;
  const line = `${JSON.stringify({ v: 1, content: `He told me: ${words}` })}\n`;
  const before = fs.existsSync(home.file(name)) ? fs.readFileSync(home.file(name)) : "";
  plant(home, name, kind.form === "gzip" ? gzipSync(`${"{}\n".repeat(9)}${line}`) : line);
  const { traces } = await home.own("memory.traces", { id });
  expect(traces).toMatchObject([{ path: name, kind: kind.name, next: kind.next }]);
  expect(traces[0]?.passages).toBeGreaterThan(0);
  // The home closes on what it knows.
  fs.writeFileSync(home.file(name), before);
});

test.for([
  ["a file that mh does not know", "letters/to-tom.txt", (said: string) => said],
  ["right in the home", "export.ndjson", (said: string) => `${JSON.stringify({ said })}\n`],
  ["the name of a file", `letters/${words.slice(16, 60).replaceAll('"', "")}.txt`, () => "nothing"],
  [
    "far into a large file",
    "memory/index/large.db",
    (said: string) => `${"x".repeat(4 * 2 ** 20 - 8)}${said.slice(0, 19)}`,
  ],
  [
    "bytes that are no text",
    "out/page.bin",
    (said: string) => Buffer.concat([Buffer.alloc(99, 0xff), Buffer.from(said)]),
  ],
  ["a line that says something else besides", "logs/run/x.ndjson", (said: string) => `${"{}\n".repeat(3)}${said}\n`],
] as const)("K18 words that are left in %s are found", async ([_, name, made]) => {
  const { home, id } = await forgotten();
  await using __ = home;
  plant(home, name, made(words));
  const { traces } = await home.own("memory.traces", { id });
  expect(traces.map((trace) => trace.path)).toEqual([name]);
  if (name.endsWith("x.ndjson")) expect(traces[0]?.line).toBe(4);
});

test("K18 words of an earlier revision are found", async () => {
  await using home = await makeHost();
  const { id } = await home.own("memory.capture", { text: words });
  await home.own("memory.edit", { id, text: "The safe opens with nineteen eighty-four instead" });
  await forget(home, id);
  plant(home, "out/copy.txt", words);
  expect((await home.own("memory.traces", { id })).traces).toMatchObject([{ path: "out/copy.txt" }]);
});

test("K18 another memory with the same words is named, and forgetting it ends the finding", async () => {
  const home = await makeHost();
  await using _ = home;
  const { id } = await home.own("memory.capture", { text: words });
  const { id: other } = await home.own("memory.capture", { text: `Remember this: ${words}` });
  await forget(home, id);
  const { traces } = await home.own("memory.traces", { id });
  expect(traces.find(({ kind }) => kind === "memories")?.memory).toBe(other);
  await forget(home, other);
  for (const each of [id, other]) expect((await home.own("memory.traces", { id: each })).traces).toEqual([]);
});

test.for([
  ["Tea", "short"],
  ["Tea?!", "yes"],
  ["Zu spät für Brötchen", "yes"],
  ["会議は月曜日です。忘れないで", "yes"],
] as const)("K18 of what was forgotten with the words %s it can be told: %s", async ([text, canTell]) => {
  const { home, id } = await forgotten(text);
  await using _ = home;
  expect(await home.own("memory.traces", { id })).toMatchObject({ canTell, traces: [] });
  plant(home, "out/copy.txt", `I said: ${text}`);
  expect((await home.own("memory.traces", { id })).traces).toHaveLength(canTell === "yes" ? 1 : 0);
});

test("K18 what an earlier mh forgot has no marks, and nobody says that nothing is left of it", async () => {
  const { home, id } = await forgotten();
  await using _ = home;
  await home.close();
  const index = new Sqlite(home.file("memory/index/index.db"));
  index.exec("UPDATE tombstones SET line = json_remove(line, '$.marks')");
  index.close();
  // As that one left it.
  noteClosed(indexFile(home.root), false);
  await home.reopen();
  expect(await home.own("memory.traces", { id })).toMatchObject({ canTell: "unmarked" });
});

test("K18 every file that a home writes is of a declared kind", async () => {
  const { home } = await forgotten();
  await using _ = home;
  await home.own("memory.learn", { title: "Open the vault", text: "Turn left." });
  await home.own("snapshot.create", { name: "before" });
  await home.close();
  const paths = filesBelow(home.root).map((file) => path.relative(home.root, file));
  expect(paths.filter((each) => !isHomeFile(each))).toEqual([]);
});

test("K18 the doctor looks for all that was ever forgotten", async () => {
  const { home, id } = await forgotten();
  await using _ = home;
  const found = async () => {
    const findings = await Array.fromAsync(checkHome(home.root, home.environment));
    return findings.filter(({ what }) => what === "forgotten");
  };
  expect(await found()).toMatchObject([{ level: "ok" }]);
  plant(home, "out/copy.txt", words);
  expect(await found()).toMatchObject([{ level: "warn", next: expect.stringContaining(id.slice(-8)) }]);
});

test("K18 a tombstone tells nobody without the key what was said", async () => {
  const one = await forgotten();
  await using _ = one.home;
  const again = await one.home.own("memory.capture", { text: words });
  await forget(one.home, again.id);
  const lines = filesBelow(one.home.file("memory/episodic")).flatMap((file) =>
    fs.readFileSync(file, "utf8").split("\n"),
  );
  const [first, second] = lines.filter((line) => line.includes('"tombstone"')).map((line) => JSON.parse(line).marks);
  expect(first).toHaveLength(second.length);
  // The same passages, and no rolling sum twice.
  expect(first.map((mark: { sum: number }) => mark.sum)).toEqual(second.map((mark: { sum: number }) => mark.sum));
  expect(first.filter((mark: { near: number }, n: number) => mark.near === second[n].near)).toEqual([]);
});
