import type { Entity, EventTime } from "@mh/contract/values/memory.ts";
import { loadDates } from "./dates.ts";
import { entitiesOf } from "./entities.ts";
import { readKnown } from "./known-names.ts";
import { loadNames } from "./names.ts";
import { tagsOf } from "./tags.ts";
import { tokensOf } from "./tokens.ts";

export type ExtractContext = {
  /** What "yesterday" in the text counts from. */
  at: Date;
  /** The owner's time zone, an IANA name. */
  timeZone: string;
  /** Names of people already known. Hand in the same array again: it is read once. */
  known: readonly string[];
  speaker?: string;
};
export type Extract = (
  text: string,
  context: ExtractContext,
) => { entities: Entity[]; tags: string[]; eventAt: EventTime[] };

const charactersMax = 65_536;

/**
 * Loads the language libraries (some 150 ms, so call it where texts come in, not at start) and gives the extractor:
 * synchronous, pure, never throwing on any text. It reads the first 65,536 characters of a text and ignores the rest.
 */
export async function loadExtractor(): Promise<Extract> {
  const [names, dates] = await Promise.all([loadNames(), loadDates()]);
  return (text, { at, timeZone, known, speaker }) => {
    const read = text.slice(0, charactersMax).toWellFormed();
    const tokens = tokensOf(read);
    const people = readKnown(known);
    const entities = entitiesOf(read, tokens, people, names);
    return {
      entities: entities.filter(({ name }) => name !== speaker),
      tags: tagsOf(read, tokens),
      eventAt: dates(read, at, timeZone),
    };
  };
}
