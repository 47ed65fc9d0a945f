import { audioNote } from "@mh/contract/audio.ts";
import type { ArgsOf } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type AudioDeps, ingestAudioSkill, nextAudioSkill } from "@mh/core/audio/ingest.ts";
import { listAudioSkill, noteAudioSkill } from "@mh/core/audio/note.ts";
import { audioSettings } from "@mh/core/audio/settings.ts";
import { defineFeature } from "@mh/core/feature.ts";
import type { CommandContext } from "@mh/core/kernel/skill.ts";
import { whyNotDone } from "@mh/core/kernel/why-not-done.ts";
import { checkByCommand } from "@mh/core/memory/hand-written.ts";
import { loadExtractor } from "@mh/core/memory/language.ts";
import type { HomeParts } from "./home-parts.ts";
import { type OutsideParts, outsideSkill } from "./outside-parts.ts";

/** Recordings: taken in by name or from an inbox, and transcribed by the server that the settings name. */
export const audioFeature = defineFeature<HomeParts>({
  name: "audio",
  settings: [audioSettings],
  install(parts) {
    const { act } = parts;
    const note = async (args: ArgsOf<typeof audioNote>, { principal, commandId }: CommandContext) => {
      const outcome = await act({ principal, skill: audioNote.name, args, cause: commandId });
      if (outcome.status === "done") return (outcome.value as { id: string | null }).id;
      throw new Fault("audio.failed", `How the recording stands was not kept: ${whyNotDone(outcome)}`);
    };
    const audio = (given: OutsideParts): AudioDeps => ({
      ...{ ...given, note },
      async serverOf(server) {
        const { openAiTranscriber } = await import("../audio/openai-transcriber.ts");
        const key = server.secret === undefined ? undefined : (await given.secrets.read(server.secret)).trim();
        return openAiTranscriber(given.http, server, key);
      },
    });
    return {
      skills: [
        noteAudioSkill({ ...parts, extractor: loadExtractor }),
        listAudioSkill(checkByCommand(parts)),
        outsideSkill(parts, (given) => ingestAudioSkill(audio(given))),
        outsideSkill(parts, (given) => nextAudioSkill(audio(given))),
      ],
    };
  },
});
