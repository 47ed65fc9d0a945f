import { Fault } from "@mh/contract/values/fault.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { noteDocuments } from "../documents/notes.ts";
import { aboutSkill } from "../facts/about.ts";
import { reachSkill } from "../facts/reach.ts";
import { type WhyDeps, whySkill } from "../facts/why.ts";
import { defineFeature, type FeatureParts } from "../feature.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Run } from "../kernel/run.ts";
import type { LineCodec } from "../ports/line-codec.ts";
import type { Timers } from "../ports/timers.ts";
import { checkByCommand } from "./hand-written.ts";
import { loadExtractor } from "./language.ts";
import { checkOf } from "./project.ts";
import type { WordVectors } from "./search/word-vectors.ts";
import { memorySettings } from "./settings.ts";
import { archiveSkill, spotArchivableSkill, unarchiveSkill } from "./skills/archive.ts";
import { captureSkill } from "./skills/capture.ts";
import { consolidateSkill, proposeSkill } from "./skills/consolidate.ts";
import { editSkill } from "./skills/edit.ts";
import { embedMemoriesSkill } from "./skills/embed.ts";
import { evidenceSkill } from "./skills/evidence.ts";
import { fileSkill } from "./skills/file.ts";
import { forgetSkill } from "./skills/forget.ts";
import { importSkill } from "./skills/import.ts";
import { showRelationshipsSkill, statsSkill, timelineSkill } from "./skills/look.ts";
import { mapSkill } from "./skills/map.ts";
import { learnSkill, preferSkill } from "./skills/note.ts";
import { askSkill, find, listSkill, peopleSkill, searchSkill, showSkill } from "./skills/read.ts";
import { redateSkill } from "./skills/redate.ts";
import { tracesSkill } from "./skills/traces.ts";
import { vouchSkill, waitingLines } from "./skills/vouch.ts";
import { BackOff } from "./vectors/back-off.ts";
import { isBehind } from "./vectors/backfill.ts";
import { QuestionMeanings } from "./vectors/question-meaning.ts";
import { type VectorFile, Vectors } from "./vectors/vectors.ts";

/** What memory is given beside what every feature is: the gate, for the embedder, and where vectors lie. */
export interface MemoryParts extends FeatureParts {
  act: (command: Command) => Promise<Outcome>;
  begin: (command: Command) => Run;
  check: Kernel["check"];
  timers: Timers;
  /** Lets everything else have its turn. */
  pause: () => Promise<void>;
  vectorFile: VectorFile;
  /** Of an encrypted home: opens what its log says. */
  sealer: LineCodec | undefined;
  /** Vectors of words that come with mh; read at the first call. */
  wordVectors: () => Promise<WordVectors>;
  onForgotten: Set<(memory: string) => void>;
  use: <T extends AsyncDisposable>(resource: T) => T;
}

/** What the owner tells and takes in: captured, imported, found, corrected, forgotten. */
export const memoryFeature = defineFeature<MemoryParts>({
  name: "memory",
  settings: [memorySettings],
  documents: ({ crypto }) => noteDocuments(crypto),
  install(parts) {
    const { act, clock, config, crypto, reader, timeZone, vectorFile: file } = parts;
    const vectors = parts.use(new Vectors({ file, crypto, pause: parts.pause }));
    const meanings = new QuestionMeanings({ ...parts, vectors });
    const backOff = new BackOff(clock);
    const isDue = () => backOff.mayTry() && isBehind(vectors, reader, config());
    parts.onForgotten.add((memory) => {
      meanings.forget();
      vectors.forget(memory);
    });
    const memory = { ...parts, extractor: loadExtractor };
    const checkRow = (record: string, sum: string) => {
      if (checkOf(crypto, record) === sum) return;
      throw new Fault("index.damaged", "The index does not match what was written.");
    };
    const checkMemory = checkByCommand(parts);
    const search = {
      timeZone,
      checkRow,
      checkMemory,
      meanings,
      wordVectors: parts.wordVectors,
    };
    const why = {
      ...parts,
      check: checkMemory,
      find: (...asked: Parameters<WhyDeps["find"]>) => find(search, ...asked),
    };
    return {
      skills: [
        captureSkill(memory),
        importSkill(memory),
        fileSkill(memory),
        editSkill(memory),
        forgetSkill(memory),
        archiveSkill(memory),
        unarchiveSkill(memory),
        spotArchivableSkill(parts),
        searchSkill(search),
        askSkill(search),
        listSkill(checkMemory),
        showSkill(checkMemory),
        whySkill(why),
        evidenceSkill(why),
        aboutSkill({ ...parts, check: checkMemory }),
        reachSkill({ ...parts, check: checkMemory }),
        peopleSkill(parts),
        showRelationshipsSkill(parts),
        timelineSkill(),
        mapSkill(),
        statsSkill(),
        learnSkill(parts),
        preferSkill(parts),
        proposeSkill(),
        consolidateSkill(memory),
        tracesSkill(parts),
        vouchSkill(parts),
        redateSkill(memory),
        embedMemoriesSkill({ vectors, act, reader, backOff }),
      ],
      maintenance: [{ skill: "memory.embed", everyMs: 15_000, isDue }],
      waits: [waitingLines],
    };
  },
});
