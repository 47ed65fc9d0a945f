import * as fs from "node:fs";
import * as path from "node:path";
import { owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { forget } from "../support/forget.ts";
import { becomeCopy, copyAtCrash, filesIn } from "../support/sequences/crash.ts";

/** A home for each call that writes. */
const timeoutMs = 10 * 60_000;

test(
  "H5 what was changed by hand is named in the log, wherever the process that takes it in is cut off",
  async () => {
    let after = 0;
    for (let isCut = true; isCut; after += 1) {
      await using home = await makeHost();
      await home.own("memory.capture", { text: "Tea with Sarah" });
      const { path: moved } = await home.own<{ path: string }>("memory.prefer", { text: "Tea at nine" });
      const { path: note } = await home.own<{ path: string }>("memory.prefer", { text: "No calls before ten" });
      await home.close();
      const before = new Set(adopted(home));
      changeByHand(home, note, moved);
      isCut = await cutOff(home, after, async () => {
        await home.reopen();
        await home.close();
      });
      await home.close();
      const named = adopted(home)
        .filter((each) => !before.has(each))
        .map((each) => JSON.parse(each)[0]);
      expect([after, named.sort()]).toEqual([after, ["document", "document", "document", "document", "memory"]]);
      // A new index misses nothing that this one knows of.
      fs.rmSync(home.file("memory/index"), { recursive: true });
      await home.reopen();
      expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
    }
    // It was cut off at all.
    expect(after).toBeGreaterThan(3);
  },
  timeoutMs,
);

test(
  "P9 a note is its owner's, wherever the command that writes it is cut off, and there whole or not at all",
  async () => {
    let after = 0;
    for (let isCut = true; isCut; after += 1) {
      await using home = await makeHost();
      isCut = await cutOff(home, after, async () => {
        await home.own("memory.prefer", { text: "Tea at nine" });
      });
      const memories = async () =>
        (await home.own("memory.list", {})).memories.map(({ content, origins }) => [content, origins]);
      const grown = await memories();
      expect([after, [[], [["Tea at nine", ["owner"]]]]]).toEqual([after, expect.arrayContaining([grown])]);
      await home.close();
      fs.rmSync(home.file("memory/index"), { recursive: true });
      await home.reopen();
      expect([after, await memories()]).toEqual([after, grown]);
    }
    // It was cut off at all.
    expect(after).toBeGreaterThan(3);
  },
  timeoutMs,
);

test(
  "R-16 a command that was cut off is done once when it is asked for again under its id, wherever that was",
  async () => {
    let after = 0;
    for (let isCut = true; isCut; after += 1) {
      await using home = await makeHost();
      const ask = () =>
        home.act(owner, "memory.capture", { text: "Tea at nine" }, { id: "019a0000-0000-7000-8000-000000000001" });
      isCut = await cutOff(home, after, async () => {
        await ask();
      });
      const { status } = await ask();
      const { memories } = await home.own("memory.list", {});
      expect([after, status, memories.map(({ content, count }) => [content, count])]).toEqual([
        after,
        "done",
        [["Tea at nine", 1]],
      ]);
    }
    // It was cut off at all.
    expect(after).toBeGreaterThan(3);
  },
  timeoutMs,
);

test(
  "K18 forgetting takes away what a crash left half written, which nobody would look into",
  async () => {
    const half = (home: TestHost) => filesIn(home.root).filter((name) => name.endsWith(".tmp"));
    let after = 0;
    for (let isCut = true; isCut; after += 1) {
      await using home = await makeHost();
      const { id } = await home.own("memory.prefer", { text: "A xylophone at nine" });
      isCut = await cutOff(home, after, async () => {
        await home.own("memory.edit", { id, text: "A xylophone at noon" });
      });
      // Opening took away what nobody goes on writing; this one comes of a process that was alive until now.
      fs.writeFileSync(home.file("persona/identity.md.1.tmp"), "A xylophone at ten");
      await forget(home, id);
      await home.close();
      const files = filesIn(home.root).filter((name) => fs.readFileSync(home.file(name)).includes("xylophone"));
      expect([after, half(home), files]).toEqual([after, [], []]);
    }
    // It was cut off at all.
    expect(after).toBeGreaterThan(3);
  },
  timeoutMs,
);

/** Opens a home as a process left it that was cut off after so many calls that write; says whether the work took as many. */
async function cutOff(home: TestHost, after: number, work: () => Promise<void>): Promise<boolean> {
  const folder = path.dirname(home.root);
  const isCut = await copyAtCrash(folder, `${folder}-copy`, { after, isTorn: false }, work);
  await home.close();
  becomeCopy(folder, `${folder}-copy`);
  await home.reopen();
  return isCut;
}

/** A line, a document that was there, a new one, and one under another name: gone from there, and here. */
function changeByHand(home: TestHost, note: string, moved: string): void {
  const [day] = fs
    .readdirSync(home.file("memory/episodic"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ndjson"));
  const file = home.file(`memory/episodic/${day}`);
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("Tea with Sarah", "Tea with Tom"));
  fs.appendFileSync(home.file(note), "Nor after six.\n");
  fs.renameSync(home.file(moved), home.file("memory/preferences/tea-time.md"));
  fs.writeFileSync(home.file("memory/preferences/bread.md"), "Rye bread.\n");
}

/** What the log says was taken in from hands, once each. */
function adopted(home: TestHost): string[] {
  const folder = home.file("logs/audit");
  const lines = fs.readdirSync(folder).flatMap((name) => fs.readFileSync(path.join(folder, name), "utf8").split("\n"));
  const records = lines
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { phase: string; body?: { what?: string; file?: string; after?: string } });
  const told = records.filter(
    ({ phase, body }) => phase === "adopt" && ["document", "memory"].includes(body?.what ?? ""),
  );
  return [...new Set(told.map(({ body }) => JSON.stringify([body?.what, body?.file, body?.after])))];
}
