import { audioList, audioNote } from "@mh/contract/audio.ts";
import type { ArgsOf } from "@mh/contract/contract.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { defineOwn, defineQuery, type OwnContext } from "../kernel/skill.ts";
import { type CaptureDeps, knownPeople } from "../memory/skills/capture.ts";
import type { CheckMemory } from "../memory/skills/read.ts";
import { type Draft, type Extracted, store, wasForgotten } from "../memory/store.ts";
import { audioSource, nameOf, recordingCounts, recordingOf, recordingsIn } from "./recordings.ts";
import { audioSettings, serverIn, whyNoServer } from "./settings.ts";

/**
 * Writes how a recording stands. Its text is what was heard: not the owner's words, also where the owner asked for it. What
 * was forgotten is not taken in again, and what is done stays as it is.
 */
export function noteAudioSkill(deps: CaptureDeps) {
  return defineOwn(audioNote, {
    stored: "kept",
    async prepare({ recording, text }, { db }): Promise<Extracted> {
      if (text === undefined) return { entities: [], tags: [], eventAt: [] };
      const known = knownPeople(db);
      const extract = await deps.extractor({ text, known });
      const at = new Date(recording.changedAt ?? deps.clock.now());
      return extract(text, { at, timeZone: deps.timeZone(), known });
    },
    apply(args, context, found: Extracted) {
      const { db } = context.tx;
      const { sha256, status } = args.recording;
      if (wasForgotten(db, audioSource, sha256)) return { id: null, status: "failed" as const };
      const earlier = recordingOf(db, sha256);
      if (earlier?.recording.status === "done") return { id: earlier.id, status: "done" as const };
      return { id: store(context.tx, deps, context.commandId, draftOf(args, context, found), earlier).id, status };
    },
  });
}

function draftOf(
  { recording, text }: ArgsOf<typeof audioNote>,
  { principal, now, origins }: OwnContext,
  found: Extracted,
): Draft {
  const { path, sha256, changedAt, status, reason } = recording;
  const name = nameOf(path);
  const stands =
    status === "waiting" ? `waits to be transcribed${reason ? `: ${reason}` : ""}` : `was not transcribed: ${reason}`;
  return {
    kind: text === undefined ? "artifact" : "episodic",
    content: text ?? `${name} ${stands}`,
    at: new Date(changedAt ?? now).toISOString(),
    datedBy: changedAt === undefined ? "import" : "file",
    ...{ source: audioSource, externalId: sha256, links: [], recording },
    ...{ entities: found.entities, eventAt: found.eventAt, tags: [...new Set(["transcribed", ...found.tags])] },
    origins: [`audio:${name.slice(0, 200).toWellFormed()}`, ...(isOwner(principal) ? [] : origins)],
  };
}

const textCharsShown = 300;

/** What was taken in and how it stands, with what the settings say of the server. */
export function listAudioSkill(check: CheckMemory) {
  return defineQuery(audioList, {
    run({ status, limit }, { db, config }) {
      const found = recordingsIn(db, limit, status);
      for (const each of found) check(db, each);
      const recordings = found.map(({ id, at, content, origins, recording: { segments: _, ...recording } }) => ({
        ...{ id, at, origins, recording },
        text: content.slice(0, textCharsShown).toWellFormed(),
      }));
      const { url, inbox } = audioSettings.of(config);
      const host = url === undefined ? null : new URL(url).hostname;
      const off = serverIn(config) ? null : (whyNoServer(config) ?? null);
      return { recordings, counts: recordingCounts(db), server: { host, off, inbox: inbox ?? null } };
    },
  });
}
