import type { Found } from "@mh/core/memory/import/found.ts";
import { visible } from "@mh/core/model/visible.ts";
import { counted } from "./numbers.ts";
import { type Printer, wrap } from "./print.ts";

export type Status = "added" | "updated" | "duplicate" | "refused";
export type Result = { id: string | null; externalId: string | null; status: Status; reason?: string };

const examplesMax = 5;
const samplesMax = 5;

/** What became of an import, gathered by reason: a hundred thousand refusals are a line, five of them are shown. */
export class ImportReport {
  readonly counts: Record<Status, number> = { added: 0, updated: 0, duplicate: 0, refused: 0 };
  readonly #print: Printer;
  readonly #reasons = new Map<string, { count: number; examples: string[] }>();
  readonly #kinds = new Map<string, number>();
  readonly #samples: { where: string; kind: string; at: string; text: string }[] = [];
  #from: string | undefined;
  #to: string | undefined;

  constructor(print: Printer) {
    this.#print = print;
  }

  result(result: Result, { where }: Found): void {
    this.counts[result.status] += 1;
    if (this.#print.isJson) this.#print.json(result.status === "refused" ? { ...result, where } : result);
    else if (result.status === "refused" || result.reason)
      this.#count(`${result.status}: ${result.reason ?? ""}`, where);
  }

  /** Something that costs no memory, and is said all the same. */
  note(found: Found): void {
    if (!("note" in found)) return;
    if (this.#print.isJson) this.#print.json({ note: found.note, where: found.where });
    else this.#count(`note: ${found.note}`, found.where);
  }

  /** What would be taken in. */
  tried(found: Found): void {
    if ("note" in found) return this.note(found);
    if ("refused" in found) {
      this.result({ id: null, externalId: found.externalId, status: "refused", reason: found.refused }, found);
      return;
    }
    const { item, where } = found;
    const kind = item.kind ?? "episodic";
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    if (item.at !== undefined) {
      if (this.#from === undefined || item.at < this.#from) this.#from = item.at;
      if (this.#to === undefined || item.at > this.#to) this.#to = item.at;
    }
    if (this.#samples.length < samplesMax)
      this.#samples.push({ where, kind, at: item.at ?? "", text: item.content.slice(0, 2_000) });
  }

  dryRun(format: string, isAborted: boolean): void {
    const items = [...this.#kinds.values()].reduce((sum, count) => sum + count, 0);
    const { refused } = this.counts;
    const span = this.#from && this.#to ? { from: this.#from, to: this.#to } : {};
    if (this.#print.isJson)
      return this.#print.json({
        dryRun: true,
        format,
        items,
        refused,
        kinds: Object.fromEntries(this.#kinds),
        ...span,
      });
    for (const { where, kind, at, text } of this.#samples) {
      const head = `  ${at.slice(0, 10) || "no date   "}  ${kind.padEnd(8)}  ${visible(where)}: `;
      const room = Math.max(20, this.#print.width - head.length);
      this.#print.line(head + visible(text.replaceAll(/\s+/g, " ")).slice(0, room));
    }
    if (items > samplesMax) this.#print.line(`  … and ${(items - samplesMax).toLocaleString("en")} more`);
    this.reasons();
    const kinds = [...this.#kinds].map(([kind, count]) => `${count.toLocaleString("en")} ${kind}`).join(", ");
    const when = this.#from && this.#to ? `, ${this.#from.slice(0, 10)} to ${this.#to.slice(0, 10)}` : "";
    this.#print.line(
      `Would take in ${counted(items, "memory", "memories")} (${format}${kinds && `: ${kinds}`}${when}); ${refused} refused. ${isAborted ? "Stopped before the end. " : ""}Nothing was written.`,
    );
  }

  /** A line a reason with its count, the most frequent first, and a few places each. */
  reasons(): void {
    const { isJson, width } = this.#print;
    if (isJson || this.#reasons.size === 0) return;
    const sorted = [...this.#reasons].sort(([, a], [, b]) => b.count - a.count);
    const column = Math.max(...sorted.map(([, { count }]) => count.toLocaleString("en").length));
    for (const [reason, { count, examples }] of sorted) {
      const [first = "", ...more] = wrap(visible(reason), Math.max(40, width - column - 2)).split("\n");
      this.#print.note(`${count.toLocaleString("en").padStart(column)}  ${first}`);
      for (const line of more) this.#print.note(" ".repeat(column + 2) + line);
      for (const where of examples) this.#print.note(" ".repeat(column + 4) + visible(where));
      if (count > examples.length)
        this.#print.note(`${" ".repeat(column + 4)}… and ${(count - examples.length).toLocaleString("en")} more`);
    }
  }

  #count(reason: string, where: string): void {
    const known = this.#reasons.get(reason) ?? { count: 0, examples: [] };
    known.count += 1;
    if (known.examples.length < examplesMax) known.examples.push(where);
    this.#reasons.set(reason, known);
  }
}
