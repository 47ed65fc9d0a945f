import type { Database } from "../../ports/database.ts";
import type { Ended, Found, ImportContext } from "./found.ts";
import type { Source, Step, Vault } from "./source.ts";
import { partsKnown, type VaultPart } from "./vault.ts";

type Known = { id: string; externalId: string; body: string; content: string };
type Item = Extract<Found, { item: unknown }>;

/** A memory whose note is gone, or no longer says it. */
export type Gone = { id: string; where: string };

/**
 * The steps of an import, with each note's sections compared to what is known of that note: one whose words stand elsewhere
 * now is followed there (`formerly`), and what is left over is gone.
 */
export class Followed {
  readonly gone: Gone[] = [];
  readonly #db: Database;
  readonly #sha256Hex: ImportContext["sha256Hex"];
  /** By what they say: memories whose place is empty. */
  readonly #homeless = new Map<string, Known[]>();
  #parts: VaultPart[] = [];

  constructor(db: Database, sha256Hex: ImportContext["sha256Hex"]) {
    this.#db = db;
    this.#sha256Hex = sha256Hex;
  }

  async *steps(source: Source): AsyncGenerator<Step> {
    const { vault } = source;
    if (vault === undefined) return yield* source.found();
    this.#parts = await partsKnown(this.#db, vault);
    for (const { source: known, place } of this.#emptyPlaces(vault)) this.#leave(this.#ofPlace(known, place));
    let held: Step[] = [];
    for await (const step of source.found()) {
      const isNote = "item" in step.each && step.each.item.source === vault.source;
      if (isNote) held.push({ ...step, each: this.#placed(step.each as Item) });
      else {
        if (!("end" in step.each)) {
          yield step;
          continue;
        }
        if (held.length === 0 && isLeft(step)) this.#leaveAt(step.each.where);
        const isWhole = held.length === 0 || this.#compare(held);
        yield* held;
        held = [];
        yield isWhole ? step : withoutStamp(step, step.each);
      }
    }
    for (const left of this.#homeless.values())
      for (const { id, externalId } of left) this.gone.push({ id, where: externalId });
  }

  /** What the folder's notes are filed under: another name than its own where the vault was known. */
  get source(): string | undefined {
    return this.#parts.at(-1)?.source;
  }

  /** Places where a note was, and none is now. */
  #emptyPlaces({ places, isWhole }: Vault): { source: string; place: string }[] {
    if (!isWhole) return [];
    const sessions = this.#db.prepare(
      "SELECT DISTINCT session FROM memories WHERE source = ? AND external_id IS NOT NULL AND session IS NOT NULL",
    );
    return this.#parts.flatMap(({ source, below, within }) =>
      (sessions.all(source) as { session: string }[])
        .map(({ session: place }) => ({ source, place }))
        .filter(({ place }) => place.startsWith(within) && !places.has(below + place.slice(within.length))),
    );
  }

  /** Where a file of the folder lies in its vault. */
  #placeOf(file: string): { source: string; place: (of: string) => string } {
    const { source, below, within } = this.#parts.find((part) => file.startsWith(part.below)) as VaultPart;
    return { source, place: (of) => within + of.slice(below.length) };
  }

  #placed({ item, where }: Item): Item {
    const { externalId, session } = item;
    const { source, place } = this.#placeOf(externalId);
    const moved = { source, externalId: place(externalId), ...(session !== undefined && { session: place(session) }) };
    return { item: { ...item, ...moved }, where };
  }

  #leaveAt(file: string): void {
    const { source, place } = this.#placeOf(file);
    this.#leave(this.#ofPlace(source, place(file)));
  }

  #ofPlace(source: string, place: string): Known[] {
    const rows = this.#db
      .prepare(
        "SELECT id, external_id, content FROM memories WHERE session = ? AND source = ? AND external_id IS NOT NULL",
      )
      .all(place, source) as { id: string; external_id: string; content: string }[];
    return rows.map(({ id, external_id, content }) => ({
      ...{ id, externalId: external_id, content, body: this.#bodyOf(content) },
    }));
  }

  #leave(known: readonly Known[]): void {
    for (const each of known) this.#homeless.set(each.body, [...(this.#homeless.get(each.body) ?? []), each]);
  }

  /** Says of each section of a note which memory it is, and whether the note still says all that is known of it. */
  #compare(held: readonly Step[]): boolean {
    const items = held.map(({ each }) => (each as Item).item);
    const { source = "", session: place = "" } = items[0] ?? {};
    const ids = new Set(items.map(({ externalId }) => externalId));
    const ofNote = this.#ofPlace(source, place);
    const byId = new Map(ofNote.map((known) => [known.externalId, known]));
    const left = ofNote.filter(({ externalId }) => !ids.has(externalId));
    this.#leave(left);
    for (const item of items) {
      if (byId.has(item.externalId)) continue;
      const former = this.#take(this.#bodyOf(item.content));
      if (former) item.formerly = former.externalId;
    }
    return left.length === 0;
  }

  #take(body: string): Known | undefined {
    const left = this.#homeless.get(body);
    const former = left?.shift();
    if (left?.length === 0) this.#homeless.delete(body);
    return former;
  }

  /** What a section says below its headings. One of headings alone is known by these. */
  #bodyOf(content: string): string {
    const end = content.indexOf("\n\n");
    return this.#sha256Hex(end === -1 ? content : content.slice(end + 2));
  }
}

/** What is gone of a note is told each time, so the note is read again. */
const withoutStamp = (step: Step, { end: { stamp: _, ...end }, where }: Ended): Step => ({
  ...step,
  each: { end, where },
});

/** A note that was read, and says nothing any more. */
const isLeft = ({ each }: Step): boolean => "end" in each && each.end.fate === "passed over";
