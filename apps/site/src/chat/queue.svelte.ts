/** What waits to be said when the answer under way is over. It outlives a reload of its tab, and belongs to that tab alone. */
export class Queue {
  all = $state.raw<readonly string[]>([]);
  readonly #key: string;

  constructor(chat: string) {
    this.#key = `mh-queue-${chat}`;
    this.all = JSON.parse(sessionStorage.getItem(this.#key) ?? "[]") as string[];
  }

  add(words: string): void {
    this.#keep([...this.all, words]);
  }

  /** The next to be said. */
  take(): string | undefined {
    const [next, ...rest] = this.all;
    if (next !== undefined) this.#keep(rest);
    return next;
  }

  remove(at: number): string {
    const words = this.all[at] ?? "";
    this.#keep(this.all.filter((_, n) => n !== at));
    return words;
  }

  clear(): string {
    const waited = this.all.join("\n\n");
    this.#keep([]);
    return waited;
  }

  #keep(all: readonly string[]): void {
    this.all = all;
    if (all.length > 0) sessionStorage.setItem(this.#key, JSON.stringify(all));
    else sessionStorage.removeItem(this.#key);
  }
}
