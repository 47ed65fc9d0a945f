import { expect, test } from "vitest";
import { Streamed } from "./streamed.ts";

function shown(updates: string[], end: string): string {
  const out: string[] = [];
  const streamed = new Streamed({ piece: (text) => void out.push(text) });
  for (const update of updates) streamed.update(update);
  streamed.end(end);
  return out.join("");
}

test("an answer is shown once, whichever frames of it came", () => {
  expect(shown(["One ", "One two thr", "One two three four"], "One two three four.")).toBe("One two three four.\n");
  expect(shown([], "One two.")).toBe("One two.\n");
  expect(shown(["One moment. "], "It is done.")).toBe("One moment.\nIt is done.\n");
  expect(shown(["One moment. ", "One moment. \nIt is "], "It is done.")).toBe("One moment.\nIt is done.\n");
});

test("what plays tricks on a screen is shown by its code, also while it comes", () => {
  expect(shown(["a \u001b[31mred ", "a \u001b[31mred one "], "a \u001b[31mred one")).not.toContain("\u001b");
});
