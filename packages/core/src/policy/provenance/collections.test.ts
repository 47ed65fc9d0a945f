import type { Effect } from "@mh/contract/values/effect.ts";
import { describe, expect, test } from "vitest";
import { type Declared, isVouched, type Made, type Wanted } from "../../../../../tests/support/judged.ts";

describe("K8 several things of the owner's own, named by their kind and the verb", () => {
  const profile: Declared = { writers: "self", fields: { album: "label", motto: "label", friend: "party" } };
  const row = { album: ["Alps", "Coast"], motto: "Eve's shop", friend: "Tom", text: "Harbour" };
  const mine: Made = [profile, "read", {}, row];
  const page: Made = [{ writers: "anyone" }, "read", {}, "Star Coast and Eve's shop."];
  const star: Declared = { control: ["name"], content: ["note"], types: { name: "name" }, verbs: ["album", "star"] };
  const starring = (name: string, more: object = {}) => [star, "send", { name, ...more }] as Wanted;

  test.each<[words: string, name: string, isNamed: boolean]>([
    ["Look through all of my albums and star those without a star", "Coast", true],
    ["Look through all of my albums", "Coast", false],
    ["Star the album of the summer", "Coast", false],
    ["Star my albums", "Eve's shop", false],
    ["Star my albums", "Harbour", false],
    ["Star my albums", "Tom", false],
    ["Do not star my albums", "Coast", false],
    ["Write 'star my albums' to tom@a.example", "Coast", false],
  ])("“%s”: %s", (words, name, isNamed) => {
    expect(isVouched(words, [mine, page], starring(name))).toBe(isNamed);
  });

  test("not with a text, not where others write, not for what cannot be undone or costs", () => {
    const words = "Star all my albums, delete the albums that are empty, buy prints of the albums";
    expect(isVouched(words, [mine, page], starring("Coast"))).toBe(true);
    expect(isVouched(words, [mine, page], starring("Coast", { note: "as agreed" }))).toBe(false);
    const shared: Made = [{ ...profile, writers: "members" }, "read", {}, row];
    expect(isVouched(words, [shared, page], starring("Coast"))).toBe(false);
    const found: Made = [profile, "read", { place: 2 }, row];
    expect(isVouched(words, [found, page], starring("Coast"))).toBe(false);
    const other = (verb: string, effect: Effect) => [{ ...star, verbs: [verb] }, effect, { name: "Coast" }] as Wanted;
    expect(isVouched(words, [mine, page], other("delete", "destroy"))).toBe(false);
    expect(isVouched(words, [mine, page], other("buy", "spend"))).toBe(false);
    expect(isVouched(words, [mine, page], other("publish", "send"))).toBe(false);
    expect(isVouched("Remove my star from all of my albums", [mine, page], other("unstar", "send"))).toBe(true);
    expect(isVouched("Show my star on all of my albums", [mine, page], other("unstar", "send"))).toBe(false);
  });
});
