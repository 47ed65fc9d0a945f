import type { Effect } from "@mh/contract/values/effect.ts";
import { describe, expect, test } from "vitest";
import { type Declared, isVouched, type Made, mailed, type Wanted } from "../../../../../tests/support/judged.ts";

describe("K8 where nothing is said: downloads, and one of a thing", () => {
  const save: Declared = { control: ["url", "folder"], types: { url: "url", folder: "path" } };

  test.each<[folder: string, effect: Effect, isNamed: boolean]>([
    ["/downloads", "fetch", true],
    ["~/Downloads/", "fetch", true],
    ["/home/kim/Downloads", "fetch", true],
    ["/home/../Downloads", "fetch", false],
    ["/downloads/../home", "fetch", false],
    ["/downloads/x", "fetch", false],
    ["/home/kim/.ssh", "fetch", false],
    ["/srv/www/downloads", "fetch", false],
    ["/downloads", "write", false],
    ["/downloads", "send", false],
  ])("what is fetched goes where downloads go: %s, %s", (folder, effect, isNamed) => {
    const args = { url: "www.bus.example/plan.pdf", folder };
    expect(isVouched("Save www.bus.example/plan.pdf.", [mailed("Save it well.")], [save, effect, args])).toBe(isNamed);
    expect(isVouched("Save it.", [mailed("www.bus.example/plan.pdf")], [save, effect, args])).toBe(false);
  });

  const wares: Declared = {
    ids: "ware",
    fields: { ware: "record", name: "record", price: "record" },
    writers: "members",
  };
  const shelf: Made = [
    wares,
    "read",
    {},
    [
      { ware: "W-11", name: "ficus", price: 30 },
      { ware: "W-12", name: "ladder", price: 55 },
    ],
  ];
  const order: Declared = {
    ...{ control: ["ware", "quantity"], types: { ware: "id", quantity: "amount" }, takes: { ware: "ware" } },
  };
  const ordering = (args: object, facts: Declared = order) => [facts, "spend", args] as Wanted;

  test("an article in the singular is one", () => {
    const words = "Order the ladder";
    expect(isVouched(words, [shelf], ordering({ ware: "W-12", quantity: 1 }))).toBe(true);
    expect(isVouched(words, [shelf], ordering({ ware: "W-12", quantity: 2 }))).toBe(false);
    expect(isVouched(words, [shelf], ordering({ ware: "W-11", quantity: 1 }))).toBe(false);
    // A sum of what is described, or one that somebody is paid, is no count.
    const priced = { ...order, control: ["ware", "price"], types: { ware: "id", price: "amount" } };
    const cheap: Made = [wares, "read", {}, [{ ware: "W-12", name: "ladder", price: 0.5 }]];
    expect(isVouched(words, [cheap], ordering({ ware: "W-12", price: 1 }, priced))).toBe(false);
    const pay = { ...order, control: ["to", "quantity"], types: { to: "email", quantity: "amount" }, takes: {} };
    expect(isVouched("Pay ann@a.example", [shelf], ordering({ to: "ann@a.example", quantity: 1 }, pay))).toBe(false);
  });

  test("an article is one of what was searched for, too, and of what the argument counts", () => {
    const shop: Declared = { writers: "anyone", ids: "ware", fields: { ware: "record", name: "label" } };
    const searched = (query: string): Made => [shop, "read", { query }, [{ ware: "W-7", name: "Copper Kettle" }]];
    const put: Declared = { ...order, verbs: ["put"] };
    const puts = (words: string, quantity: number) =>
      isVouched(words, [searched("kettle")], [put, "write", { ware: "W-7", quantity }]);
    expect(puts("Put the Copper Kettle into my basket", 1)).toBe(true);
    expect(puts("Put the Copper Kettle into my basket", 2)).toBe(false);
    expect(puts("Put Copper Kettles into my basket", 1)).toBe(false);
    expect(puts("Put a teapot into my basket", 1)).toBe(false);

    const seats: Declared = { ...order, control: ["ware", "seats"], types: { ware: "id", seats: "amount" } };
    const takes = (words: string, count: number) =>
      isVouched(words, [shelf], ordering({ ware: "W-12", seats: count }, seats));
    expect(takes("Book a seat on ladder", 1)).toBe(true);
    expect(takes("Book a seat on ladder", 2)).toBe(false);
    expect(takes("Book seats on ladder", 1)).toBe(false);
  });

  test("an entry of the owner's own bears another thing's id under the argument's name", () => {
    const orders: Declared = {
      writers: "self",
      ids: "order",
      fields: { order: "record", name: "record", ware: "record", id: "record" },
    };
    const rows = [
      { order: "A-1", name: "filter", ware: "F-20", id: "X-1" },
      { order: "A-2", name: "hose", ware: "H-3", id: "X-2" },
    ];
    const once = "Order the filter again, 1 piece";
    const mine: Made = [orders, "read", {}, rows];
    expect(isVouched(once, [mine], ordering({ ware: "F-20", quantity: 1 }))).toBe(true);
    expect(isVouched(once, [mine], ordering({ ware: "H-3", quantity: 1 }))).toBe(false);
    expect(isVouched(once, [mine], ordering({ ware: "A-1", quantity: 1 }))).toBe(false);
    const others: Made = [{ ...orders, writers: "members" }, "read", {}, rows];
    expect(isVouched(once, [others], ordering({ ware: "F-20", quantity: 1 }))).toBe(false);
    const byId = {
      ...order,
      control: ["id", "quantity"],
      types: { id: "id", quantity: "amount" },
      takes: { id: "ware" },
    };
    expect(isVouched(once, [mine], ordering({ id: "X-1", quantity: 1 }, byId))).toBe(false);
  });
});
