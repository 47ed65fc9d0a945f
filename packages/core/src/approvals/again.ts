import { approvalAgain } from "@mh/contract/approvals.ts";
import type { Parked } from "@mh/contract/values/approval.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { skillName } from "../kernel/registry.ts";
import { defineOutside } from "../kernel/skill.ts";
import { typedAnew } from "./typed-anew.ts";

export interface AgainDeps {
  /** The whole parked command. Throws where there is none, or its payload was lost. */
  parkedUnder: (id: string) => Parked;
  act: (command: Command) => Promise<Outcome>;
  newId: () => string;
}

/**
 * Makes a new command of one that was parked: the same, because its request has expired, or with arguments that the owner
 * changed. It is the same principal's, in the same task, and is judged anew. What the owner typed into it are their words.
 */
export function askAgainSkill({ parkedUnder, act, newId }: AgainDeps) {
  return defineOutside(approvalAgain, {
    stored: "kept",
    async run({ id, args }) {
      const { principal, onBehalfOf, skill, args: before, task, cause } = parkedUnder(id);
      const typed = args === undefined ? [] : typedAnew(before, args);
      const words = [task?.words ?? "", ...typed].filter(Boolean).join("\n");
      const command: Command & { id: string } = {
        ...{ id: newId(), principal, skill: skillName(skill), args: args ?? before },
        ...(onBehalfOf && { onBehalfOf }),
        ...(cause && { cause }),
        ...((task || typed.length > 0) && { task: { ...(task ?? { id: newId() }), words } }),
      };
      const outcome = await act(command);
      return {
        command: command.id,
        status: outcome.status,
        ...(outcome.status === "parked" && { approval: outcome.approval }),
        ...(outcome.status !== "done" && { reason: sayingOf(outcome) }),
      };
    },
  });
}

function sayingOf(outcome: Exclude<Outcome, { status: "done" }>): string {
  if (outcome.status === "failed") return outcome.fault.message;
  return outcome.status === "denied" || outcome.status === "parked" ? outcome.reason : outcome.message;
}
