import type { ImportedFiles, ImportRemark } from "@mh/contract/import.ts";
import type { Ended, Found } from "./found.ts";

type Status = "added" | "updated" | "duplicate" | "refused";
type Kind = "episodic" | "artifact" | "semantic";

interface Sample {
  where: string;
  kind: Kind;
  at: string | null;
  text: string;
}

const examplesMax = 5;
const samplesMax = 5;
const sampleCharsMax = 2_000;
const reasonsMax = 100;

/** What became of an import, gathered by reason: a hundred thousand refusals are one line with five places. */
export class Tally {
  readonly counts: Record<Status, number> = { added: 0, updated: 0, duplicate: 0, refused: 0 };
  readonly kinds: Record<Kind, number> = { episodic: 0, artifact: 0, semantic: 0 };
  readonly samples: Sample[] = [];
  readonly #remarks = new Map<string, ImportRemark>();
  readonly #files = new Map<string, ImportedFiles>();
  #from: string | null = null;
  #to: string | null = null;

  /** Something that was read, whatever becomes of it. */
  found(found: Found | Ended): void {
    if ("end" in found) return this.#file(found);
    if ("note" in found) return this.#remark("note", found.note, found.where);
    if ("refused" in found) return this.ended("refused", found.refused, found.where);
    const { item, where } = found;
    const { kind = "episodic", at = null, datedBy, content } = item;
    this.kinds[kind] += 1;
    if (datedBy === "file") this.#remark("note", "It says no time of its own; it is dated by its file.", where);
    if (at !== null) {
      if (this.#from === null || at < this.#from) this.#from = at;
      if (this.#to === null || at > this.#to) this.#to = at;
    }
    if (this.samples.length < samplesMax) {
      this.samples.push({ where, kind, at, text: content.slice(0, sampleCharsMax).toWellFormed() });
    }
  }

  /** What became of something that was read. */
  ended(status: Status, reason: string | undefined, where: string): void {
    this.counts[status] += 1;
    if (reason !== undefined && status !== "added") this.#remark(status, reason, where);
  }

  get span(): { from: string | null; to: string | null } {
    return { from: this.#from, to: this.#to };
  }

  /** Every file once, by what became of it and its kind; the most frequent first. */
  inventory(): ImportedFiles[] {
    return [...this.#files.values()].sort((a, b) => b.files - a.files || (a.kind < b.kind ? -1 : 1));
  }

  /** The most frequent first. */
  remarks(): ImportRemark[] {
    return [...this.#remarks.values()].sort((a, b) => b.count - a.count).slice(0, reasonsMax);
  }

  #file({ end: { fate, kind, files, memories = 0 }, where }: Ended): void {
    this.counts.duplicate += memories;
    const key = `${fate} ${kind}`;
    const known = this.#files.get(key) ?? { fate, kind, files: 0, examples: [] };
    known.files += files;
    if (known.examples.length < examplesMax) known.examples.push(where);
    this.#files.set(key, known);
  }

  #remark(what: ImportRemark["what"], reason: string, where: string): void {
    const key = `${what} ${reason}`;
    const known = this.#remarks.get(key) ?? { what, reason, count: 0, examples: [] };
    known.count += 1;
    if (known.examples.length < examplesMax) known.examples.push(where);
    this.#remarks.set(key, known);
  }
}
