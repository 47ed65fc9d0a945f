import { type AnyContract, onlyReads } from "@mh/contract/contract.ts";
import { jsonSchemaOf } from "@mh/contract/json-schema.ts";
import { type SkillTool, toolList } from "@mh/contract/tools.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineQuery } from "../kernel/skill.ts";

export interface ToolDeps extends Pick<GoverningParts, "isRefused"> {
  registry: Registry;
}

/** What whoever asks may use or ask for. Nothing of what is stored is in it. */
export function listToolsSkill({ registry, isRefused }: ToolDeps) {
  return defineQuery(toolList, {
    run: (_args, { principal }) => ({
      tools: registry
        .all()
        .map(({ contract }) => contract)
        // A step is nobody's to call.
        .filter(({ name, stepOf }) => name !== toolList.name && !stepOf && !isRefused(principal, name))
        .map(viewOf)
        .sort((a, b) => (a.skill < b.skill ? -1 : 1)),
    }),
  });
}

function viewOf(contract: AnyContract): SkillTool {
  const { name, title, kind, effects, undo, retry } = contract;
  return {
    ...{ skill: name, title, kind, effects: [...effects], reads: onlyReads(contract), undo },
    repeatable: retry === "safe",
    // What zod makes of a schema is JSON.
    input: jsonSchemaOf(contract.input) as SkillTool["input"],
    output: jsonSchemaOf(contract.output, "output") as SkillTool["output"],
  };
}
