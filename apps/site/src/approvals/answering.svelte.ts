import type { RuleOffer } from "@mh/contract/values/offer.ts";
import type { AnswerValues } from "@mh/contract/values/question.ts";
import { saying } from "../app/say.svelte.ts";
import { home, messageOf, sayingOf } from "../data/home.svelte.ts";
import { requests } from "../data/requests.svelte.ts";
import { text } from "../text/text.ts";

/**
 * What somebody has read, ticked and answered of one request. It outlives the card on the screen: an error that comes late
 * stands on its own card, whichever is shown by then.
 */
export class Answering {
  readonly id: string;
  /** Sources whose values were endorsed. */
  ticked = $state<readonly string[]>([]);
  /** Values that were on the screen from end to end. */
  seen = $state<readonly string[]>([]);
  /** What was typed for a question, by the name of each field. */
  values = $state<AnswerValues>({});
  isAnswering = $state(false);
  note = $state<string>();
  fault = $state<string>();
  /** A rule that is offered, for this was the third of its kind. */
  offer = $state.raw<RuleOffer>();
  #hash: string | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** What is shown by now. Of something else than before, nothing was read and nothing endorsed. */
  shows(hash: string): void {
    if (this.#hash !== undefined && this.#hash !== hash) {
      this.ticked = [];
      this.seen = [];
    }
    this.#hash = hash;
  }

  async approve(hash: string, values?: AnswerValues): Promise<void> {
    await this.#answer(async () => {
      const { run, offer } = await home.approve({ id: this.id, hash, ...(values && { values }) });
      this.offer = offer;
      this.#say(text.approvals.approved);
      const outcome = await home.wait(run);
      this.#say(text.approvals.ended(outcome.status === "done" ? text.states.done : sayingOf(outcome)));
    });
  }

  async deny(): Promise<void> {
    await this.#answer(async () => {
      await home.get("approval.deny", { id: this.id });
      this.#say(text.approvals.denied);
    });
  }

  async #answer(work: () => Promise<void>): Promise<void> {
    this.isAnswering = true;
    this.fault = undefined;
    try {
      await work();
    } catch (error) {
      this.fault = messageOf(error);
      // What it was bound to may have changed: it is looked at again.
      void requests.of(this.id).again();
    } finally {
      this.isAnswering = false;
    }
  }

  #say(sentence: string): void {
    this.note = sentence;
    saying.say(sentence);
  }
}

const keptMax = 100;
const kept = new Map<string, Answering>();

/** The same for a request wherever it is shown in this tab. */
export function answeringOf(id: string): Answering {
  const known = kept.get(id);
  if (known) return known;
  const made = new Answering(id);
  kept.set(id, made);
  const [oldest] = kept.keys();
  if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest);
  return made;
}
