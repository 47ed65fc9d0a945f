import { Fault } from "@mh/contract/values/fault.ts";
import { noteDocuments } from "../documents/notes.ts";
import { defineFeature } from "../feature.ts";
import { checkByCommand } from "./hand-written.ts";
import { loadExtractor } from "./language.ts";
import { checkOf } from "./project.ts";
import { captureSkill } from "./skills/capture.ts";
import { consolidateSkill, proposeSkill } from "./skills/consolidate.ts";
import { editSkill } from "./skills/edit.ts";
import { forgetSkill } from "./skills/forget.ts";
import { importSkill } from "./skills/import.ts";
import { showRelationshipsSkill, statsSkill, timelineSkill } from "./skills/look.ts";
import { learnSkill, preferSkill } from "./skills/note.ts";
import { askSkill, listSkill, peopleSkill, searchSkill, showSkill } from "./skills/read.ts";
import { vouchSkill, waitingLines } from "./skills/vouch.ts";

/** What the owner tells and takes in: captured, imported, found, corrected, forgotten. */
export const memoryFeature = defineFeature({
  name: "memory",
  documents: ({ crypto }) => noteDocuments(crypto),
  install(parts) {
    const { crypto, timeZone } = parts;
    const memory = { ...parts, extractor: loadExtractor };
    const checkRow = (record: string, sum: string) => {
      if (checkOf(crypto, record) === sum) return;
      throw new Fault("index.damaged", "The index does not match what was written.");
    };
    const checkMemory = checkByCommand(parts);
    const search = { extractor: loadExtractor, timeZone, checkRow, checkMemory };
    return {
      skills: [
        captureSkill(memory),
        importSkill(memory),
        editSkill(memory),
        forgetSkill(memory),
        searchSkill(search),
        askSkill(search),
        listSkill(checkMemory),
        showSkill(checkMemory),
        peopleSkill(),
        showRelationshipsSkill(),
        timelineSkill(),
        statsSkill(),
        learnSkill(parts),
        preferSkill(parts),
        proposeSkill(),
        consolidateSkill(memory),
        vouchSkill(parts),
      ],
      waits: [waitingLines],
    };
  },
});
