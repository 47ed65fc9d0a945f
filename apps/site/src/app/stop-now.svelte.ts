import { Doing } from "../data/doing.svelte.ts";
import { home } from "../data/home.svelte.ts";
import { text } from "../text/text.ts";
import { saying } from "./say.svelte.ts";

class StopNow {
  /** It did not arrive: nothing may look as if it had. */
  failed = $state(false);
  isAsked = $state(false);
  readonly resuming = new Doing();

  async stop(): Promise<void> {
    this.isAsked = false;
    try {
      await home.stop();
      this.failed = false;
      saying.say(text.stop.standing);
    } catch {
      // Whatever kept it from arriving, the way that is left is the same.
      home.stopped = false;
      this.failed = true;
      saying.say(text.stop.failed);
    }
  }

  async resume(): Promise<void> {
    const isResumed = await this.resuming.run(() => home.resume());
    this.isAsked = !isResumed;
    saying.say(isResumed ? text.stop.resumed : (this.resuming.fault ?? ""));
  }
}

export const stopNow = new StopNow();
