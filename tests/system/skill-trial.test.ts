import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { findSandbox } from "@mh/host/sandbox/executor.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { failure, install, ofHome, show } from "../support/installed-skill.ts";
import { block, script, writePackage } from "../support/skill-package.ts";

const sandbox = await findSandbox();
if (sandbox.kind === "none" && process.env.CI === "true") throw new Error(`No sandbox in CI: ${sandbox.reason}`);
if (sandbox.kind === "none") process.emitWarning(`Skipped: there is no sandbox here: ${sandbox.reason}.`);
const sandboxed = test.skipIf(sandbox.kind === "none");

const trial = { input: { text: "four" }, output: { letters: 4 } };
const run = (body: string) => `export const run = async ({ text }: any, host: any) => { ${body} };\n`;

/** A folder with a version of the package, and what its script says. */
function version(home: TestHost, number: string, code: string, more: { script?: object; mh?: object } = {}): string {
  const scripts = { count: script(more.script) };
  return writePackage(path.join(ofHome(home), number), {
    mh: block({ version: number, limits: { seconds: 20, memoryMiB: 128, outputKiB: 4 }, scripts, ...more.mh }),
    files: { "scripts/count.ts": code },
  });
}

const pinnedOf = async (home: TestHost): Promise<string> => (await show(home)).pinned as string;

/** What became of an update to what lies there. */
async function update(home: TestHost, folder: string): Promise<string> {
  const { stage, skill } = await home.own("skill.fetch", { source: folder });
  return failure(await home.act(owner, "skill.add", { stage, hash: skill.hash, replaces: await pinnedOf(home) }));
}

sandboxed(
  "K14 a new version of a skill is tried before it takes the place of one that works, and is left out where it fails",
  async () => {
    await using home = await makeHost();
    await install(home, version(home, "1.0.0", run("return { letters: text.length };")));
    const files = () => fs.readdirSync(home.file("brain/skills/letters"), { recursive: true }).sort();
    const before = [await show(home), files()];
    const bad: [code: string, says: RegExp, more?: { script?: object; mh?: object }][] = [
      ["export const run = (", /SyntaxError|Expected|expected/],
      ["export const count = () => 1;\n", /exports no `run`/],
      ["throw new Error('too old a mh');\n", /too old a mh/],
      ["import './nowhere.ts';\nexport const run = () => ({});\n", /nowhere/],
      ["while (true);\n", /was ended/, { mh: { limits: { seconds: 1, memoryMiB: 128, outputKiB: 4 } } }],
      [run("return { letters: text.length + 1 };"), /did not give back what its trial says/, { script: { trial } }],
      [
        run("return { words: 1 };"),
        /gave back what it does not declare/,
        { script: { trial: { input: trial.input } } },
      ],
      [
        run("return { letters: (await host.need('memory.stats', {})).facts };"),
        /A trial reaches nothing/,
        { script: { trial }, mh: { permissions: { skills: ["memory.stats"], hosts: [], secrets: {} } } },
      ],
    ];
    for (const [n, [code, says, more]] of bad.entries()) {
      const said = await update(home, version(home, `1.1.${n}`, code, more));
      expect([n, said]).toEqual([
        n,
        expect.stringMatching(/^skill\.refused Version 1\.1\.\d of letters was tried and failed/),
      ]);
      expect([n, said]).toEqual([n, expect.stringMatching(says)]);
      expect([await show(home), files()]).toEqual(before);
      expect(await home.own("letters.count", { text: "four" })).toEqual({ letters: 4 });
    }
    // Nothing was asked for by a version that was tried.
    const records = [...inspect(home.root, home.environment).records()];
    expect(records.filter(({ principal }) => principal === "skill:letters")).toEqual([]);
    const good = version(home, "1.2.0", run("return { letters: text.length };"), { script: { trial } });
    expect(await update(home, good)).toBe("done");
    expect(await show(home)).toMatchObject({ state: "on", version: "1.2.0", former: "1.0.0" });
  },
);

