import { runExport, runShow } from "@mh/contract/run-look.ts";
import type { Inspector } from "../inspect/inspect.ts";
import { defineQuery, type QueryContext } from "../kernel/skill.ts";
import type { Crypto } from "../ports/crypto.ts";
import { runFile } from "./run-file.ts";
import { recordsOfRun } from "./run-records.ts";
import { redactedRun } from "./run-redacted.ts";
import { traceOf } from "./run-trace.ts";

export interface RunLookDeps {
  crypto: Crypto;
  inspector: Pick<Inspector, "record" | "records" | "size">;
  /** Names of the skills that came with mh. */
  shippedSkills: ReadonlySet<string>;
  agentFiles: { versions: () => readonly { name: string; isShipped: boolean }[] };
}

/** One run: what led to what, along time, and its critical path. */
export function showRunSkill(deps: RunLookDeps) {
  return defineQuery(runShow, { run: async ({ run }, context) => ({ run: await look(deps, run, context) }) });
}

/** The same as one file to give away. */
export function exportRunSkill(deps: RunLookDeps) {
  return defineQuery(runExport, {
    async run({ run }, context) {
      const shippedAgents = new Set(
        deps.agentFiles.versions().flatMap(({ name, isShipped }) => (isShipped ? [name] : [])),
      );
      const redacted = redactedRun(await look(deps, run, context), {
        isShippedSkill: (name) => deps.shippedSkills.has(name),
        isShippedAgent: (name) => shippedAgents.has(name),
      });
      return { html: runFile(deps.crypto, redacted.run, redacted.hidden), ...redacted };
    },
  });
}

async function look({ inspector }: RunLookDeps, which: string, { db, signal }: QueryContext) {
  const { id, records } = await recordsOfRun(inspector, db, which, signal);
  return traceOf(id, records);
}
