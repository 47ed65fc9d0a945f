import { describe, expect, test } from "vitest";
import { type Declared, isVouched, type Made, mailed, type Wanted } from "../../../../../tests/support/judged.ts";

describe("K8 the owner's data out of the file that she says they are in, for the site that she named", () => {
  const note: Declared = { writers: "anyone", private: true };
  const read = (path: string, text: string): Made => [note, "read", { path }, text];
  const card = read("/me/card.txt", "user kim.own1, pass garden77x, mail kim@own.example, see www.evil.example/x1y2z3");
  const form: Declared = { control: ["url"], content: ["values"], types: { url: "url" } };
  const filling = (values: string[], url = "www.club.example") => [form, "send", { url, values }] as Wanted;
  const words = "Log in at www.club.example with what is in /me/card.txt";

  test("a whole value, as it stands there", () => {
    expect(isVouched(words, [card], filling(["kim.own1", "garden77x"]))).toBe(true);
    expect(
      isVouched("Book at www.club.example; my details are in /me/card.txt.", [card], filling(["kim@own.example"])),
    ).toBe(true);
    expect(isVouched(words, [card], filling(["garden78x"]))).toBe(false);
    expect(isVouched(words, [card], filling(["my pass is garden77x"]))).toBe(false);
    expect(isVouched(words, [card], filling(["www.evil.example/x1y2z3"]))).toBe(false);
    expect(isVouched(words, [card, read("/me/bank.txt", "pin 44x77yz")], filling(["44x77yz"]))).toBe(false);
  });

  test("not where she only names both, for another site, a person, or out of what is not hers alone", () => {
    expect(isVouched("Read www.club.example and rename /me/card.txt", [card], filling(["garden77x"]))).toBe(false);
    expect(isVouched("Log in with what is in /me/card.txt", [card], filling(["garden77x"]))).toBe(false);
    expect(isVouched(words, [card, mailed("www.share.example")], filling(["garden77x"], "www.share.example"))).toBe(
      false,
    );
    const mailing: Declared = { control: ["to"], content: ["values"], types: { to: "email" } };
    const toAnn = `${words}, write to ann@a.example`;
    expect(isVouched(toAnn, [card], [mailing, "send", { to: "ann@a.example", values: ["garden77x"] }])).toBe(false);
    const open: Made = [{ writers: "anyone" }, "read", { path: "/me/card.txt" }, "pass garden77x"];
    expect(isVouched(words, [open], filling(["garden77x"]))).toBe(false);
  });
});
