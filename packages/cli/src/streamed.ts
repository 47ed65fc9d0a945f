import { visible } from "@mh/contract/visible/visible.ts";
import type { Printer } from "./print.ts";

/**
 * Shows an answer while it is written, word by word: what a word looks like is known once it is whole. `progress` brings all
 * that was written so far, so that none of it has to come.
 */
export class Streamed {
  readonly #print: Pick<Printer, "piece">;
  #shown = "";

  constructor(print: Pick<Printer, "piece">) {
    this.#print = print;
  }

  get isBegun(): boolean {
    return this.#shown !== "";
  }

  update(text: string): void {
    const [whole = ""] = /^[\s\S]*\s/.exec(text) ?? [];
    // Spaces at the end of a line are not printed.
    this.#show(visible(whole.replace(/[ \t]+(?=\n|$)/g, "").trimEnd(), { multiline: true }));
  }

  /** The answer is over; `text` is its last part, which may have come already. */
  end(text: string): void {
    const last = visible(text.replace(/[ \t]+(?=\n|$)/g, "").trim(), { multiline: true });
    const begun = overlap(this.#shown, last);
    if (begun === 0 && this.#shown !== "") this.#print.piece("\n");
    this.#print.piece(`${last.slice(begun)}\n`);
  }

  #show(text: string): void {
    // What stands there cannot be taken back: where it would look otherwise now, the end shows it whole.
    if (!text.startsWith(this.#shown)) return;
    this.#print.piece(text.slice(this.#shown.length));
    this.#shown = text;
  }
}

/** How much of a text's beginning another one ends with. */
function overlap(shown: string, text: string): number {
  for (let length = Math.min(shown.length, text.length); length > 0; length -= 1)
    if (shown.endsWith(text.slice(0, length))) return length;
  return 0;
}
