import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { expect, test } from "vitest";
import { linesByPart, linesIn } from "../ports/byte-lines.ts";
import { joined } from "../ports/bytes.ts";
import { readSnapshot, snapshotParts } from "./snapshot-file.ts";

const marks = { crypto: nodeCrypto, lineKey: new Uint8Array(32) };
const snapshotOf = (lines: readonly string[]) => snapshotParts(marks, { at: "2026-03-02T10:00:00Z" }, () => lines);
const document = (n: number, text: string) => JSON.stringify({ document: `notes/${n}.md`, text });

test("R-15 of a snapshot no more is held at a time than a part and a line", () => {
  const texts = Array.from({ length: 40 }, (_, n) => document(n, "ä".repeat(50_000)));
  const parts = snapshotOf(texts);
  const bytes = joined([...parts()]);
  expect(joined([...parts()])).toEqual(bytes);
  expect(Math.max(...parts().map((part) => part.length))).toBeLessThan(bytes.length / 1.5);
  const asked: number[] = [];
  const read = () => {
    let at = 0;
    return linesByPart((into) => {
      asked.push(into.length);
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      at += part.length;
      return part.length;
    }, bytes.length);
  };
  expect([...read()]).toEqual([...linesIn(bytes)]);
  expect(Math.max(...asked)).toBeLessThan(bytes.length / 3);
  const { state, lines } = readSnapshot(marks, read);
  expect(state).toBe("sound");
  expect([...lines()].filter(({ line }) => line !== null)).toHaveLength(texts.length);
});

test("R-8 a snapshot that is changed between the look at its seal and the reading is refused", () => {
  const bytes = joined([...snapshotOf([document(1, "One"), document(2, "Two")])()]);
  const sound = [...linesIn(bytes)];
  const changes = {
    word: sound.map((line) => line.replace("Two", "Tow")),
    line: sound.filter((line) => !line.includes("One")),
    behind: [...sound.slice(0, -1), document(3, "Three"), ""],
  };
  for (const [change, lines] of Object.entries(changes)) {
    const looks = [sound, lines];
    const snapshot = readSnapshot(marks, () => looks.shift() ?? []);
    expect(snapshot.state, change).toBe("sound");
    expect(() => [...snapshot.lines()], change).toThrow(/changed while it was read/);
  }
});
