import { kernelResume, kernelStop } from "@mh/contract/kernel.ts";
import { defineAdmin } from "../kernel/skill.ts";
import { meta } from "../kernel/state.ts";
import { stopPath } from "../kernel/stop-path.ts";
import { whenDone } from "../kernel/when-done.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";

/** Journals a STOP. The file itself may stand already: any surface makes it without waiting for the writer. */
export function stopSkill(deps: { files: Files }) {
  return defineAdmin(kernelStop, {
    stored: whenDone({ stopped: true }),
    apply(_args, { tx, commandId, principal }) {
      if (!deps.files.facts(stopPath)) deps.files.replace(stopPath, utf8.encode("stopped\n"));
      if (meta(tx.db, "stop") !== "standing") tx.append({ phase: "stop", id: commandId, principal });
      return { stopped: true };
    },
  });
}

/** Lifts a STOP. The record comes first: after a crash in between, STOP still stands. */
export function resumeSkill(deps: { lift: () => void }) {
  return defineAdmin(kernelResume, {
    stored: whenDone({ stopped: false }),
    apply(_args, { tx, commandId, principal }) {
      tx.append({ phase: "resume", id: commandId, principal });
      tx.afterCommit(deps.lift);
      return { stopped: false };
    },
  });
}
