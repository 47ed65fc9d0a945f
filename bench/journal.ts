// The journal against the raw limit of appending and syncing the same bytes, in one run (DESIGN §10: at least .8).
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Entry } from "@mh/contract/values/record.ts";
import { emptyHead } from "@mh/core/journal/chain.ts";
import { Journal } from "@mh/core/journal/journal.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { nodeFiles } from "@mh/host/adapters/node-files.ts";
import { systemClock } from "@mh/host/adapters/system-clock.ts";
import { median } from "./support/median.ts";
import { timed } from "./support/timed.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
const deps = {
  files: nodeFiles(folder),
  clock: systemClock,
  crypto: nodeCrypto,
  boot: nodeCrypto.id(),
};
using journal = Journal.open(deps, emptyHead);
const raw = fs.openSync(path.join(folder, "raw"), "a");

for (const group of [1, 10, 100]) {
  const ratios: number[] = [];
  for (let run = 0; run < 200; run += 1) {
    const entries = Array.from({ length: group }, entry);
    const before = journal.position.offset;
    const ours = await timed(async () => {
      journal.append(entries);
      await journal.sync();
    });
    const bytes = Buffer.alloc(journal.position.offset - before, "x");
    const limit = await timed(async () => {
      fs.writeSync(raw, bytes);
      await new Promise((resolve) => fs.fdatasync(raw, resolve));
    });
    ratios.push(limit / ours);
  }
  const ratio = median(ratios);
  console.log(JSON.stringify({ bench: "journal", group, ratio, budget: 0.8, withinBudget: ratio >= 0.8 }));
}
fs.closeSync(raw);
fs.rmSync(folder, { recursive: true });

function entry(): Entry {
  const id = nodeCrypto.id();
  return {
    phase: "outcome",
    id,
    principal: "owner",
    skill: "memory.capture@1.0.0#0123456789abcdef",
    argsHash: "0".repeat(64),
    outcome: { status: "done" },
  };
}
