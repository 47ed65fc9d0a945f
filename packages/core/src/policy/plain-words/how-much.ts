import type { Condition } from "./sentence.ts";
import { standsAt } from "./tokens.ts";

type Read = [condition: Condition, end: number] | undefined;

const signs: Record<string, string> = { "€": "EUR", euro: "EUR", euros: "EUR", $: "USD", dollars: "USD", "£": "GBP" };

/** For more than what, or at what risk. */
export function readHowMuch(tokens: readonly string[], at: number): Read {
  return readAmount(tokens, at) ?? readRisk(tokens, at);
}

function readAmount(tokens: readonly string[], at: number): Read {
  const start = standsAt(tokens, at, ["more", "than"])
    ? at + 2
    : ["over", "above"].includes(tokens[at] ?? "")
      ? at + 1
      : 0;
  if (start === 0) return undefined;
  const isSignFirst = signs[tokens[start] ?? ""] !== undefined;
  const [number = "", unit = ""] = isSignFirst
    ? [tokens[start + 1], tokens[start]]
    : [tokens[start], tokens[start + 1]];
  const currency = signs[unit] ?? (/^[a-z]{3}$/.test(unit) ? unit.toUpperCase() : undefined);
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(number) || !currency || !isCurrency(currency)) return undefined;
  return [moreThan(Number(number), currency), start + 2];
}

function readRisk(tokens: readonly string[], at: number): Read {
  const start = ["with", "at"].includes(tokens[at] ?? "") ? at + 1 : at;
  if (standsAt(tokens, start, ["high", "risk"])) return [atRisk("high"), start + 2];
  if (!standsAt(tokens, start, ["medium", "risk"])) return undefined;
  const more = ["more", "higher", "above"].some((word) => standsAt(tokens, start + 2, ["or", word]));
  return [atRisk("medium"), start + (more ? 4 : 2)];
}

const isCurrency = (code: string): boolean => Intl.supportedValuesOf("currency").includes(code);

/** A payment in another currency counts as more: nobody knows what it is worth. */
function moreThan(units: number, currency: string): Condition {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const minor = Math.round(units * 10 ** digits);
  return {
    cedar: `(context.amount > ${minor} || (context.amount > 0 && context.currency != "${currency}"))`,
    words: `more than ${units.toFixed(digits)} ${currency}`,
    hit: { amount: { minor: minor + 1, currency } },
    miss: { amount: { minor, currency } },
  };
}

const atRisk = (risk: "medium" | "high"): Condition => ({
  cedar: `context.riskLevel >= ${risk === "high" ? 2 : 1}`,
  words: risk === "high" ? "at high risk" : "at medium risk or more",
  hit: { risk },
  miss: { risk: "low" },
});
