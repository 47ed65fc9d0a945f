import { expect, test } from "vitest";
import { isOwnSecret } from "./secret-store.ts";

test("P19 a name in other letters is mh's own, too: where files do not tell them apart, it is the same file", () => {
  expect(["daemon-token", "Daemon-Token", "DAEMON-TOKEN", "MH.key"].filter((name) => !isOwnSecret(name))).toEqual([]);
  expect(["daemon-token-2", "telegram", "mhx"].filter(isOwnSecret)).toEqual([]);
});
