import * as fs from "node:fs";
import { defineContract } from "@mh/contract/contract.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { defineAdmin } from "@mh/core/kernel/skill.ts";
import { engine } from "@mh/core/policy/engine.ts";
import { checkHome, type Finding } from "@mh/host/home/check-home.ts";
import { readRulesTrouble } from "@mh/host/home/rules-trouble.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { serveHome } from "../serve-home.ts";

const noSending = `forbid (principal, action == mh::Action::"send", resource);\n`;
const times = (count: number, text: string, between = "") => Array.from({ length: count }, () => text).join(between);
const terms = (count: number) =>
  `forbid (principal, action, resource) when { ${times(count, "context.hour == 25", " || ")} };`;

/** Each with what says why, and as a file among others would be. */
const tooLarge: Record<string, string> = {
  "3,000 terms": terms(3000),
  "300 brackets": `forbid (principal, action, resource) when { ${"(".repeat(300)}true${")".repeat(300)} };`,
  "20,000 rules": times(20_000, `forbid (principal, action == mh::Action::"spend", resource);`, "\n"),
  "a file of 50 MB": `// ${"x".repeat(50_000_000)}`,
};

const act = async (home: TestHost, skill: string, args: object) => (await home.act(owner, skill, args)).status;
const usual = async (home: TestHost) => [
  await act(home, "memory.capture", { text: "Tea with Sarah" }),
  await act(home, "outbox.append", { text: "hi", effect: "send" }),
];

/** As a mh before this one adopted rules, whose schema took what this one does not. */
const adoptFormerly = defineAdmin(
  defineContract({
    name: "rules.adopt",
    kind: "admin",
    title: "Adopt rules of former times",
    input: () => z.strictObject({}),
    output: () => z.null(),
    examples: [{ title: "As it is", args: {} }],
    event: "rules.adopted",
  }),
  {
    stored: "kept",
    apply(_args, { tx, commandId, principal }) {
      const text = "forbid (principal, action, resource) when { context.formerly };";
      const rule = { id: "old.cedar#1", effect: "forbid", layer: "boundary", title: "Old", origin: "owner", text };
      const object = tx.object(Buffer.from(JSON.stringify([rule])));
      tx.append({ phase: "adopt", id: commandId, principal, body: { what: "policy", policyHash: "formerly", object } });
      return null;
    },
  },
);

async function inDoctor(home: TestHost): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of checkHome(home.root, home.environment)) findings.push(finding);
  return findings.filter(({ what, level }) => what === "rules" && level !== "ok");
}

test("S17 a rule that is too large is refused by name, the last good rules stay in force, and doctor, health and status say so", async () => {
  await using served = await serveHome();
  const { home } = served;
  const health = async () => (await served.fetch("/health")).json();
  home.rule("house.cedar", noSending);
  expect(await usual(home)).toEqual(["done", "denied"]);
  expect(await health()).not.toHaveProperty("rules");
  const stops = engine.stops;
  for (const [name, text] of Object.entries(tooLarge)) {
    for (const file of ["house.cedar", "more.cedar"]) {
      home.rule(file, text);
      expect([name, file, await usual(home)]).toEqual([name, file, ["done", "denied"]]);
      const { broken } = await home.own("policy.list", {});
      expect([name, broken]).toEqual([name, expect.stringMatching(new RegExp(`^${file}.*\\d`))]);
      expect([name, await health()]).toEqual([name, expect.objectContaining({ rules: "trouble" })]);
      expect(readRulesTrouble(home.root)).toEqual([broken]);
      expect(await inDoctor(home)).toMatchObject([{ level: "bad", next: `mh policy disable ${file}` }]);
      home.rule(file, file === "house.cedar" ? noSending : "");
      expect(await usual(home)).toEqual(["done", "denied"]);
      expect(readRulesTrouble(home.root)).toEqual([]);
    }
  }
  expect(engine.stops).toBe(stops);
});

test("S17 many files count as one: what would be too much is refused, and the others stay", async () => {
  await using home = await makeHost();
  for (let n = 0; n < 6; n += 1)
    home.rule(`r${n}.cedar`, times(100, `forbid (principal, action == mh::Action::"spend", resource);`, "\n"));
  const { broken, onDisk } = await home.own("policy.list", {});
  expect([broken, onDisk.length]).toEqual([
    expect.stringMatching(/^r5\.cedar and the files before it: 600 rules/),
    500,
  ]);
  fs.rmSync(home.file("persona/policy/r5.cedar"));
  for (let n = 0; n < 120; n += 1) fs.writeFileSync(home.file(`persona/policy/s${n}.cedar`), "");
  home.clock.forward(1000);
  expect((await home.own("policy.list", {})).broken).toContain("more than 100 files");
});

test("S17 forbids that pile up by edit after edit stay within the bounds, and adopting ends it", async () => {
  await using home = await makeHost();
  for (let n = 0; n < 4; n += 1) {
    const rules = Array.from(
      { length: 400 },
      (_, i) => `forbid (principal == mh::Principal::"agent:x${n}-${i}", action, resource);`,
    );
    home.rule("house.cedar", rules.join("\n"));
    await act(home, "memory.capture", { text: `Tea ${n}` });
  }
  const { inForce, trouble } = await home.own("policy.list", {});
  expect([inForce.filter(({ origin }) => origin === "owner").length, trouble]).toEqual([
    800,
    expect.stringContaining("not in force"),
  ]);
  expect((await inDoctor(home)).map(({ next }) => next)).toContain("mh policy adopt");
  await home.own("policy.adopt", {});
  expect((await home.own("policy.list", {})).trouble).toBeUndefined();
});

test("S17 rules that were adopted and are no longer understood leave the recovery path open, and a way out of it", async () => {
  await using home = await makeHost({ skills: [adoptFormerly] });
  await home.own("rules.adopt", {});
  await home.reopen();
  expect(await usual(home)).toEqual(["denied", "denied"]);
  expect(await act(home, "kernel.resume", {})).toBe("done");
  expect((await inDoctor(home)).find(({ level }) => level === "bad")).toMatchObject({ next: "mh policy adopt" });
  await home.own("policy.adopt", {});
  expect(await usual(home)).toEqual(["done", "done"]);
});

test("S17 a folder in the place of config.yaml leaves what was good last in force, and STOP works", async () => {
  await using home = await makeHost();
  expect(await act(home, "memory.capture", { text: "Tea with Sarah" })).toBe("done");
  fs.rmSync(home.file("config.yaml"), { force: true });
  fs.mkdirSync(home.file("config.yaml"));
  expect(await act(home, "kernel.stop", {})).toBe("done");
  expect(await act(home, "kernel.resume", {})).toBe("done");
  fs.rmdirSync(home.file("config.yaml"));
});
