import * as fs from "node:fs";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { filesBelow } from "../support/files-below.ts";

/** What this thread has read so far, in bytes and in calls; see proc(5). It counts work, which a busy machine does not change. */
const counters = "/proc/thread-self/io";

test.runIf(fs.existsSync(counters))(
  "R6 opening, a capture and looking one up read as much among thousands of memories as among a few hundred",
  async () => {
    await using home = await makeHost();
    await grow(home, 0, 200);
    // What is loaded at first use has been read before anything is counted.
    await read(home);
    const few = await read(home);
    await grow(home, 200, 4000);
    const many = await read(home);
    // A tree of twenty times as many rows is a level deeper; what read it all would read twenty times as much.
    for (const step of ["opening", "capture", "showing", "closing"] as const) {
      expect(few[step], step).toBeGreaterThan(0);
      expect(many[step], step).toBeLessThan(1.5 * few[step] + 40_000);
    }
    // That bytes are counted at all is seen by what reads everything.
    expect(many.looking).toBeGreaterThan(8 * few.looking);
  },
  60_000,
);

test.runIf(fs.existsSync(counters))(
  "R-6 memory files that were only touched or copied are compared, and nothing of the index is written anew",
  async () => {
    await using home = await makeHost();
    await grow(home, 0, 3000);
    const opened = () => counted(() => home.reopen(), "wchar");
    await opened();
    const plain = await opened();
    const files = filesBelow(home.file("memory/episodic"));
    for (const file of files) {
      fs.copyFileSync(file, `${file}.copy`);
      fs.renameSync(`${file}.copy`, file);
    }
    const copied = await opened();
    const [file = ""] = files;
    const text = fs.readFileSync(file, "utf8");
    const middle = text.indexOf("\n", text.length / 2);
    fs.writeFileSync(file, `${text.slice(0, middle)}\n${text.slice(middle)}`);
    const blank = await opened();
    await home.close();
    fs.rmSync(home.file("memory/index"), { recursive: true });
    const anew = await opened();
    expect(anew).toBeGreaterThan(1_000_000);
    for (const bytes of [copied, blank]) expect(bytes).toBeLessThan(plain + anew / 20);
    const { records } = await home.own("log.search", { limit: 1000 });
    expect(records.filter(({ body }) => body?.what === "memory")).toEqual([]);
  },
  60_000,
);

/** Bytes read by each step, with nothing of the index in memory before. */
async function read(home: TestHost) {
  // What the closing before it reads back of the index is what was written, and no part of an opening.
  await home.close();
  const opening = await counted(() => home.reopen());
  const capture = await counted(() =>
    home.own("memory.capture", { text: `The heron was there again, ${bytes("rchar")}` }),
  );
  const { memories } = await home.own<{ memories: { id: string }[] }>("memory.list", { limit: 1 });
  await home.reopen();
  const showing = await counted(() => home.own("memory.show", { id: memories[0]?.id }));
  const closing = await counted(() => home.close());
  const looking = await counted(async () => {
    for (const file of filesBelow(home.file("memory/episodic"))) fs.readFileSync(file);
  });
  return { opening, capture, showing, closing, looking };
}

/** Bytes that some work reads, or writes. */
async function counted(work: () => Promise<unknown>, counter: "rchar" | "wchar" = "rchar"): Promise<number> {
  const before = bytes(counter);
  await work();
  return bytes(counter) - before;
}

const bytes = (counter: "rchar" | "wchar"): number =>
  Number(new RegExp(`^${counter}: (\\d+)$`, "m").exec(fs.readFileSync(counters, "utf8"))?.[1]);

/** Takes in memories with numbers from one to another, as years of notes are. */
async function grow(home: TestHost, from: number, to: number): Promise<void> {
  await home.reopen();
  for (let at = from; at < to; at += 500) {
    const items = Array.from({ length: Math.min(500, to - at) }, (_, i) => ({
      ...{ externalId: `n${at + i}`, session: `s${Math.floor((at + i) / 20)}` },
      content: `Note ${at + i}: heron ${(at + i) % 97} below weir ${(at + i) % 31}, with Sarah ${(at + i) % 7}.`,
    }));
    await home.own("memory.import", { source: "years", from: "years", items });
  }
}
