import { expect, test } from "vitest";
import { placing } from "./task-order.ts";

// 23:30 in Berlin.
const now = Date.parse("2026-11-29T22:30:00Z");

test("today is until midnight on the owner's wall, with or without a time of day", () => {
  const place = placing({ now, timeZone: "Europe/Berlin" });
  const of = (due: string) => place({ status: "open", due, start: null }, false);
  expect(["2026-11-28", "2026-11-29T23:00", "2026-11-29", "2026-11-29T23:45"].map(of)).toEqual([
    ...["overdue", "overdue", "today", "today"],
  ]);
  expect(["2026-11-30", "2026-11-30T00:00", "2026-11-30T09:00"].map(of)).toEqual(["later", "later", "later"]);
});
