// A verdict with provenance: the arguments of a call are looked at against what its task has read (fifty answers of
// 100 kB: 200 mails each, 1,000 rows, 1,000 of which the owner's words all say something, one text, or some of each), then the judge is asked (DESIGN §10: p95 at most 1 ms at 50 policies).

import { toolFactsSchema } from "@mh/contract/values/provenance.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import { judge } from "@mh/core/policy/judge.ts";
import { loadPolicySet, shippedRules } from "@mh/core/policy/policy-set.ts";
import { judgeCall } from "@mh/core/policy/provenance/judge-call.ts";
import { Trace } from "@mh/core/policy/provenance/trace.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { quantile } from "./support/median.ts";

const set = loadPolicySet(nodeCrypto, shippedRules());
const request: PolicyRequest = {
  ...{ principal: "agent:bench", trust: "suggest", skill: "mail.send", effect: "send", risk: "medium", scope: {} },
  ...{ may: true, granted: true, inScope: false, protectedArea: false, stopped: false, rateLeft: 100 },
  ...{ unvouched: [], hour: 9, weekday: 1 },
};

const mails = toolFactsSchema.parse({
  ...{ fields: { uid: "record", "from.address": "party" }, author: "from.address", writers: "anyone", ids: "mail" },
});
const send = toolFactsSchema.parse({ control: ["to"], content: ["subject", "body"], types: { to: "email" } });

const answersOf: Readonly<Record<string, (n: number) => unknown>> = {
  mails: (n) => ({ messages: Array.from({ length: 200 }, (_, row) => mail(n * 200 + row, 400)) }),
  rows: (n) => ({ messages: Array.from({ length: 1000 }, (_, row) => mail(n * 1000 + row, 20)) }),
  said: (n) => ({ messages: Array.from({ length: 1000 }, (_, row) => said(n * 1000 + row)) }),
  text: () => "Some words about this and that, the budget of Sarah, and www.example.net. ".repeat(1350),
  mixed: (n) => answersOf[["mails", "rows", "text"][n % 3] as string]?.(n),
};

/** The owner sent it, so that its text describes it. */
function said(n: number) {
  return { ...mail(n, 20), from: { name: "Me", address: "me" }, text: `About the budget of Sarah, ${n}` };
}

function mail(n: number, chars: number) {
  const person = n % 50;
  return {
    ...{ uid: n, from: { name: `Person ${person}`, address: `person${person}@example.net` } },
    ...{
      subject: `Subject ${n} of the budget`,
      text: "Some words about this and www.example.net. ".repeat(9).slice(0, chars),
    },
  };
}

const calls = {
  vouched: { to: ["tom@example.org"], subject: "Budget", body: "See you on 2026-03-04." },
  unvouched: { to: ["person7@example.net"], subject: "Budget", body: "See www.example.net." },
};

for (const [answers, answer] of Object.entries(answersOf)) {
  const trace = new Trace("Answer the mail from Sarah about the budget, and copy tom@example.org; the rest can wait.");
  const added: number[] = [];
  for (let n = 0; n < 50; n += 1) {
    const start = performance.now();
    trace.add({ id: `read ${n}`, facts: mails, effect: "fetch", args: {}, output: answer(n) });
    added.push(performance.now() - start);
  }
  for (const [name, args] of Object.entries(calls)) {
    const times: number[] = [];
    const processor: number[] = [];
    const sources: number[] = [];
    let asked = 0;
    for (let n = 0; n < 1000; n += 1) {
      const used = process.threadCpuUsage();
      const start = performance.now();
      const reports = judgeCall(trace, { id: "now", facts: send, effect: "send", args });
      const unvouched = reports.filter(({ vouched }) => !vouched).map(({ path }) => path);
      judge(set, { ...request, unvouched });
      const judged = performance.now();
      const { user, system } = process.threadCpuUsage(used);
      if (n % 5 === 0) {
        trace.sourced(reports);
        sources.push(performance.now() - judged);
      }
      if (n >= 200) {
        times.push(judged - start);
        processor.push((user + system) / 1000);
      }
      asked = unvouched.length;
    }
    const p95Ms = quantile(times, 0.95);
    const sourcesP95Ms = quantile(sources, 0.95);
    const line = {
      bench: "provenance",
      answers,
      call: name,
      asked,
      policies: set.rules.size,
      p50Ms: quantile(times, 0.5),
      p95Ms,
    };
    // On a busy machine the processor's time says more than the wall's.
    const processorMs = processor.reduce((sum, each) => sum + each, 0) / processor.length;
    const taken = { processorMs, addP95Ms: quantile(added, 0.95), sourcesP95Ms };
    console.log(JSON.stringify({ ...line, ...taken, budget: 1, withinBudget: p95Ms <= 1 && sourcesP95Ms <= 5 }));
  }
}
