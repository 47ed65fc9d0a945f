import type { Outcome } from "@mh/contract/wire/command.ts";
import { expect, test } from "vitest";
import { withDoneBefore } from "./done-before.ts";

const full: Outcome = {
  ...{ status: "failed", id: "01a00000-0000-7000-8000-000000000000" },
  fault: { code: "disk.full", message: "The disk is full. Nothing was written; make room and try again." },
};
const said = async (outcome: Outcome, done: readonly string[]) => {
  const told = await withDoneBefore(outcome, done);
  return told.status === "failed" ? told.fault.message : told.status;
};

test("R4 a full disk in the middle of a command does not deny what that command did before", async () => {
  expect(await said(full, [])).toContain("Nothing was written");
  expect(await said(full, ["memory.search", "config.schema"])).toContain("Nothing was written");
  expect(await said(full, ["memory.search", "task.add"])).toBe(
    "The disk is full, and the last step was not written. What came before it in this command is done and stays so. Make room, and run it again.",
  );
  expect(await said(full, ["memory.capture", "task.add"])).toBe(
    "The disk is full, and the last step was not written. The 2 steps before it in this command are done and stay so. Make room, and run it again.",
  );
  const other: Outcome = { ...full, fault: { code: "disk.failed", message: "The disk failed." } };
  expect(await said(other, ["task.add"])).toBe("The disk failed.");
});
