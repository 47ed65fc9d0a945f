import { expect, test, vi } from "vitest";
import { utf8 } from "../ports/bytes.ts";
import { linesOf } from "./read-lines.ts";

const stored = (id: string, content: string, rev = 1): string =>
  JSON.stringify({
    ...{ v: 1, op: "put", id, rev, cmd: "c", kind: "episodic", count: 1, source: "test", content },
    ...{ at: "2026-01-01T00:00:00.000Z", recordedAt: "2026-01-01T00:00:00.000Z" },
    ...{ eventAt: [], tags: [], entities: [], origins: [], links: [] },
  });

const contentsOf = (bytes: Uint8Array, ...ids: string[]): string[] =>
  [...linesOf(bytes, new Set(ids))].flatMap((line) => (line.op === "put" ? [line.content] : []));

test("lines of certain memories are found among others, whatever stands beside them, and however the id is written", () => {
  const escaped = stored("m2", "by hand").replace('"m2"', '"m\\u0032"');
  const spaced = stored("m1", "spaced").replace('"id":', '"id" : ');
  const lines = [
    stored("m1", "first"),
    "no JSON",
    stored("m3", 'says "id":"m1"'),
    escaped,
    "",
    spaced,
    stored("m1", "last", 2),
  ];
  const bytes = utf8.encode(lines.join("\n"));
  expect(contentsOf(bytes, "m1")).toEqual(["first", "spaced", "last"]);
  expect(contentsOf(bytes, "m2", "m3")).toEqual(['says "id":"m1"', "by hand"]);
  expect(contentsOf(bytes, "m4")).toEqual([]);
});

test("a line that is not UTF-8 keeps nobody from the others", () => {
  const bytes = new Uint8Array([
    ...utf8.encode(`${stored("m1", "first")}\n`),
    0xff,
    0x0a,
    ...utf8.encode(stored("m1", "last", 2)),
  ]);
  expect(contentsOf(bytes, "m1")).toEqual(["first", "last"]);
});

test("R-15 what a few memories say in the file of a large import is told without parsing the rest", () => {
  const bytes = utf8.encode(Array.from({ length: 2_000 }, (_, n) => stored(`m${n}`, `memory ${n}`)).join("\n"));
  const parse = JSON.parse;
  let parsed = 0;
  JSON.parse = (text: string) => {
    parsed += 1;
    return parse(text);
  };
  try {
    expect(contentsOf(bytes, "m7", "m1999")).toEqual(["memory 7", "memory 1999"]);
  } finally {
    JSON.parse = parse;
  }
  expect(parsed).toBe(2);
});

test("R-17 of the file of a large import no string is made of what is not asked for", () => {
  const bytes = utf8.encode(Array.from({ length: 2_000 }, (_, n) => stored(`m-${n}.`, `memory ${n}`)).join("\n"));
  const decode = vi.spyOn(TextDecoder.prototype, "decode");
  try {
    expect(contentsOf(bytes, "m-7.", "m-1999.")).toEqual(["memory 7", "memory 1999"]);
    expect(decode).toHaveBeenCalledTimes(2);
  } finally {
    decode.mockRestore();
  }
});
