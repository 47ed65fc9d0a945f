import type { Ended } from "./daemon-session.ts";
import type { Swept } from "./swept-commands.ts";
import { Wrong } from "./wrong.ts";

/** Throws where what a home says is not what its owner was told: done, not done, or not known. */
export function compare(
  { isByParts, says }: Swept,
  { code, said }: Ended,
  state: string[],
  { before, after }: { before: string[]; after: string[] },
): void {
  const isBetween =
    isByParts && before.every((line) => state.includes(line)) && state.every((line) => after.includes(line));
  // What it asked the owner stays: open where no answer was heard, approved where it ran and failed.
  const asked = (line: string) => /^approvals .* · (?:open|approved)$/.test(line) && !before.includes(line);
  const isAsked = same(
    state.filter((line) => !asked(line)),
    before,
  );
  const isBefore = isAsked || isBetween;
  const isDone = same(state, after);
  if (!isBefore && !isDone)
    throw new Wrong(`It is neither done:\n${difference(state, after)}\nnor not done:\n${difference(state, before)}`);
  // What could not be read is named, and the rest is there.
  const isTold = isBetween && / refused/.test(said);
  if (code === 0 && !isDone && !isTold) throw new Wrong(`It was acknowledged, and:\n${difference(state, after)}`);
  const isRefused = code !== undefined && code !== 0 && code !== 130;
  if (isRefused && !isBefore && !says?.test(said))
    throw new Wrong(`It was refused, and:\n${difference(state, before)}`);
}

export const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((line, n) => line === b[n]);

function difference(found: readonly string[], wanted: readonly string[]): string {
  return [
    ...wanted.filter((line) => !found.includes(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !wanted.includes(line)).map((line) => `+ ${line}`),
    `(${found.length} lines, and not ${wanted.length})`,
  ].join("\n");
}
