// Files that their owner edits by hand while the home is open, and a command that writes to them before anybody has looked.
import * as fs from "node:fs";
import * as path from "node:path";
import { makeHost, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { expectSound } from "../support/expect-sound.ts";

function dayOf(home: TestHost): string {
  const names = fs.readdirSync(home.file("memory/episodic"), { recursive: true }).map(String);
  return home.file(path.join("memory/episodic", names.find((each) => each.endsWith(".ndjson")) ?? ""));
}

const said = (file: string): string => fs.readFileSync(file, "utf8").replace("gate is 1234", "gate is 99");

/** How editors write a file anew. */
const editors: Readonly<Record<string, (file: string) => void>> = {
  "that puts another file in its place"(file) {
    fs.writeFileSync(`${file}.new`, said(file), { mode: 0o600 });
    fs.renameSync(`${file}.new`, file);
  },
  "that moves the former one away first"(file) {
    fs.renameSync(file, `${file}~`);
    fs.writeFileSync(file, said(`${file}~`), { mode: 0o600 });
  },
  "that cuts it and writes it again": (file) => fs.writeFileSync(file, said(file)),
  "that leaves the last line without its end": (file) => fs.writeFileSync(file, said(file).trimEnd()),
};

for (const [what, edit] of Object.entries(editors)) {
  test(`R-7 a command that comes right after an editor ${what} loses nothing, and the edit is taken in`, async () => {
    await using home = await makeHost();
    const first = await home.act("owner", "memory.capture", { text: "The code of the gate is 1234" });
    edit(dayOf(home));
    const second = await home.act("owner", "memory.capture", { text: "The gate was painted" });
    await home.close();
    expect(
      said(dayOf(home))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).content),
    ).toEqual(["The code of the gate is 99", "The gate was painted"]);
    await home.reopen();
    expect(home.host.report.memories).toMatchObject({
      badLines: [],
      handEdits: [{ added: 0, changed: 1, missing: 0 }],
    });
    const { memories } = await home.own("memory.list", {});
    expect(memories.map(({ content }) => content).sort()).toEqual([
      "The code of the gate is 99",
      "The gate was painted",
    ]);
    await expectSound(home.root, { done: [first.id, second.id], there: ["The gate was painted"] });
  });
}

/** Cuts the end off the last line, and changes a letter so that the file is as long as it was. */
function cutEnd(file: string): void {
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, text.trimEnd().replace("gate", "gates"));
  expect(fs.statSync(file).size).toBe(Buffer.byteLength(text));
}

const contents = async (home: TestHost) =>
  (await home.own("memory.list", {})).memories.map(({ content }: { content: string }) => content).sort();

const both = ["The code of the gates is 1234", "The gate was painted"];

test("R-7 a last line that lost its end while nobody looked is not glued to the next, though the file is as long as before", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "The code of the gate is 1234" });
  await home.close();
  cutEnd(dayOf(home));
  await home.reopen();
  await home.own("memory.capture", { text: "The gate was painted" });
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await contents(home)).toEqual(both);
});

test("R-7 a last line without its end that an index was made anew with is not glued to the next", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "The code of the gate is 1234" });
  cutEnd(dayOf(home));
  // Somebody else writes to the index: before the next group it is made anew, from the file as it is.
  const other = new Sqlite(home.file("memory/index/index.db"));
  other.exec("INSERT INTO trust VALUES ('agent:evil', 'autonomous')");
  other.close();
  await home.own("task.add", { title: "Paint the gate" });
  await home.own("memory.capture", { text: "The gate was painted" });
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await contents(home)).toEqual(both);
});
