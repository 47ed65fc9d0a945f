const deafMs = 600;

/**
 * Whether an answer would come too soon: after a card appeared or changed, and after the window came to the front by the
 * very click. Made in a component; `again` is called whenever something else is shown.
 */
export class Deaf {
  isDeaf = $state(true);
  #timer: ReturnType<typeof setTimeout> | undefined;

  again(): void {
    this.isDeaf = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.isDeaf = false;
    }, deafMs);
  }

  /** For `$effect`: gives what ends it. */
  follow(): () => void {
    const again = () => this.again();
    addEventListener("focus", again);
    return () => {
      removeEventListener("focus", again);
      clearTimeout(this.#timer);
    };
  }
}
