import { agent } from "@mh/contract/values/principal.ts";
import { readRecords } from "@mh/core/journal/walk.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

const helper = agent("helper");

test("R-9 a right that is given at the same time as it is used stands before the use in the log", async () => {
  await using home = await makeHost({ declared: new Map([[helper, ["memory.capture"]]]) });
  const [, , { status }] = await Promise.all([
    home.own("memory.capture", { text: "So that there is data" }),
    home.own("grant.give", { principal: helper, skill: "memory.capture" }),
    home.act(helper, "memory.capture", { text: "Sarah moved" }),
  ]);
  expect(status).toBe("done");
  const records = [...readRecords(journalReader(home.root, home.environment))].map(({ record }) => record);
  const told = records.filter(({ phase, principal }) => phase === "grant" || principal === helper);
  expect(told.map(({ phase }) => phase)).toEqual(["grant", "intent", "outcome"]);
});
