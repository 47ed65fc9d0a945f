// Opens a home and changes everything that can be undone, without end; prints a line for each that was acknowledged.
// Made to be killed.
import { writeSync } from "node:fs";
import { loadLean } from "@mh/host/home/load-lean.ts";
import { randomFrom } from "@mh/testing";

const [root = "", config = "", seed = "0"] = process.argv.slice(2);
const { openHome } = await loadLean(() => import("@mh/host/home/open-home.ts"));
const host = await openHome(root, { environment: { HOME: config } });
if (!host) throw new Error("the home is held");
const random = randomFrom(Number(seed));
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

for (let n = 0; ; n += 1) {
  const items = Array.from({ length: 40 }, (_, i) => {
    const fact = { subject: `Person ${i % 20}`, predicate: "note", object: `${seed} ${n} ${i}` };
    return { externalId: `${seed}-${n}-${i}`, content: `${seed} ${n} ${i}`, ...(i % 2 && { kind: "semantic", fact }) };
  });
  const [skill, args] = pick<[string, unknown]>([
    ["memory.capture", { text: `round ${seed} note ${n}` }],
    ["memory.import", { source: "s", from: "f", items }],
    ["task.add", { title: `Task ${seed} ${n}` }],
    ["persona.update", { section: "values", text: `Value ${seed} ${n}` }],
    ["config.set", { name: "owner", value: `Ada ${seed} ${n}` }],
    ["history.undo", {}],
    ["history.redo", {}],
  ]);
  const outcome = await host.act({ principal: "owner", skill, args });
  const isExpected =
    outcome.status === "done" || (outcome.status === "failed" && outcome.fault.code === "history.nothing");
  if (!isExpected) throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
  writeSync(1, `${skill}\n`);
}
