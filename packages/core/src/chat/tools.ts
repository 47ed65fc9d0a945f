import { chatTools } from "@mh/contract/chat.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineQuery } from "../kernel/skill.ts";

/** Finds skills by words of what is needed. The turn that asked offers them to the model from then on. */
export function chatToolsSkill({ registry }: { registry: Registry }) {
  return defineQuery(chatTools, {
    async run({ need, limit }) {
      const { toolsFor } = await import("./turn-tools.ts");
      return { tools: toolsFor(registry, need, limit).map(({ contract: { name, title } }) => ({ name, title })) };
    },
  });
}
