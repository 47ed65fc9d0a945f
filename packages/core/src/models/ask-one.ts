import { Fault } from "@mh/contract/values/fault.ts";
import type { OutsideContext } from "../kernel/skill.ts";
import type { ModelRequest, ModelServer, ModelUsage } from "../ports/model.ts";
import type { Bill } from "./bill.ts";
import { type Collected, collect } from "./collect.ts";
import type { Candidate } from "./settings.ts";

export interface ModelDeps {
  /** The server of a candidate, with its key. Throws `secret.missing` and `secret.locked`. */
  serverOf: (candidate: Candidate) => Promise<ModelServer>;
}

/** Asks one model, puts on the bill what that came to, and reports how much was written so far. */
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

/** A server may send each letter by itself. */
const reportEvery = 40;

async function answerOf(
  { serverOf }: ModelDeps,
  candidate: Candidate,
  request: Omit<ModelRequest, "signal">,
  { signal, progress }: Pick<OutsideContext, "signal" | "progress">,
): Promise<Collected> {
  try {
    const server = await serverOf(candidate);
    let reported = 0;
    return await collect(server.generate(candidate.model, { ...request, signal }), ({ length }) => {
      if (reported > 0 && length - reported < reportEvery) return;
      reported = length;
      progress({ done: length, unit: "letters", note: candidate.name });
    });
  } catch (error) {
    // A key that cannot be read: the next may have one.
    if (!(error instanceof Fault) || error.code === "secret.locked") throw error;
    return { text: "", calls: [], badCalls: [], written: "", end: { fault: error } };
  }
}
