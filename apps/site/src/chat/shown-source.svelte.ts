import type { NumberedSource } from "./sources.ts";

const leaveMs = 250;

/** The source that is looked at: beside its mark while the pointer is there, and until it is closed once it was clicked. */
class ShownSource {
  source = $state.raw<NumberedSource | undefined>();
  by = $state.raw<HTMLElement | undefined>();
  isPinned = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(source: NumberedSource, by: HTMLElement, isPinned: boolean): void {
    clearTimeout(this.#timer);
    if (this.isPinned && !isPinned) return;
    this.source = source;
    this.by = by;
    this.isPinned = isPinned;
  }

  /** The pointer is gone: a moment is left to reach what is shown. */
  leave(): void {
    clearTimeout(this.#timer);
    if (!this.isPinned) this.#timer = setTimeout(() => this.close(), leaveMs);
  }

  stay(): void {
    clearTimeout(this.#timer);
  }

  close(): void {
    this.source = undefined;
    this.isPinned = false;
  }
}

export const shownSource = new ShownSource();
