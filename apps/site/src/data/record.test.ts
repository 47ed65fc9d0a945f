import { expect, test } from "vitest";
import { actsOf, type LogRecord, stateOf } from "./record.ts";

const record = (seq: number, more: Partial<LogRecord>): LogRecord =>
  ({ seq, id: `c${seq}`, principal: "owner", ...more }) as LogRecord;
const request = (effect: string) => [{ effect }] as NonNullable<LogRecord["request"]>;

test("of the log, what was done, asked and refused is shown; what only reads is not", () => {
  const records = [
    record(0, { phase: "intent", skill: "task.add@1", id: "a", request: request("write") }),
    record(1, { phase: "outcome", skill: "task.add@1", id: "a", outcome: { status: "done" } }),
    record(2, { phase: "outcome", skill: "task.list@1", request: request("read"), outcome: { status: "done" } }),
    // Nobody waited for the answer.
    record(3, { phase: "outcome", skill: "agent.list@1", outcome: { status: "interrupted" } }),
    record(4, { phase: "intent", skill: "mail.send@1", id: "b", request: request("send") }),
    record(5, { phase: "outcome", skill: "mail.send@1", id: "b", outcome: { status: "interrupted" } }),
    record(6, { phase: "ask", skill: "mail.send@1", request: request("send") }),
    record(7, { phase: "deny", skill: "memory.list@1", request: request("read") }),
    record(8, { phase: "checkpoint" }),
  ];
  expect(actsOf(records).map(({ seq, ...rest }) => [seq, stateOf({ seq, ...rest })])).toEqual([
    [1, "done"],
    [5, "interrupted"],
    [6, "asked"],
    [7, "denied"],
  ]);
});
