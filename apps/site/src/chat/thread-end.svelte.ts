const nearPx = 120;

/** Keeps a thread at its end only while it was there: what is read is never moved by what comes below it. */
export class ThreadEnd {
  isAway = $state(false);
  #wasAtEnd = true;

  /** Watches how a thread grows, cards that load late with it. For `$effect`: gives what ends it. */
  keep(thread: HTMLElement): () => void {
    const growth = new ResizeObserver(() => (this.#wasAtEnd ? this.go() : this.look()));
    growth.observe(thread);
    return () => growth.disconnect();
  }

  /** For the window's scrolling. */
  look(): void {
    this.#wasAtEnd = innerHeight + scrollY > document.documentElement.scrollHeight - nearPx;
    this.isAway = !this.#wasAtEnd;
  }

  go(): void {
    this.#wasAtEnd = true;
    this.isAway = false;
    scrollTo(0, document.documentElement.scrollHeight);
  }
}
