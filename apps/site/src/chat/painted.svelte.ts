const paintMs = 50;

/** A text that grows, painted at most every 50 ms, and its last state always. */
export class Painted {
  text = $state("");
  #next = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #paintedAt = 0;

  show(text: string): void {
    this.#next = text;
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#paintedAt + paintMs - performance.now());
    this.#timer = setTimeout(() => this.#paint(), wait);
  }

  /** Nothing more comes; gives all that there was. */
  end(): string {
    const all = this.#next;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = "";
    this.text = "";
    return all;
  }

  #paint(): void {
    this.#timer = undefined;
    this.#paintedAt = performance.now();
    this.text = this.#next;
  }
}
