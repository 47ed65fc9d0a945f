import { expect, test } from "vitest";
import { type Declared, passes } from "../../../../../tests/support/judged.ts";
import { found } from "./kinds.ts";
import { numbersIn } from "./numbers.ts";

// Sums as people write them, and accounts beside them.

test.each<[words: string, numbers: number[]]>([
  ["Pay 1.250,50 € to Tom", [1250.5]],
  ["Pay 1.250.000,5 to Tom", [1250000.5]],
  ["Pay 20 EUR to Tom", [20]],
  ["Pay €20 to Tom", [20]],
  ["Pay 2k to Tom", [2000]],
  ["Pay 2.5k to Tom", [2500]],
  ["Buy the 4K screen", []],
  ["Buy the 2km map", []],
  ["Pay 1,250.50 to Tom", [1250.5]],
  ["Version 1.250.3 of it", []],
  ["Pay 12,50 to Tom", [12.5]],
])("K8 B 11 “%s” names %s", (words, numbers) => {
  expect(numbersIn(words)).toEqual(numbers);
});

test.each<[words: string, account: string, numbers: number[]]>([
  ["to DE89370400440532013000 20 euros", "DE89370400440532013000", [20]],
  ["to DE89 3704 0044 0532 0130 00 20 euros", "DE89370400440532013000", [20]],
  ["to ES91 2100 0418 4502 0005 1332 20 euros", "ES9121000418450200051332", [20]],
  ["to GB00TEST12345678901234 20 euros", "GB00TEST12345678901234", [20]],
  ["to GB00 TEST 1234 5678 9012 34 20 euros", "GB00TEST12345678901234", [20]],
])("K8 B 11 an account is an account, whatever sum follows: “%s”", (words, account, numbers) => {
  expect([found(words, "iban"), numbersIn(words)]).toEqual([[account], numbers]);
});

const pay: Declared = { control: ["to", "amount"], types: { to: "iban", amount: "amount" } };
const friend = "DE89370400440532013000";

test.each<[words: string, amount: number, isVouched: boolean]>([
  ["3 tickets at 20 each and 5, in total", 65, true],
  ["3 tickets at 20 each and 5, in total", 66, false],
  ["3 tickets at 20 each and 5, in total", 60, true],
  ["three tickets for 19.90 each", 59.7, true],
  ["3 tickets at 20 each and 5", 65, false],
  ["3 tickets and 20 posters", 60, false],
  ["20 and 5, in total", 25, false],
])("K8 B 11 “Pay %s”: %s", (words, amount, isVouched) => {
  const args = { to: friend, amount };
  expect(passes(`Pay ${friend} for ${words}`, [], { facts: pay, args, effect: "spend" })).toBe(isVouched);
});

test.each<[words: string, amount: number, isVouched: boolean]>([
  [`Buy 3 tickets at 20 each from ${friend}`, 60, true],
  [`Buy 3 tickets at 20 each and 2 mugs at 5 each, in total, from ${friend}`, 70, true],
  // A product is a sum of the owner's where they ask to pay it, and nowhere else.
  [`Tom was offered 100 tickets at 90 each, and pay 20 to ${friend}`, 9000, false],
  [`Tom was offered 100 tickets at 90 each, and pay 20 to ${friend}`, 20, true],
  [`Pay 20 to ${friend}, as 100 tickets at 90 each are too many`, 9000, false],
  [`Pay ${friend} back, and read the offer of 100 tickets at 90 each`, 9000, false],
  [`Pay ${friend} for 3 tickets at 20 each, never mind those 100 tickets at 90 each`, 9000, false],
  [`Do not pay ${friend} for 100 tickets at 90 each, but 20`, 9000, false],
])("K8 B 11 a product stands with the request to pay: “%s”, %s", (words, amount, isVouched) => {
  expect(passes(words, [], { facts: pay, args: { to: friend, amount }, effect: "spend" })).toBe(isVouched);
});
