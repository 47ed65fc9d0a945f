import type { Parked } from "@mh/contract/values/approval.ts";

type Steered = NonNullable<Parked["steered"]>[number];

/** Where the values stand in a part of a step or a source, and what of the path names them. */
const plannedParts: Readonly<Record<string, (rest: string) => string | undefined>> = {
  args: (rest) => rest,
  slots: (rest) => (/\.(?:oneOf|where)\b/.test(rest) ? rest : undefined),
  scope: (rest) => `scope.${rest}`,
  each: (rest) => (rest.startsWith("values") ? `each.${rest}` : undefined),
};
const plannedChars = 60;

/**
 * Of a plan, the values in it: that an agent chose its steps and the fields that fill them is what a plan is. The card says
 * each whole.
 */
export function plannedValue({ path, value, ...rest }: Steered): Steered[] {
  const [, n, source, part = "", within = ""] = /^(?:steps\[(\d+)\]|sources\.([\w-]+))\.(\w+)\.(.+)$/s.exec(path) ?? [];
  const argument = plannedParts[part]?.(within);
  if (argument === undefined) return [];
  const short = value.length > plannedChars ? `${value.slice(0, plannedChars)}… (${value.length} characters)` : value;
  return [{ ...rest, path: `${source ?? `step ${Number(n) + 1}`}, ${argument}`, value: short }];
}
