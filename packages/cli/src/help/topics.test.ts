import { expect, test } from "vitest";
import { commands } from "../commands/index.ts";
import { grouping, overview } from "./overview.ts";
import { topics } from "./topics.ts";

test("every topic fits a screen: 60 lines of 80 columns at most", async () => {
  for (const [name, { load }] of Object.entries(topics)) {
    const lines = (await load()).text.split("\n");
    expect([name, lines.length <= 60, lines.filter((line) => line.length > 80)]).toEqual([name, true, []]);
  }
});

test("the overview names every command once and every topic, in ASCII, in 80 columns", () => {
  const text = overview(commands, (title) => title);
  expect(text.split("\n").filter((line) => line.length > 80 || /[^\x20-\x7e]/.test(line))).toEqual([]);
  for (const name of [...Object.keys(commands), ...Object.keys(topics)]) expect(text).toContain(`  ${name} `);
  const named = grouping(commands).flatMap(([, names]) => names);
  expect(named.toSorted()).toEqual(Object.keys(commands).toSorted());
});
