import type { Effect } from "@mh/contract/values/effect.ts";
import { describe, expect, test } from "vitest";
import { type Declared, isVouched, type Made, mailed, type Wanted } from "../../../../../tests/support/judged.ts";

describe("K8 pages of a host that the owner named", () => {
  const browse: Declared = { control: ["url"], types: { url: "url" }, writers: "anyone" };
  const home: Made = [
    ...[browse, "read" as Effect, { url: "www.maps.example" }],
    "See www.maps.example/new and www.evil.example/new, maps.example.evil.example/a, www.maps.example@evil.example/b",
  ] as unknown as Made;
  const reading = (url: string, effect: Effect = "read") => [browse, effect, { url }] as Wanted;
  const words = "Look what is new on www.maps.example";

  test.each<[url: string, effect: Effect, isNamed: boolean]>([
    ["https://www.maps.example/new", "read", true],
    ["https://www.maps.example/new", "fetch", false],
    ["https://www.maps.example/new", "send", false],
    ["https://www.maps.example/new?q=my-secret", "read", false],
    ["https://www.maps.example/other", "read", false],
    ["https://www.evil.example/new", "read", false],
    ["https://maps.example.evil.example/a", "read", false],
    ["https://www.maps.example@evil.example/b", "read", false],
  ])("by a link that stands there: %s, %s", (url, effect, isNamed) => {
    expect(isVouched(words, [home], reading(url, effect))).toBe(isNamed);
  });

  test("it comes to the disk where she asks for that, and is not even read once something private was", () => {
    expect(isVouched("Save what is new on www.maps.example", [home], reading("www.maps.example/new", "fetch"))).toBe(
      true,
    );
    const pin: Made = [{ private: true }, "read", {}, "pin 4477"];
    expect(isVouched(words, [pin, home], reading("www.maps.example/new"))).toBe(false);
    expect(isVouched(words, [home, pin], reading("www.maps.example/new"))).toBe(false);
  });

  test("no link of another's text, and none beside the one page that she named", () => {
    expect(isVouched(words, [mailed("See www.maps.example/new")], reading("www.maps.example/new"))).toBe(false);
    const page = (text: string): Made => [browse, "read", { url: "www.maps.example/kim/walks" }, text];
    const one = "Read www.maps.example/kim/walks";
    expect(isVouched(one, [page("www.maps.example/kim/more")], reading("www.maps.example/kim/more"))).toBe(true);
    expect(isVouched(one, [page("www.maps.example/eve/more")], reading("www.maps.example/eve/more"))).toBe(false);
    expect(isVouched(one, [page("www.maps.example/kim/../eve")], reading("www.maps.example/kim/../eve"))).toBe(false);
  });
});
