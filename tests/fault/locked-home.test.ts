import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Finding } from "@mh/host/home/check-home.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { ruleFile, ruleText } from "../support/rule-texts.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const files = ["a.cedar", "two words.cedar", "-b.cedar"];
const settings = [
  ...["rate: { commandsPerHour: 0 }", "rate: [", 'quietHours: { from: "00:00", to: "23:59" }', "spend: { perDay: 0 }"],
  ...["approvals: { openPerPrincipal: -1 }", "timeZone: Nowhere/Land"],
];

/** What somebody does to a home, one after the other. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ what: fc.constant("write" as const), file: fc.constantFrom(...files), text: ruleFile }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("remove" as const), file: fc.constantFrom(...files) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("settings" as const), text: fc.constantFrom(...settings) }) },
  ...(["stop", "delete the index", "adopt", "use"] as const).map((what) => ({
    ...{ weight: 1, arbitrary: fc.record({ what: fc.constant(what) }) },
  })),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What an earlier process noted of the rules is no longer so. */
const leftNote: Step[] = [
  { what: "write", file: "a.cedar", text: "forbid (" },
  ...[{ what: "stop" } as const, { what: "remove", file: "a.cedar" } as const, { what: "use" } as const],
];

type Run = (args: readonly string[]) => Promise<{ code: number; out: string; err: string }>;

async function take(mh: Mh, run: Run, each: Step): Promise<void> {
  const at = (file: string) => path.join(mh.root, "persona/policy", file);
  if (each.what === "write") fs.writeFileSync(at(each.file), each.text);
  else if (each.what === "remove") fs.rmSync(at(each.file), { force: true });
  else if (each.what === "settings") fs.appendFileSync(path.join(mh.root, "config.yaml"), `\n${each.text}\n`);
  else if (each.what === "stop") await run(["stop"]);
  else if (each.what === "adopt") await run(["policy", "adopt"]);
  else if (each.what === "use") await run(["capture", "Tea with Sarah"]);
  else fs.rmSync(path.join(mh.root, "memory/index"), { recursive: true, force: true });
}

/** The words of a command, as a shell reads them. */
function wordsOf(command: string): string[] {
  const { stdout } = spawnSync("sh", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8" });
  return stdout.split("\0").slice(0, -1);
}

/** Does what doctor says, to the letter, until it says nothing more; gives what it said. */
async function recover(run: Run): Promise<string[]> {
  const said: string[] = [];
  for (let round = 0; round < 8; round += 1) {
    const { findings } = JSON.parse((await run(["doctor", "--json"])).out) as { findings: Finding[] };
    const commands = findings.flatMap(({ what, next }) => (["rules", "settings", "stop"].includes(what) && next) || []);
    if (commands.length === 0) return said;
    for (const command of new Set(commands)) {
      said.push(command);
      const [program = "", ...words] = wordsOf(command);
      if (program === "mh") await run(words);
      else expect(spawnSync(program, words).status).toBe(0);
    }
  }
  throw new Error(`Doctor goes on: ${said.join("; ")}`);
}

const isStopped = (mh: Mh) => fs.existsSync(path.join(mh.root, "run/STOP"));

test("S6 a home locked by whatever rules and settings is recovered by what doctor says, to the letter", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      using mh = mhWithHome();
      for (const each of steps) await take(mh, mh.here, each);
      await mh.here(["capture", "Tea with Sarah"]);
      const said = await recover(mh.here);
      const after = await mh.here(["capture", "Coffee with Sarah"]);
      expect([after.code, after.err, said, isStopped(mh)]).toEqual([0, expect.anything(), said, false]);
    }),
    { seed: inject("seed"), numRuns: process.env.CI ? 40 : 8, examples: [[leftNote]] },
  );
});

test("S6 so it is while a daemon holds the home", async () => {
  using mh = mhWithHome();
  fs.appendFileSync(path.join(mh.root, "config.yaml"), "\ndaemon:\n  port: 0\n");
  const run: Run = (args) => mh.start(args);
  await run(["review", "--adopt"]);
  expect((await run(["daemon", "start"])).code).toBe(0);
  try {
    const rules = fc.sample(ruleText, { seed: inject("seed"), numRuns: 3 });
    const locking = "forbid (principal, action, resource);";
    for (const text of [locking, [...rules, locking].join("\n"), "forbid ("]) {
      fs.writeFileSync(path.join(mh.root, "persona/policy/lock.cedar"), text);
      await run(["stop"]);
      await expect.poll(async () => (await run(["capture", "Tea"])).code).not.toBe(-1);
      await recover(run);
      expect([(await run(["capture", "Coffee"])).code, isStopped(mh)]).toEqual([0, false]);
    }
  } finally {
    await run(["daemon", "stop"]);
  }
});
