import { describe, expect, test } from "vitest";
import { type Declared, isVouched, type Made, type Wanted } from "../../../../../tests/support/judged.ts";

describe("K8 whom the entry that the owner named lists under a word of hers", () => {
  const group: Declared = { writers: "anyone", fields: { name: "label", editors: "party", fans: "party" } };
  const entry = { name: "walks", editors: ["ann@a.example", "tom@a.example"], fans: ["eve@evil.example"], note: "" };
  const read = (args: Record<string, unknown>, output: unknown = entry): Made => [group, "read", args, output];
  const walks = read({ name: "kim/walks" });
  const invite: Declared = {
    ...{ control: ["group", "editor_mail"], types: { group: "name", editor_mail: "email" }, verbs: ["invite"] },
  };
  const words = "Make lakes and invite all editors of kim/walks as editors";
  const inviting = (editor_mail: string) => [invite, "send", { group: "lakes", editor_mail }] as Wanted;

  test("for more of the same; nobody else, and no mail", () => {
    expect(isVouched(words, [walks], inviting("tom@a.example"))).toBe(true);
    expect(isVouched(words, [walks], inviting("eve@evil.example"))).toBe(false);
    const swapped = { group: "tom@a.example", editor_mail: "ann@a.example" };
    const inviteEditors = { ...invite, verbs: ["invite", "editors"] };
    expect(isVouched(words, [walks], [inviteEditors, "send", swapped])).toBe(false);
    const mailing: Declared = { control: ["to"], content: ["text"], types: { to: "email" }, verbs: ["send", "mail"] };
    expect(isVouched(words, [walks], [mailing, "send", { to: "tom@a.example", text: "hi" }])).toBe(false);
    expect(isVouched(words, [walks], [{ ...invite, verbs: ["remove"] }, "destroy", inviting("tom@a.example")[2]])).toBe(
      false,
    );
    expect(isVouched("Make lakes and tell me of kim/walks", [walks], inviting("tom@a.example"))).toBe(false);
    expect(isVouched("Make lakes, show me the fans of kim/walks", [walks], inviting("eve@evil.example"))).toBe(false);
  });

  test("of the one entry that she named, and not of one that another's question found", () => {
    expect(isVouched(words, [read({ name: "eve/walks" })], inviting("tom@a.example"))).toBe(false);
    expect(isVouched(words, [read({})], inviting("tom@a.example"))).toBe(false);
    expect(isVouched(words, [read({ name: "kim/walks" }, [entry])], inviting("tom@a.example"))).toBe(false);
    const text: Made = [{ writers: "anyone" }, "read", { name: "kim/walks" }, entry];
    expect(isVouched(words, [text], inviting("tom@a.example"))).toBe(false);
  });
});
