import type { Effect } from "@mh/contract/values/effect.ts";
import { describe, expect, test } from "vitest";
import { type Declared, isVouched, type Made, mailed, type Wanted } from "../../../../../tests/support/judged.ts";

describe("K8 a code confirms what the task was just let do", () => {
  const words = "Book court 3 for Tuesday";
  const book: Declared = { control: ["court"], types: { court: "name" }, verbs: ["book"] };
  const booked: Made = [book, "write", { court: "court 3" }, "Please confirm: a verification code was sent to you."];
  const confirm: Declared = { control: ["code"], types: { code: "secret" }, verbs: ["confirm", "booking"] };
  const confirmed: Made = [confirm, "write", { code: "804116" }, "Confirmed."];
  const now = (code: string, facts: Declared = confirm, effect: Effect = "write") =>
    [facts, effect, { code }] as Wanted;
  const code = mailed("Your code is 804116.");

  test("read since it was asked for, and once", () => {
    expect(isVouched(words, [booked, code], now("804116"))).toBe(true);
    expect(isVouched(words, [code, booked], now("804116"))).toBe(false);
    expect(isVouched(words, [code, booked, code], now("804116"))).toBe(false);
    expect(isVouched(words, [booked, code, confirmed], now("804116"))).toBe(false);
    expect(isVouched(words, [booked, mailed("Your code is 1804116.")], now("804116"))).toBe(false);
    expect(isVouched(words, [booked], now("804116"))).toBe(false);
  });

  test("each call that asked has one of its own", () => {
    const codes = mailed("Your codes are 804116 and 230077.");
    expect(isVouched(words, [booked, booked, codes, confirmed], now("230077"))).toBe(true);
    expect(isVouched(words, [booked, codes, confirmed], now("230077"))).toBe(false);
  });

  test("where nothing asked for one, or a document did, there is none", () => {
    const page: Made = [{ writers: "anyone" }, "read", {}, "Please confirm: a verification code was sent to you."];
    const own: Made = [{ writers: "self" }, "read", {}, "Please verify: a code was sent to you."];
    const long: Made = [book, "write", { court: "court 3" }, `${"Rules. ".repeat(400)}Please confirm with your code.`];
    expect(isVouched(words, [page, code], now("804116"))).toBe(false);
    expect(isVouched(words, [own, code], now("804116"))).toBe(true);
    expect(isVouched(words, [long, code], now("804116"))).toBe(false);
    const mailed: Made = [book, "write", { court: "court 3" }, "A code was mailed to you."];
    expect(isVouched(words, [mailed, code], now("804116"))).toBe(true);
    expect(isVouched(words, [[book, "write", { court: "court 3" }, "Booked."], code], now("804116"))).toBe(false);
  });

  test("a skill that sets a code, carries more, or cannot be undone, confirms nothing", () => {
    const set = { ...confirm, verbs: ["set", "verification", "code", "verify"] };
    expect(isVouched(words, [booked, code], now("804116", set))).toBe(false);
    expect(isVouched(words, [booked, code], now("804116", { ...confirm, verbs: ["unlock"] }))).toBe(false);
    expect(isVouched(words, [booked, code], now("804116", { ...confirm, types: {} }))).toBe(false);
    expect(isVouched(words, [booked, code], now("804116", confirm, "destroy"))).toBe(false);
    const two = { ...confirm, control: ["code", "account"], types: { code: "secret" } };
    expect(isVouched(words, [booked, code], [two, "write", { code: "804116", account: "court 3" }])).toBe(false);
    const key = "AAAAB3NzaC1yc2E804116";
    expect(isVouched(words, [booked, mailed(`Your key is ${key}`)], now(key))).toBe(false);
  });
});
