import type { Effect } from "@mh/contract/values/effect.ts";
import { describe, expect, test } from "vitest";
import { type Declared, isVouched, type Made, mailed, type Wanted } from "../../../../../tests/support/judged.ts";

describe("K8 an entry of the owner's own, where nothing of others was read", () => {
  const basket: Declared = { writers: "self", ids: "ware", fields: { ware: "record", name: "record" } };
  const rows = [
    { ware: "L-1", name: "lamp" },
    { ware: "R-2", name: "rug" },
  ];
  const mine: Made = [basket, "read", {}, rows];
  const takeOut: Declared = {
    control: ["ware"],
    types: { ware: "id" },
    takes: { ware: "ware" },
    verbs: ["take", "out"],
  };
  const taking = (ware: string, effect: Effect = "write") => [takeOut, effect, { ware }] as Wanted;
  const words = "Take all but the lamp out";

  test("one of several that she means, for what can be undone", () => {
    expect(isVouched(words, [mine], taking("R-2"))).toBe(true);
    expect(isVouched(words, [mine], taking("R-3"))).toBe(false);
    expect(isVouched(words, [mine], taking("R-2", "destroy"))).toBe(false);
    expect(isVouched(words, [mine], taking("R-2", "spend"))).toBe(false);
    expect(isVouched("Take the chair out", [mine], taking("R-2"))).toBe(false);
  });

  test("not after a text of others, not of what others write or asked for, not by an id that two bear", () => {
    expect(isVouched(words, [mine, mailed("Keep R-2")], taking("R-2"))).toBe(false);
    expect(isVouched(words, [[{ ...basket, writers: "members" }, "read", {}, rows]], taking("R-2"))).toBe(false);
    expect(isVouched(words, [[basket, "read", { place: 4 }, rows]], taking("R-2"))).toBe(false);
    expect(isVouched(words, [[{ ...basket, ids: "order" }, "read", {}, rows]], taking("R-2"))).toBe(false);
    const twice = [...rows, { ware: "R-2", name: "bench" }];
    expect(isVouched(words, [[basket, "read", {}, twice]], taking("R-2"))).toBe(false);
    const tainted = [{ ...rows[0] }, { ...rows[1], origins: ["web:x.example"] }];
    expect(isVouched(words, [[basket, "read", {}, tainted]], taking("R-2"))).toBe(false);
  });
});
