import { taskSpot } from "@mh/contract/tasks.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwnWords } from "../facts/spot.ts";
import { defineQuery } from "../kernel/skill.ts";
import type { CheckMemory } from "../memory/skills/read.ts";
import { tasksTitled } from "./documents.ts";
import { loadToDos, mayHaveToDos } from "./to-dos/to-dos.ts";

interface Deps {
  timeZone: () => string;
  check: CheckMemory;
}

/** What the owner's own words say is to be done: open boxes, TODO, "I have to …". What others wrote is read by nobody here. */
export function spotTasksSkill({ timeZone, check }: Deps) {
  return defineQuery(taskSpot, {
    async run({ from, to, limit }, { db }) {
      const sql = `SELECT record FROM memories WHERE kind = 'episodic' AND at_ms >= ? AND at_ms < ? AND speaker IS NULL
        AND archived = 0 ORDER BY at_ms DESC, id DESC LIMIT ?`;
      const rows = db.prepare(sql).all(Date.parse(from), Date.parse(to), limit) as { record: string }[];
      const records = rows.map(({ record }) => JSON.parse(record) as MemoryRecord);
      const own = records.filter((record) => isOwnWords(record) && mayHaveToDos(record.content)).reverse();
      if (own.length === 0) return { found: [] };
      for (const each of own) check(db, each);
      const read = await loadToDos();
      const found = own.flatMap(({ id, at, content }) =>
        read(content, { at: new Date(at), timeZone: timeZone() }).map(({ kind: _, ...toDo }) => ({
          ...{ ...toDo, memory: id, at },
          task: tasksTitled(db, toDo.title)[0]?.id ?? null,
        })),
      );
      return { found };
    },
  });
}
