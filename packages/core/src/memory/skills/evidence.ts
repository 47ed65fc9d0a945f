import { memoryEvidence } from "@mh/contract/memory-look.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import { noteFolders } from "../../documents/notes.ts";
import { tellingWords } from "../../facts/claim-words.ts";
import { sidesOf, type WhyDeps } from "../../facts/why.ts";
import { defineQuery } from "../../kernel/skill.ts";
import { localDay } from "../../model/wall-clock.ts";
import type { Database } from "../../ports/database.ts";
import { memoryRow } from "../project.ts";
import { memory } from "../store.ts";

const textCharsMax = 200;

/**
 * What a note rests on: the proposal and the memories that it was learned from, as far as they are still there, and the owner's
 * own memories that say it held, or that it did not. As with a claim, sentences are compared by their words.
 */
export function evidenceSkill(deps: WhyDeps) {
  return defineQuery(memoryEvidence, {
    async run({ id }, context) {
      const { db } = context;
      const note = memory(db, id);
      deps.check(db, note);
      if (!(note.kind in noteFolders))
        throw new Fault("args.invalid", `${note.id} is ${note.kind}: \`mh why\` says where it came from.`);
      const linked = (type: string) => note.links.filter((link) => link.type === type).map(({ to }) => to);
      const [proposal] = linked("proposal").flatMap((to) => live(deps, db, to));
      const sources = linked("source").flatMap((to) => live(deps, db, to));
      const words = tellingWords(claimOf(note));
      const told = await sidesOf(deps, claimOf(note), context);
      // A single word stands in many a sentence that is about something else.
      const own = (side: "for" | "against") =>
        told[side].filter(
          ({ kind, quote, speaker, origins }) =>
            kind === "memory" &&
            isOwn({ speaker, origins }) &&
            (words.size > 1 || tellingWords(quote).size === words.size),
        );
      const held = [...new Map([...sources.filter(isOwn), ...own("for")].map((each) => [each.id, each])).values()];
      const times = held.map(({ at }) => at).sort();
      return {
        id: note.id,
        proposal: proposal?.proposal
          ? { id: proposal.id, at: proposal.at, why: proposal.proposal.why, by: proposal.origins }
          : null,
        decision: note.tags.map((tag) => /^decision-(.+)$/.exec(tag)?.[1]).find(Boolean) ?? null,
        sources: sources.map((each) => restOf(each, each.content)),
        lost: linked("source").length - sources.length,
        days: new Set(times.map((at) => localDay(Date.parse(at), deps.timeZone()))).size,
        last: times.at(-1) ?? null,
        against: own("against").map((each) => restOf(each, each.quote)),
      };
    },
  });
}

function live(deps: WhyDeps, db: Database, id: string): MemoryRecord[] {
  const row = memoryRow(db, id);
  if (!row) return [];
  const record = JSON.parse(row.record) as MemoryRecord;
  deps.check(db, record);
  return [record];
}

/** Its title or first line; numbers in it differ from time to time. */
const claimOf = ({ content }: MemoryRecord): string => (content.split("\n", 1)[0] ?? "").replace(/\d+/g, " ").trim();

const isOwn = ({ speaker, origins }: { speaker?: string | undefined; origins: readonly string[] }): boolean =>
  speaker === undefined && origins.every((origin) => isOwner(origin as Principal));

function restOf({ id, at, datedBy }: Pick<MemoryRecord, "id" | "at" | "datedBy">, text: string) {
  const said = text.replace(/\s+/g, " ").trim().slice(0, textCharsMax).toWellFormed();
  return { id, at, ...(datedBy && { datedBy }), text: said };
}
