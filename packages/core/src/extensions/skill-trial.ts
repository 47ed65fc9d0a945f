import { Fault } from "@mh/contract/values/fault.ts";
import { canonical } from "../model/canonical.ts";
import type { Tree } from "./package-tree.ts";
import type { SkillManifest } from "./skill-manifest.ts";
import { untrustedSchema } from "./untrusted-schema.ts";

/** One script of a package that is not in force, in a sandbox in which it reaches nothing and nobody. */
export interface TrialJob {
  tree: Tree;
  manifest: SkillManifest;
  /** Its path in the package. */
  file: string;
  /** What it is run with; left out, it is only loaded. */
  args?: Record<string, unknown>;
  signal: AbortSignal;
}

/** Gives what the script gave back. Throws `skill.failed`, `sandbox.missing`, `stopped`. */
export type TryScript = (job: TrialJob) => Promise<unknown>;

/**
 * Tries a version that is to take the place of another: each of its scripts is loaded, and run where its manifest says with
 * what. Throws `skill.refused` where one fails, or gives what it does not declare.
 */
export async function tryPackage(
  tryScript: TryScript,
  { tree, manifest, signal }: Pick<TrialJob, "tree" | "manifest" | "signal">,
): Promise<void> {
  const scripts = Object.entries(manifest.mh?.scripts ?? {});
  const loaded = new Set<string>();
  for (const [verb, { file, trial, output }] of scripts) {
    if (!trial && loaded.has(file)) continue;
    loaded.add(file);
    const name = `${manifest.name}.${verb}`;
    const value = await asRefusal(manifest, () =>
      tryScript({ tree, manifest, file, signal, ...(trial && { args: trial.input }) }),
    );
    if (!trial) continue;
    if (!untrustedSchema(output, `The output of ${name}`).safeParse(value).success)
      throw failed(manifest, `${name} gave back what it does not declare`);
    if (trial.output !== undefined && canonical(trial.output) !== canonical(value))
      throw failed(manifest, `${name} did not give back what its trial says`);
  }
}

async function asRefusal<T>(manifest: SkillManifest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "skill.failed") throw error;
    throw failed(manifest, error.message.replace(/\.$/, ""));
  }
}

function failed({ name, mh }: SkillManifest, why: string): Fault {
  const what = `Version ${mh?.version} of ${name} was tried and failed: ${why}.`;
  return new Fault("skill.refused", `${what} Nothing was changed: what you allowed before stays.`);
}
