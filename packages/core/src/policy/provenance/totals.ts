import { numbersIn, numberWords } from "./numbers.ts";

const each = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,-])(\d{1,6}|${numberWords}) \p{L}+(?: \p{L}+)? (?:at|for) (\S+)(?: \p{L}{1,10})? each(?!\p{L})`,
  "giu",
);
const inTotal = /(?<!\p{L})(?:in total|altogether|all in all)(?!\p{L})/iu;

/** Sums that a text comes to: "3 tickets at 20 each and 5, in total" are 60, and 65 with what it adds to them. */
export function totalsIn(text: string): number[] {
  return text.split(/[.!?;](?:\s|$)/u).flatMap((sentence) => {
    const products = [...sentence.matchAll(each)].flatMap(([, count = "", price = ""]) => productOf(count, price));
    if (products.length === 0 || !inTotal.test(sentence)) return products;
    const others = numbersIn(sentence.replaceAll(each, " ¶ "));
    return [...products, [...products, ...others].reduce((sum, one) => sum + one, 0)];
  });
}

function productOf(count: string, price: string): number[] {
  const [times, ...none] = numbersIn(count);
  const [sum, ...others] = numbersIn(price.replace(/[,]$/u, ""));
  if (times === undefined || sum === undefined || none.length + others.length > 0 || !Number.isInteger(times))
    return [];
  // Cents, so that 3 times 19.90 are 59.7.
  return [Math.round(times * sum * 100) / 100];
}
