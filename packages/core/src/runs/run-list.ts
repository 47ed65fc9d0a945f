import { runList } from "@mh/contract/runs.ts";
import { withoutText } from "@mh/contract/wire/progress.ts";
import type { RunView } from "@mh/contract/wire/run.ts";
import type { Run } from "../kernel/run.ts";
import { defineQuery } from "../kernel/skill.ts";

/** What is under way, with the last that each run said of how far it is. */
export function listRunsSkill({ runs }: { runs: () => readonly Run[] }) {
  return defineQuery(runList, {
    run: (_args, { commandId }) => ({
      runs: runs()
        .filter(({ id }) => id !== commandId)
        .map(viewOf),
    }),
  });
}

export function viewOf({ id, skill, principal, beganMs, progress }: Run): RunView {
  return {
    run: id,
    skill,
    principal,
    beganAt: new Date(beganMs).toISOString(),
    progress: progress ? withoutText(progress) : null,
  };
}
