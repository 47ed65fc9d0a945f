import type { Contract } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import type { z } from "zod";
import { defineOutside, type Skill } from "../kernel/skill.ts";
import type { ExtensionRow } from "./extensions-table.ts";
import type { SkillManifest } from "./skill-manifest.ts";
import { type JsonObject, untrustedSchema } from "./untrusted-schema.ts";

/** One run of a script of a package. */
export interface ScriptJob {
  row: ExtensionRow;
  manifest: SkillManifest;
  /** Its path in the package. */
  file: string;
  args: Record<string, unknown>;
  commandId: string;
  signal: AbortSignal;
  progress: (update: ProgressUpdate) => void;
}

/** The arguments that do not control: what they hold is content, and is looked at as such. */
export const others = (input: JsonObject, control: readonly string[]): string[] =>
  Object.keys((input.properties ?? {}) as object).filter((name) => !control.includes(name));

/**
 * The scripts of a package that the owner allowed, as skills of its own noun: each runs alone in the sandbox,
 * and what it gives back is untrusted data until it fits what was declared.
 */
export function scriptSkills(row: ExtensionRow, run: (job: ScriptJob) => Promise<unknown>): Skill[] {
  const manifest = JSON.parse(row.manifest) as SkillManifest;
  const { mh } = manifest;
  if (!mh) return [];
  const { hosts, secrets } = mh.permissions;
  return Object.entries(mh.scripts).map(([verb, script]) => {
    const name = `${manifest.name}.${verb}`;
    const output = untrustedSchema(script.output, `The output of ${name}`);
    const contract: Contract<string, "outside", z.ZodType<JsonObject>, z.ZodType<JsonObject>> = {
      name,
      kind: "outside",
      version: mh.version,
      title: script.title,
      input: untrustedSchema(script.input, `The input of ${name}`),
      output,
      examples: [],
      effects: [script.effect],
      permissions: { hosts, secrets: Object.keys(secrets) },
      control: script.control,
      // Of what a third party says, only what narrows is taken: what it answers is text that anyone may have written.
      provenance: {
        types: script.types,
        content: others(script.input, script.control),
        open: true,
        writers: "anyone",
      },
      // mh never looked whether it is so.
      undo: script.undo === null ? null : `its package says: ${script.undo}`,
      retry: script.retry,
      code: row.hash,
      event: `${name}.done`,
    };
    return defineOutside(contract, {
      stored: "kept",
      classify: () => ({ effect: script.effect, risk: script.risk, scope: hosts.length > 0 ? { hosts } : {} }),
      async run(args, { commandId, signal, progress }) {
        const value = await run({ row, manifest, file: script.file, args, commandId, signal, progress });
        const read = output.safeParse(value);
        if (read.success) return read.data;
        const [issue] = read.error.issues;
        const where = issue?.path.join(".").slice(0, 100) || "it";
        throw new Fault(
          "skill.failed",
          `${name} gave back what it does not declare: ${where} does not fit. Nothing of it is used.`,
        );
      },
    });
  });
}
