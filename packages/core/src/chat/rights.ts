import type { AnyContract } from "@mh/contract/contract.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Registry } from "../kernel/registry.ts";
import { chatPrincipal } from "./chats-table.ts";

/**
 * What every turn may use: to look things up, to propose, to plan. Nothing of it leaves the home, and all of it can be undone.
 * What the owner says is kept anyhow; what the planner would have remembered waits for a review (K7).
 */
export const usualSkills = [
  ...["memory.search", "memory.list", "memory.show", "memory.timeline", "relationship.list", "proposal.make"],
  ...["task.list", "task.show", "task.add", "persona.query", "plan.propose", "chat.tools"],
] as const;

/** To read instructions that the owner allowed: offered where there are any. */
export const instructionSkills = ["skill.browse", "skill.read"] as const;

/** To decide as the owner's own command does: offered where their words ask for it. It chooses, and does nothing. */
export const decidingSkill = "decision.make";

/** Of those domains, what is open: agents that the owner allowed work for it, with its rights and theirs. */
const open = ["chat.tools", "agent.list", "agent.delegate"];

/** Whole domains that are the owner's: what is said as them, to models, with keys, and by others. */
const closed = [
  "chat",
  "llm",
  "model",
  "secret",
  "agent",
  "approval",
  "grant",
  "device",
  "client",
  "channel",
  "kernel",
];

/** Models elsewhere are asked as the chat, by its turn: for the planner that is no tool. */
export const askingSkill = "llm.generate";

/** Whether the planner may ask for a skill at all. */
export const isForChat = ({ name, kind }: Pick<AnyContract, "name" | "kind">): boolean =>
  open.includes(name) || (kind !== "admin" && !closed.includes(name.split(".", 1)[0] ?? ""));

/** What the planner declares; undefined for everybody else. */
export function chatMay(principal: Principal, registry: Registry): readonly string[] | undefined {
  if (principal !== chatPrincipal) return undefined;
  const names = registry
    .all()
    .map(({ contract }) => contract)
    .filter((contract) => isForChat(contract) || contract.name === askingSkill)
    .map(({ name }) => name);
  // Its searches have vectors made of what is asked, as commands of the same name.
  return [...names, "llm.embed"];
}
