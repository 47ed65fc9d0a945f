import { z } from "zod";
import { defineAdmin } from "../kernel/define-admin.ts";
import { meta } from "../kernel/state.ts";
import { stopPath } from "../kernel/stop-path.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";

const none = z.strictObject({});
const standing = z.strictObject({ stopped: z.boolean() });

/** Journals a STOP. The file itself may stand already: any surface makes it without waiting for the writer. */
export function stopSkill(deps: { files: Files }) {
  return defineAdmin<Record<string, never>, { stopped: boolean }>({
    name: "kernel.stop",
    title: "Stop everyone but you",
    input: none,
    output: standing,
    event: "kernel.stop-confirmed",
    undo: "mh resume",
    apply(_args, { tx, commandId, principal }) {
      if (!deps.files.facts(stopPath)) deps.files.replace(stopPath, utf8.encode("stopped\n"));
      if (meta(tx.db, "stop") !== "standing") tx.append({ phase: "stop", id: commandId, principal });
      return { stopped: true };
    },
  });
}

/** Lifts a STOP. The record comes first: after a crash in between, STOP still stands. */
export function resumeSkill(deps: { lift: () => void }) {
  return defineAdmin<Record<string, never>, { stopped: boolean }>({
    name: "kernel.resume",
    title: "Let everyone go on",
    input: none,
    output: standing,
    event: "kernel.resumed",
    undo: "mh stop",
    apply(_args, { tx, commandId, principal }) {
      tx.append({ phase: "resume", id: commandId, principal });
      tx.afterCommit(deps.lift);
      return { stopped: false };
    },
  });
}
