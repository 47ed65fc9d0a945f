import { expect, test } from "vitest";
import type { LogRecord } from "./record.ts";
import { endsOnly, wordsFor } from "./record-words.ts";

const record = (seq: number, more: Partial<LogRecord>): LogRecord =>
  ({ seq, id: `c${seq}`, principal: "owner", ...more }) as LogRecord;
const to = (recipients: string[]) => [{ effect: "send", scope: { recipients } }] as NonNullable<LogRecord["request"]>;

test("a record says what was done and to whom, in words, as its command's first record knows it", () => {
  const records = [
    record(0, {
      phase: "intent",
      skill: "mail.send@1",
      id: "a",
      request: to(["tom@x.example", "b@x.example", "c@x.example"]),
    }),
    record(1, { phase: "outcome", skill: "mail.send@1", id: "a", outcome: { status: "done" } }),
    record(2, { phase: "grant", id: "b" }),
    record(3, { phase: "outcome", skill: "gone.skill@1", id: "b", outcome: { status: "done" } }),
    record(4, { phase: "checkpoint", body: { size: 41_200 } }),
  ];
  const words = wordsFor(records, { "mail.send": "Send a mail" });
  expect(records.map(words)).toEqual([
    "Send a mail to tom@x.example, b@x.example and 1 more",
    "Send a mail to tom@x.example, b@x.example and 1 more",
    "A right was given",
    "gone.skill",
    "Checkpoint 41,200 signed",
  ]);
  expect(endsOnly(records).map(({ seq }) => seq)).toEqual([1, 3, 4]);
});
