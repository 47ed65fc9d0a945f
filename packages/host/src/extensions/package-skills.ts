import { Fault } from "@mh/contract/values/fault.ts";
import { extensionRows } from "@mh/core/extensions/extensions-table.ts";
import { browseSkillPackagesSkill, readSkillPackageSkill } from "@mh/core/extensions/read-skill-package.ts";
import { type ScriptJob, scriptSkills } from "@mh/core/extensions/script-skill.ts";
import {
  addSkillPackageSkill,
  allowSkillPackageSkill,
  backSkillPackageSkill,
  fetchSkillPackageSkill,
  listSkillPackagesSkill,
  removeSkillPackageSkill,
  showSkillPackageSkill,
  waitingPackages,
} from "@mh/core/extensions/skill-package.ts";
import type { TrialJob } from "@mh/core/extensions/skill-trial.ts";
import { Staging } from "@mh/core/extensions/staging.ts";
import type { WaitingSource } from "@mh/core/feature.ts";
import type { Registry } from "@mh/core/kernel/registry.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Executor } from "@mh/core/ports/executor.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";
import { registered } from "./registered.ts";
import type { ScriptDeps } from "./run-script.ts";

interface PackageParts {
  root: string;
  closed: ClosedPlaces;
  executor: Executor;
  files: Files;
  crypto: Crypto;
  clock: Clock;
  registry: Registry;
  reader: Database;
  http: Http;
  environment: Record<string, string | undefined>;
  readObject: (name: string) => string | undefined;
  begin: ScriptDeps["begin"];
}

/** Each is a process; a script may call others, and itself, many times over. Waiting for one another they would stand still. */
const scriptsMax = 8;

/**
 * The skills by which the owner rules packages of others, and `register`, which makes those that are allowed usable.
 */
export function packageSkills(parts: PackageParts): { skills: Skill[]; register: () => void; waits: WaitingSource } {
  const { executor, files, crypto, registry, reader, readObject, begin } = parts;
  let names: string[] = [];
  let running = 0;
  const run = async (job: ScriptJob) => {
    if (running >= scriptsMax)
      throw new Fault("skill.failed", `${scriptsMax} scripts run already, so this one did not begin. Try again later.`);
    running += 1;
    try {
      const { runScript } = await import("./run-script.ts");
      return await runScript({ executor, files, crypto, begin }, job);
    } finally {
      running -= 1;
    }
  };
  const register = () => {
    for (const name of names) registry.remove(name);
    names = extensionRows(reader, "skill").flatMap((row) =>
      registered(registry, row.name, () => scriptSkills(row, run)),
    );
  };
  const deps = {
    ...{ files, crypto, registry, reader, readObject, changed: register },
    staging: new Staging(files, parts.clock, crypto),
    // One after the other: a trial stands in nobody's way.
    tryScript: async (job: TrialJob) => (await import("./run-script.ts")).tryScript(executor, job),
    obtain: async (source: string, signal: AbortSignal) =>
      (await import("./obtain-package.ts")).obtainPackage(parts, source, signal),
  };
  const skills = [
    listSkillPackagesSkill(deps),
    showSkillPackageSkill(deps),
    browseSkillPackagesSkill(),
    readSkillPackageSkill(deps),
    fetchSkillPackageSkill(deps),
    addSkillPackageSkill(deps),
    allowSkillPackageSkill(deps),
    backSkillPackageSkill(deps),
    removeSkillPackageSkill(deps),
  ];
  return { skills, register, waits: waitingPackages(deps) };
}
