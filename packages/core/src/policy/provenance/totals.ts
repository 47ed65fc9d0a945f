import { clausesOf } from "./clauses.ts";
import { numbersIn, numberWords } from "./numbers.ts";
import { RequestWords } from "./verbs.ts";

const each = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,-])(\d{1,6}|${numberWords}) \p{L}+(?: \p{L}+)? (?:at|for) (\S+)(?: \p{L}{1,10})? each(?!\p{L})`,
  "giu",
);
const inTotal = /(?<!\p{L})(?:in total|altogether|all in all)(?!\p{L})/iu;
const paying = ["pay", "transfer", "wire", "spend", "buy", "order", "book", "purchase", "repay", "refund", "reimburse"];
const joins = /^(?:,|,? and| plus) $/iu;

/**
 * Sums that a request to pay comes to: "pay Tom for 3 tickets at 20 each and 5, in total" are 60, and 65 with what it adds
 * to them. What else a text reckons is no sum of the owner's: "100 tickets at 90 each are too many, pay 20".
 */
export function totalsIn(text: string): number[] {
  if (text.search(each) === -1) return [];
  return clausesOf(text).flatMap((clause) => {
    const products = productsIn(clause);
    if (products.length === 0 || !inTotal.test(clause)) return products;
    const others = numbersIn(clause.replaceAll(each, " ¶ "));
    return [...products, [...products, ...others].reduce((sum, one) => sum + one, 0)];
  });
}

/** The products that follow the verb, one joined to the other. */
function productsIn(clause: string): number[] {
  const products: number[] = [];
  let end = 0;
  for (const { 0: all, 1: count = "", 2: price = "", index } of clause.matchAll(each)) {
    const before = clause.slice(end, index);
    if (end === 0 ? !asksToPay(before) : !joins.test(before)) break;
    products.push(...productOf(count, price));
    end = index + all.length;
  }
  return products;
}

/** It names no sum itself: "pay 20, as 100 tickets at 90 each are too many". */
function asksToPay(before: string): boolean {
  const words = new RequestWords(before, "person");
  return paying.some((verb) => words.say(verb)) && numbersIn(before).length === 0;
}

function productOf(count: string, price: string): number[] {
  const [times, ...none] = numbersIn(count);
  const [sum, ...others] = numbersIn(price.replace(/[,]$/u, ""));
  if (times === undefined || sum === undefined || none.length + others.length > 0 || !Number.isInteger(times))
    return [];
  // Cents, so that 3 times 19.90 are 59.7.
  return [Math.round(times * sum * 100) / 100];
}
