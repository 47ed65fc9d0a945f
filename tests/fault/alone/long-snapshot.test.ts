import { constants } from "node:buffer";
import { readSnapshot, resealed, snapshotParts } from "@mh/core/history/snapshot-file.ts";
import { linesIn, withoutLines } from "@mh/core/ports/byte-lines.ts";
import { joined } from "@mh/core/ports/bytes.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { expect, test } from "vitest";

const marks = { crypto: nodeCrypto, lineKey: new Uint8Array(32) };
const length = 1_000_000;
const count = Math.ceil(constants.MAX_STRING_LENGTH / length) + 2;

function* documents() {
  const text = "x".repeat(length);
  for (let n = 0; n < count; n++) yield JSON.stringify({ document: `notes/${n}.md`, text });
}

test("R-15 a snapshot that is longer than a string can be is written, read, and sealed anew when something is forgotten", () => {
  const bytes = joined([...snapshotParts(marks, { at: "2026-03-02T10:00:00Z" }, documents)()]);
  expect(bytes.length).toBeGreaterThan(constants.MAX_STRING_LENGTH);
  const { state, lines } = readSnapshot(marks, () => linesIn(bytes));
  expect(state).toBe("sound");
  let read = 0;
  for (const { line } of lines()) if (line !== null) read += 1;
  expect(read).toBe(count);
  const less = withoutLines(bytes, (line) => line.includes("notes/1.md"));
  expect(readSnapshot(marks, () => linesIn(less)).state).toBe("damaged");
  const again = resealed(marks, bytes, less);
  expect(readSnapshot(marks, () => linesIn(again)).state).toBe("sound");
  expect(linesIn(again).some((line) => line.includes("notes/1.md"))).toBe(false);
});
