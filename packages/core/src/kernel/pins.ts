import type { Pin } from "@mh/contract/values/approval.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Call } from "./call.ts";
import type { KernelParts } from "./parts.ts";
import type { Pinned } from "./skill.ts";

/** What a command's arguments point to now, where its skill looks that up. */
export async function pinsOf(
  parts: KernelParts,
  { skill, args, task, principal }: Call,
  signal: AbortSignal,
): Promise<Pinned> {
  const context = { principal, task: task?.id, config: parts.config(), db: parts.reader, signal };
  return (await skill.pin?.(args, context)) ?? { pins: [] };
}

/** Throws `approval.changed` for the first thing that is no longer what the approval request showed. */
export function comparePins(approved: readonly Pin[], now: readonly Pin[], approval?: string): void {
  const known = new Map(approved.map((pin) => [`${pin.argument} ${pin.what}`, pin.hash]));
  const found = new Map(now.map((pin) => [`${pin.argument} ${pin.what}`, pin.hash]));
  const changed = [...approved, ...now].find(
    ({ argument, what }) => known.get(`${argument} ${what}`) !== found.get(`${argument} ${what}`),
  );
  if (changed) throw changedPin(changed.what, approval);
}

/** Something that an approval held fast is not what it was. */
export const changedPin = (what: string, approval?: string): Fault => {
  const next =
    approval === undefined ? "Ask again." : `Deny it (\`mh approvals deny ${approval}\`), and let it be asked again.`;
  return new Fault("approval.changed", `${what} is not what the approval request showed. Nothing was done. ${next}`);
};
