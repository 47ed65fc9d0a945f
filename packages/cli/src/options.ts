import { InvalidArgumentError } from "@commander-js/extra-typings";
import { isPrincipal } from "@mh/contract/values/principal.ts";

/** Somebody lesser than the owner, as in `agent:organizer`. */
export function lesser(text: string): string {
  if (isPrincipal(text) && !/^(owner|file)/i.test(text)) return text;
  throw new InvalidArgumentError("It is somebody lesser than you: agent:NAME, client:NAME, mcp:NAME, skill:NAME, …");
}

/** The id of a command or of a task. */
export function uuid(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text;
  throw new InvalidArgumentError("It is a UUID, as in 0199c1a2-0000-7000-8000-000000000000.");
}

/** One value each time it is given, so that it may stand before the text: `--tag work --tag home`. */
export const each = (text: string, before: string[] = []): string[] => [...before, text];

/** A whole number in a range, for commander. */
export function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
  };
}

/** A length of time in minutes: `30m`, `2h`, `7d`. */
export function duration(text: string): number {
  const [, number, unit = ""] = /^(\d{1,5})(m|h|d)$/.exec(text) ?? [];
  const minutes = Number(number) * ({ m: 1, h: 60, d: 24 * 60 }[unit] ?? Number.NaN);
  if (minutes > 0) return minutes;
  throw new InvalidArgumentError("It is a length of time, as in 30m, 2h or 7d.");
}
