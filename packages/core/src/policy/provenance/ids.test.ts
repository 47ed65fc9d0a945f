import { toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { expect, test } from "vitest";
import { judgeCall } from "./judge-call.ts";
import { Trace } from "./trace.ts";

// A row may bear ids of several kinds: its own, and those of what it speaks of.

const orders = toolFactsSchema.parse({
  ...{ writers: "self", private: true, ids: { order: "order", sku: "ware" } },
  fields: { order: "record", name: "record", sku: "record" },
});
const rows = [
  { order: "A-5512", name: "filter", sku: "F-20" },
  { order: "A-5513", name: "hose", sku: "H-3" },
];

function passes(words: string, kind: string, id: string, output: readonly object[] = rows): boolean {
  const facts = toolFactsSchema.parse({ control: ["id"], types: { id: "id" }, takes: { id: kind } });
  const trace = new Trace(words);
  trace.add({ id: "read", facts: orders, effect: "read", args: {}, output });
  return judgeCall(trace, { id: "now", facts, effect: "spend", args: { id } }).every(({ vouched }) => vouched);
}

test.each<[kind: string, id: string, isVouched: boolean]>([
  ["ware", "F-20", true],
  ["order", "A-5512", true],
  ["ware", "H-3", false],
  ["order", "F-20", false],
  ["ware", "A-5513", false],
  ["parcel", "F-20", false],
])("K8 B 16 each field of a row hands out ids of its own kind: %s %s", (kind, id, isVouched) => {
  expect(passes("Order the filter of my orders once more", kind, id)).toBe(isVouched);
});

test("K8 B 16 two entries may speak of one thing, and may not bear one id", () => {
  const words = "Order what I had in the order A-5512";
  const twice = [...rows, { order: "A-5514", name: "filter", sku: "F-20" }];
  const borne = [...rows, { order: "A-5512", name: "rake", sku: "R-1" }];
  expect(passes(words, "ware", "F-20", twice)).toBe(true);
  expect(passes("Order the filter once more", "order", "A-5512", borne)).toBe(false);
});

const parcels = toolFactsSchema.parse({
  writers: "members",
  ids: "parcel",
  fields: { name: "label", weight: "record" },
});
const kept = { "P-1": { name: "Garden chairs", weight: 12 }, "P-2": { name: "Books", weight: 3 } };

test.each<[what: string, id: string, more: object, output: unknown, isVouched: boolean]>([
  ["the one described", "P-1", {}, kept, true],
  ["the other", "P-2", {}, kept, false],
  ["one alone, undeclared", "P-1", {}, { "P-1": kept["P-1"] }, false],
  ["one alone", "P-1", { fields: { ...parcels.fields, $key: "record" } }, { "P-1": kept["P-1"] }, true],
  ["where keys are texts", "P-1", { fields: { ...parcels.fields, $key: "text" } }, kept, false],
  ["where the keys are fields", "P-1", { fields: { "P-1.name": "label" } }, kept, false],
  ["where nothing has an id", "P-1", { ids: undefined }, kept, false],
])("K8 B 16 records that are kept by their ids: %s", (_what, id, more, output, isVouched) => {
  const facts = toolFactsSchema.parse({ control: ["id"], types: { id: "id" }, takes: { id: "parcel" } });
  const trace = new Trace("Send for the garden chairs");
  trace.add({ id: "read", facts: { ...parcels, ...more }, effect: "read", args: {}, output });
  const reports = judgeCall(trace, { id: "now", facts, effect: "spend", args: { id } });
  expect(reports.every(({ vouched }) => vouched)).toBe(isVouched);
});
