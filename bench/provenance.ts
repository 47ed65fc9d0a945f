// A verdict with provenance: the arguments of a call are looked at against what its task has read (twenty answers of
// fifty rows), then the judge is asked (DESIGN §10: p95 at most 1 ms at 50 policies).

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

const trace = new Trace("Answer the mail from Sarah about the budget, and copy tom@example.org; the rest can wait.");
for (let n = 0; n < 20; n += 1) {
  const messages = Array.from({ length: 50 }, (_, row) => ({
    ...{ uid: n * 50 + row, from: { name: `Person ${row}`, address: `person${row}@example.net` } },
    ...{ subject: `Subject ${row}`, text: "Some words about this and that, and www.example.net. ".repeat(10) },
  }));
  trace.add({ id: `read ${n}`, facts: mails, effect: "fetch", args: {}, output: { messages } });
}

const calls = {
  vouched: { to: ["tom@example.org"], subject: "Budget", body: "See you on 2026-03-04." },
  unvouched: { to: ["person7@example.net"], subject: "Budget", body: "See www.example.net." },
};
for (const [name, args] of Object.entries(calls)) {
  const times: number[] = [];
  let asked = 0;
  for (let n = 0; n < 1500; n += 1) {
    const start = performance.now();
    const reports = judgeCall(trace, { id: "now", facts: send, effect: "send", args });
    const unvouched = reports.filter(({ vouched }) => !vouched).map(({ path }) => path);
    judge(set, { ...request, unvouched });
    if (n >= 300) times.push(performance.now() - start);
    asked = unvouched.length;
  }
  const p95Ms = quantile(times, 0.95);
  const line = { bench: "provenance", call: name, asked, policies: set.rules.size, p50Ms: quantile(times, 0.5), p95Ms };
  console.log(JSON.stringify({ ...line, budget: 1, withinBudget: p95Ms <= 1 }));
}
