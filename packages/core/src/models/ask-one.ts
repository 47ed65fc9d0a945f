import { Fault } from "@mh/contract/values/fault.ts";
import type { OutsideContext } from "../kernel/skill.ts";
import type { ModelRequest, ModelServer, ModelUsage } from "../ports/model.ts";
import type { Bill } from "./bill.ts";
import { type Collected, collect } from "./collect.ts";
import type { Candidate } from "./settings.ts";

export interface ModelDeps {
  /** The server of a candidate, with its key. Throws `secret.missing` and `secret.locked`. */
  serverOf: (candidate: Candidate) => Promise<ModelServer>;
  /** A text without the values of secrets. */
  redact: (text: string) => string;
}

/** Asks one model, puts on the bill what that came to, and reports what was written so far. */
export async function askOne(
  deps: ModelDeps & { bill: Bill },
  candidate: Candidate,
  request: Omit<ModelRequest, "signal">,
  context: Pick<OutsideContext, "signal" | "progress">,
): Promise<Collected & { tokens: ModelUsage }> {
  deps.bill.begin(candidate);
  const answer = await answerOf(deps, candidate, request, context);
  return { ...answer, tokens: deps.bill.end(candidate, answer) };
}

/** A server may send each letter by itself. A report holds all that is written so far, so a long text is reported in longer parts. */
const reportEvery = (length: number) => Math.max(8, length / 100);
/** Longer than what a person reads while it is written. */
const textMax = 200_000;

async function answerOf(
  { serverOf, redact }: ModelDeps,
  candidate: Candidate,
  request: Omit<ModelRequest, "signal">,
  { signal, progress }: Pick<OutsideContext, "signal" | "progress">,
): Promise<Collected> {
  try {
    const server = await serverOf(candidate);
    let reported = 0;
    return await collect(server.generate(candidate.model, { ...request, signal }), (text) => {
      const { length } = text;
      if (reported > 0 && length - reported < reportEvery(length)) return;
      reported = length;
      progress({ done: length, unit: "letters", note: candidate.name, text: redact(text).slice(0, textMax) });
    });
  } catch (error) {
    // A key that cannot be read: the next may have one.
    if (!(error instanceof Fault) || error.code === "secret.locked") throw error;
    return { text: "", calls: [], badCalls: [], written: "", end: { fault: error } };
  }
}
