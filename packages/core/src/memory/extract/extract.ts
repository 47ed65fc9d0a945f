import type { Entity, EventTime } from "@mh/contract/values/memory.ts";
import { loadDates, mayNameTimes } from "./dates.ts";
import { entitiesOf } from "./entities.ts";
import { readKnown } from "./known-names.ts";
import { loadNames, type Names } from "./names.ts";
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

/** A text that an extractor is for. */
export type Only = { text: string; known: readonly string[] };

/**
 * Loads the language libraries (some 150 ms, so call it where texts come in, not at start) and gives the extractor:
 * synchronous, pure, never throwing on any text. It reads the first 65,536 characters of a text (for times the
 * first 32,768) and ignores the rest.
 * With `only`, it is for that one text alone, and what that text does not ask is not loaded.
 */
export async function loadExtractor(only?: Only): Promise<Extract> {
  const [names, dates] = await Promise.all([
    only && !asksForNames(only) ? unasked : loadNames(),
    only && !mayNameTimes(readable(only.text)) ? () => [] : loadDates(),
  ]);
  return (text, { at, timeZone, known, speaker }) => {
    const read = readable(text);
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

const readable = (text: string): string => text.slice(0, charactersMax).toWellFormed();

/** Whether the dictionary makes a difference to this text: it is read without one, and seen whether it asks. */
function asksForNames({ text, known }: Only): boolean {
  const read = readable(text);
  try {
    entitiesOf(read, tokensOf(read), readKnown(known), unasked);
    return false;
  } catch (error) {
    if (error instanceof Asked) return true;
    throw error;
  }
}

class Asked extends Error {}

function asked(): never {
  throw new Asked("The dictionary was asked.");
}

const unasked: Names = { kindOf: asked, isName: asked, isFirstName: asked, isWord: asked, nounsAfter: asked };
