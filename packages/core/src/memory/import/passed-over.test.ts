import { expect, test } from "vitest";
import { isBackupFolder } from "./passed-over.ts";

test.each([
  ["logseq/bak", true],
  ["logseq/.recycle", true],
  [".trash", true],
  ["$RECYCLE.BIN", true],
  ["Photos/@eaDir", true],
  ["work/.stversions", true],
  ["bak", false],
  ["Recycling", false],
  ["Trash ideas", false],
])("H26 the folder %s keeps backups or what was thrown away: %j", (place, expected) =>
  expect(isBackupFolder(place)).toBe(expected),
);
