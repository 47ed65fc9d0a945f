import type { ModelEvent, ModelUsage } from "@mh/core/ports/model.ts";

const tokensMax = 1e9;

/** A call as the model wrote it: its arguments are an object, or the text of one. */
export function callOf(id: string, name: unknown, args: unknown): ModelEvent {
  const parsed = typeof args === "string" ? parsedOf(args) : args;
  if (typeof name === "string" && name !== "" && isObject(parsed))
    return { type: "call", call: { id, name, args: parsed } };
  const text = (typeof args === "string" ? args : JSON.stringify(args)) ?? "";
  return { type: "bad-call", name: typeof name === "string" ? name : "", text: text.slice(0, 2_000) };
}

/** The tokens that a server reports; undefined where it reports no possible counts. */
export function usageOf(input: unknown, output: unknown): ModelUsage | undefined {
  return isCount(input) && isCount(output) ? { input, output } : undefined;
}

const isCount = (n: unknown): n is number =>
  Number.isSafeInteger(n) && (n as number) >= 0 && (n as number) <= tokensMax;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsedOf(text: string): unknown {
  // A tool without arguments is called with none.
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
