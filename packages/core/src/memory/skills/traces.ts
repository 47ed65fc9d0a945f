import { memoryTraces } from "@mh/contract/memory-traces.ts";
import type { Tombstone } from "@mh/contract/values/memory.ts";
import { idNamed, type Named } from "../../kernel/short-id.ts";
import { defineQuery } from "../../kernel/skill.ts";
import { type LookDeps, lookForTraces } from "../traces/find-traces.ts";

/** Looks through the whole home for what one memory said before it was forgotten. */
export function tracesSkill(deps: LookDeps & { pause: () => Promise<void> }) {
  return defineQuery(memoryTraces, {
    async run({ id: named }, { db, signal, progress }) {
      const id = idNamed(db, tombstones, named);
      const { line } = db.prepare("SELECT line FROM tombstones WHERE id = ?").get(id) as { line: string };
      const { marks } = JSON.parse(line) as Tombstone;
      const steps = lookForTraces(deps, marks ? [{ id, marks }] : []);
      let step = steps.next();
      for (let count = 1; !step.done; count += 1) {
        if (count % 20 === 0) {
          progress({ done: count, unit: "files", note: step.value });
          await deps.pause();
          signal.throwIfAborted();
        }
        step = steps.next();
      }
      const { files, traces, unread } = step.value;
      return {
        ...{ id, files, unread },
        canTell: canTell(marks),
        traces: traces.map(({ id: _, ...trace }) => trace),
      };
    },
  });
}

function canTell(marks: Tombstone["marks"]): "yes" | "short" | "unmarked" {
  if (!marks) return "unmarked";
  return marks.length === 0 ? "short" : "yes";
}

const tombstones: Named = {
  from: "tombstones",
  column: "id",
  code: "memory.not-found",
  one: "forgotten memory",
  many: "forgotten memories",
  list: "mh history",
};