sandboxed(
  "K14 what a hand made of a skill is tried before it is allowed, and of one that is new nothing runs",
  async () => {
    await using home = await makeHost();
    const broken = version(home, "1.0.0", "throw new Error('broken');\n");
    await install(home, broken);
    expect(await show(home)).toMatchObject({ state: "on", former: null });
    const file = home.file("brain/skills/letters/scripts/count.ts");
    const allow = async () =>
      failure(await home.act(owner, "skill.allow", { name: "letters", hash: (await show(home)).hash }));
    fs.writeFileSync(file, "throw new Error('still broken');\n");
    expect(await allow()).toMatch(/^skill\.refused.*still broken/);
    expect((await show(home)).state).toBe("changed");
    fs.writeFileSync(file, run("return { letters: text.length };"));
    expect(await allow()).toBe("done");
    expect(await home.own("letters.count", { text: "four" })).toEqual({ letters: 4 });
    // Its bytes are no longer in the folder, but its texts were kept.
    expect((await show(home)).former).toBe("1.0.0");
  },
);

sandboxed(
  "K14 the version of before is put back whole, and this one after it; who may use it is asked about again where it does more",
  async () => {
    await using home = await makeHost();
    const first = version(home, "1.0.0", run("return { letters: text.length };"), { script: { effect: "write" } });
    fs.writeFileSync(path.join(first, "table.bin"), Buffer.from([0, 255, 1, 254]));
    await install(home, first);
    await home.own("grant.give", { principal: "agent:writer", skill: "letters.count" });
    const was = await show(home);
    expect(await update(home, version(home, "2.0.0", run("return { letters: 2 };")))).toBe("done");
    expect(await home.own("letters.count", { text: "four" })).toEqual({ letters: 2 });
    expect(fs.existsSync(home.file("brain/skills/letters/table.bin"))).toBe(false);
    const grants = async () => (await home.own("grant.list", {})).grants.map(({ skill }) => skill);
    expect(await grants()).toEqual(["letters.count"]);

    expect((await home.act(agent("writer"), "skill.back", { name: "letters" })).status).toBe("denied");
    await home.own("skill.back", { name: "letters" });
    expect(await show(home)).toEqual({ ...was, former: "2.0.0" });
    expect([...fs.readFileSync(home.file("brain/skills/letters/table.bin"))]).toEqual([0, 255, 1, 254]);
    expect(await home.own("letters.count", { text: "four" })).toEqual({ letters: 4 });
    expect(await grants()).toEqual([]);
    // What is allowed as it is already goes back to where it did.
    await home.own("skill.allow", { name: "letters", hash: String((await show(home)).hash) });
    expect((await show(home)).former).toBe("2.0.0");
    await home.reopen();
    await home.own("skill.back", { name: "letters" });
    expect(await home.own("letters.count", { text: "four" })).toEqual({ letters: 2 });
    // What a hand changed is nobody's to overwrite.
    fs.appendFileSync(home.file("brain/skills/letters/SKILL.md"), "\nMore.\n");
    expect(failure(await home.act(owner, "skill.back", { name: "letters" }))).toMatch(/^skill\.changed/);
    await home.own("skill.remove", { name: "letters" });
    expect(failure(await home.act(owner, "skill.back", { name: "letters" }))).toMatch(/^skill\.unknown/);
  },
);

test("K14 a trial that the script's own schemas do not take is refused, and no earlier version is no version", async () => {
  await using home = await makeHost();
  const fetch = async (trial: object) =>
    failure(
      await home.act(owner, "skill.fetch", {
        source: version(home, "1.0.0", run("return { letters: 1 };"), { script: { trial } }),
      }),
    );
  expect(await fetch({ input: { text: 4 } })).toMatch(/^skill\.misdeclared.*the input of its trial/);
  expect(await fetch({ input: { text: "" }, output: { letters: -1 } })).toMatch(
    /^skill\.misdeclared.*the output of its trial/,
  );
  expect(await fetch({ input: { text: "" }, seconds: 4 })).toMatch(/^skill\.misdeclared.*seconds/);
  await install(home, version(home, "1.0.0", run("return { letters: 1 };")));
  expect(failure(await home.act(owner, "skill.back", { name: "letters" }))).toMatch(
    /^skill\.refused No earlier version/,
  );
});
