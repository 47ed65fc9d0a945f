import { defineFeature } from "../feature.ts";
import { checkByCommand } from "../memory/hand-written.ts";
import { loadWhen } from "../memory/language.ts";
import { taskDocuments } from "./documents.ts";
import { countTasksSkill, listTasksSkill, showTaskSkill } from "./task-read.ts";
import { spotTasksSkill } from "./task-spot.ts";
import { taskTables } from "./task-table.ts";
import { addTaskSkill, editTaskSkill, taskStatusSkills } from "./task-write.ts";

/** What is to be done, one Markdown file each. */
export const tasksFeature = defineFeature({
  name: "tasks",
  tables: [taskTables],
  documents: ({ crypto }) => [taskDocuments(crypto)],
  install(parts) {
    const tasks = { ...parts, readWhen: loadWhen };
    return {
      skills: [
        addTaskSkill(tasks),
        editTaskSkill(tasks),
        ...taskStatusSkills(tasks),
        listTasksSkill(parts),
        countTasksSkill(parts),
        showTaskSkill(parts),
        spotTasksSkill({ ...parts, check: checkByCommand(parts) }),
      ],
    };
  },
});
