// The site's lists: what is merged, read by pages, and read anew.
import { contract, core, type Sabotage, site, system } from "./sabotage.ts";

const following = contract("http-follow.ts");
const merged = site("data/merged-rows.ts");
const mergedTest = site("data/merged-rows.test.ts");
const anyOrder =
  "H22 whatever the order of pages, events and answers, no row of a list is missing, doubled, old or out of order";

export const siteListSabotages: readonly Sabotage[] = [
  {
    name: "a row that is read while its list is under way is lost when the list arrives",
    file: merged,
    find: "if (known.turn > turn) all = this",
    replace: "if (known.turn < 0) all = this",
    test: { file: mergedTest, name: anyOrder },
  },
  {
    name: "an answer that comes late overwrites a later reading of the same row",
    file: merged,
    find: "if (!known || known.turn <= turn) {",
    replace: "if (!known || known.turn > 0) {",
    test: { file: mergedTest, name: anyOrder },
  },
  {
    name: "a row is shown at the end of pages that do not reach as far as it stands",
    file: merged,
    find: "const isBeyond = this.#horizon !== undefined && compare(row, this.#horizon) > 0;",
    replace: "const isBeyond = false;",
    test: { file: mergedTest, name: anyOrder },
  },
  {
    name: "a client whose log is another one waits for an event that never was",
    file: following,
    find: "      last = undefined;\n      onGap();",
    replace: "      onGap();",
    test: system(
      "http-client",
      "H22 a client that missed too much, or whose log is another one, is told to read anew, and goes on from there",
    ),
  },
  {
    name: "a page of the timeline leaves out what was told at the same time as the last of the page before",
    file: core("memory/timeline.ts"),
    find: "{ to: after.ms + 1 }",
    replace: "{ to: after.ms }",
    test: system(
      "big-lists",
      "H22 pages of the timeline join without a gap or a double, though much was told at the same time",
    ),
  },
  {
    name: "a page of memories is looked for among all that come before it",
    file: core("memory/skills/read.ts"),
    find: "} :after`",
    replace: "} :after OR :after IS NULL`",
    test: system(
      "big-lists",
      "H22 a page of memories is read from its place in an index, with no sorting of all of them",
    ),
  },
];
