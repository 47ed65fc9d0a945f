import type { ModelEvent, ModelRequest } from "../ports/model.ts";
import { modelFault } from "./model-fault.ts";
import { writtenIn } from "./written-in.ts";

/** No writing has more letters to a token: what is longer exceeds what it may write. */
const lettersPerToken = 16;
const callsMax = 100;

/**
 * Makes of whatever an adapter does what the port promises: nothing is thrown, one event ends it, an abort ends it at
 * once even where the adapter hangs, and what writes more than it may is cut. `source` is given a signal that is
 * aborted when this is over, however it ends.
 */
export async function* heldStream(
  { signal, tokensMax }: ModelRequest,
  source: (signal: AbortSignal) => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent> {
  const over = new AbortController();
  const { promise: aborted, resolve: abort } = Promise.withResolvers<"aborted">();
  const onAbort = () => abort("aborted");
  signal.addEventListener("abort", onAbort, { once: true });
  let left = tokensMax * lettersPerToken;
  let calls = 0;
  try {
    if (signal.aborted) return yield { type: "cancelled" };
    const events = source(AbortSignal.any([signal, over.signal]))[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([events.next(), aborted]);
      if (next === "aborted" || signal.aborted) return yield { type: "cancelled" };
      if (next.done) return yield { type: "failed", fault: modelFault("the answer broke off") };
      const event = next.value;
      left -= writtenIn(event).length;
      if (event.type === "call" || event.type === "bad-call") calls += 1;
      if (left < 0 || calls > callsMax) return yield { type: "end", reason: "length" };
      if (event.type === "text" && event.text === "") continue;
      yield event;
      if (isLast(event)) return;
    }
  } catch (error) {
    yield signal.aborted ? { type: "cancelled" } : { type: "failed", fault: modelFault(error) };
  } finally {
    signal.removeEventListener("abort", onAbort);
    over.abort();
  }
}

const isLast = ({ type }: ModelEvent): boolean => type === "end" || type === "failed" || type === "cancelled";
