import { decisionHeld } from "@mh/contract/decision.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { defineQuery } from "../kernel/skill.ts";
import { memory } from "../memory/store.ts";
import { answeredRows, pastMost } from "./decisions-table.ts";
import { type Reading, type Words, wordsOf } from "./words.ts";

/** In which of the decisions that the owner answered a preference spoke, and whether the owner took what it spoke for. */
export function heldSkill(deps: Reading) {
  return defineQuery(decisionHeld, {
    run({ preference }, { db, principal }) {
      const { id } = memory(db, preference);
      const rows = answeredRows(db, pastMost).filter((row) => isOwner(principal) || row.principal === principal);
      const decisions = rows.flatMap((row) => {
        const words = wordsOf(deps, row);
        const taken = words?.options[row.answer ?? -1];
        const isHeld = words && taken && holdsIn(words, taken, `preference:${id}`);
        if (isHeld === undefined) return [];
        return [
          { id: row.id, at: new Date(row.answered_ms ?? row.ms).toISOString(), chosen: taken?.name ?? "", isHeld },
        ];
      });
      return { decisions };
    },
  });
}

/** Undefined where it said nothing of any option, or the same of all. */
function holdsIn({ options }: Words, taken: Words["options"][number], name: string): boolean | undefined {
  const partOf = ({ parts }: Words["options"][number]) => parts.find((part) => part.name === name)?.value ?? 0;
  const values = options.map(partOf);
  const most = Math.max(...values);
  return Math.min(...values) === most ? undefined : partOf(taken) === most;
}
