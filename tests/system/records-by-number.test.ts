import * as fs from "node:fs";
import { listSegments } from "@mh/core/journal/segments.ts";
import { readRecords, recordAt } from "@mh/core/journal/walk.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { makeHost, testClock } from "@mh/testing";
import { expect, test } from "vitest";

const dayMs = 24 * 3_600_000;

/** A home with so many records a day, or about as many. */
async function livedIn(days: readonly number[]) {
  const clock = testClock("2026-01-02T09:00:00Z");
  const home = await makeHost({ clock });
  for (const captures of days) {
    await Promise.all(
      Array.from({ length: captures }, (_, n) => home.own("memory.capture", { text: `Heard ${n} at ${clock.now()}` })),
    );
    clock.forward(dayMs);
  }
  return home;
}

test("R-15 every record is found by its number, however uneven the days are, archived or damaged", async () => {
  await using home = await livedIn([1, 40, 1, 1, 3, 90, 1, 2, 1, 1, 60, 1]);
  await home.own("journal.archive", { before: "2026-01-06" });
  const reader = journalReader(home.root, home.environment);
  const all = [...readRecords(reader)].map(({ record }) => record);
  const atEach = () => all.map(({ seq }) => recordAt(reader, seq)?.id);
  expect(listSegments(reader.files).filter(({ archived }) => archived).length).toBeGreaterThan(2);
  expect(atEach()).toEqual(all.map(({ id }) => id));
  expect(recordAt(reader, all.length)).toBeUndefined();
  // The first line of a day says nothing any more: the others of that day and of its neighbours are found all the same.
  const damaged = home.file(listSegments(reader.files)[7]?.path as string);
  const bytes = fs.readFileSync(damaged);
  const lost = JSON.parse(String(bytes.subarray(0, bytes.indexOf("\n")))).seq as number;
  bytes.fill("#", 0, bytes.indexOf("\n"));
  fs.writeFileSync(damaged, bytes);
  expect(atEach()).toEqual(all.map(({ id, seq }) => (seq === lost ? undefined : id)));
});

test("R-15 a record is found among the days of years by looking at a few of them", async () => {
  await using home = await livedIn(Array.from({ length: 120 }, (_, n) => 1 + (n % 3)));
  const reader = journalReader(home.root, home.environment);
  const looked = new Set<string>();
  const files: Files = {
    ...reader.files,
    readPart(name, from, to) {
      looked.add(name);
      return reader.files.readPart(name, from, to);
    },
  };
  const days = listSegments(files).length;
  const size = [...readRecords(reader)].length;
  const counts = Array.from({ length: 30 }, (_, n) => Math.floor((size * n) / 30)).map((seq) => {
    looked.clear();
    expect(recordAt({ ...reader, files }, seq)?.seq).toBe(seq);
    return looked.size;
  });
  expect(days).toBe(120);
  expect(Math.max(...counts)).toBeLessThanOrEqual(7);
});
