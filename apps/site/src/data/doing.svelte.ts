import { messageOf } from "./home.svelte.ts";

/** What a button or form does: under way or not, and what went wrong with it the last time. */
export class Doing {
  fault = $state<string | undefined>();
  isBusy = $state(false);

  /** True where it came to its end. */
  async run(what: () => Promise<unknown>): Promise<boolean> {
    this.fault = undefined;
    this.isBusy = true;
    try {
      await what();
      return true;
    } catch (error) {
      this.fault = messageOf(error);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
