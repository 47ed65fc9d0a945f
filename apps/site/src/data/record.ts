import type { ValueFor } from "@mh/contract/contracts.ts";

export type LogRecord = ValueFor<"log.search">["records"][number];

/** The name of a skill, without the version that pins it; of a record that has none, its phase. */
export const skillOf = ({ skill, phase = "" }: { skill?: string | undefined; phase?: string }): string =>
  skill?.split("@")[0] ?? phase;

/** How what a record tells of ended, or stands. */
export function stateOf({ phase, outcome }: LogRecord) {
  if (outcome?.fault?.code === "agent.waits") return "waiting";
  if (phase === "outcome") return outcome?.status ?? "done";
  const states = {
    deny: "denied",
    ask: "asked",
    expire: "expired",
    refuse: "refused",
    approve: "approved",
    stop: "stopped",
    intent: "begun",
  } as const;
  return states[phase as keyof typeof states];
}

/** Those that changed, asked or were refused something: reading, and the first half of what has an end, left out. */
export function actsOf(records: readonly LogRecord[]): LogRecord[] {
  // What it was judged to do stands in a command's first record.
  const reads = new Set(records.filter(isReading).map(({ id }) => id));
  // What acts has an intent before its end; a reading that its page did not wait for has none.
  const begun = new Set(records.filter(({ phase }) => phase === "intent").map(({ id }) => id));
  return records.filter(({ phase, skill, id, outcome }) => {
    if (phase === "deny" || phase === "ask") return true;
    if (outcome?.status === "interrupted" && !begun.has(id)) return false;
    return phase === "outcome" && skill !== undefined && !reads.has(id);
  });
}

const isReading = ({ request, phase }: LogRecord): boolean =>
  phase !== "ask" && (request?.every(({ effect }) => effect === "read" || effect === "fetch") ?? false);
