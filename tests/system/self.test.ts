import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { zipEntries } from "@mh/host/import/zip.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { forget } from "../support/forget.ts";
import { makePlace, type Place } from "../support/make-place.ts";
import { writePackage } from "../support/skill-package.ts";

type Imported = ValueFor<"self.import">;

const tidy = `export const agent = { name: "mine", title: "Mine", triggers: [], may: [], ensures: [], run() {} };\n`;
const quiet = `// @id("quiet")\nforbid (principal == mh::Principal::"agent:x", action, resource);\n`;

/** A home in which there is something of every kind. */
async function filled(): Promise<TestHost & { ids: { tea: string; gone: string; task: string } }> {
  const home = await makeHost({ isShippedAgent: () => false });
  const { id: tea } = await home.own("memory.capture", { text: "Tea with Sarah in Lisbon #tea" });
  await home.own("memory.edit", { id: tea, text: "Tea with Sarah in Porto #tea" });
  await home.own("memory.import", {
    source: "notes",
    from: "f",
    items: [{ externalId: "1", content: "Cake at four" }],
  });
  await home.own("fact.add", { subject: "Sarah", predicate: "works-at", object: "Acme" });
  const { id: gone } = await home.own("memory.capture", { text: "A word to be forgotten" });
  await forget(home, gone);
  const { id: task } = await home.own("task.add", { title: "Call Sarah" });
  await home.own("persona.update", { section: "values", text: "Calm." });
  await home.own("config.set", { name: "secrets.store", value: "keyfile" });
  await home.own("config.set", { name: "owner", value: "Ada L." });
  await home.own("policy.write", { name: "quiet.cedar", text: quiet });
  await home.own("grant.give", { principal: "agent:mine", skill: "memory.list" });
  await home.own("trust.set", { principal: "agent:mine", level: "observe" });
  await home.own("file.write", { path: "list.txt", text: "Milk\n" });
  writePackage(home.file("brain/skills"), { name: "numbers" });
  fs.mkdirSync(home.file("brain/agents"), { recursive: true });
  fs.writeFileSync(home.file("brain/agents/mine.ts"), tidy);
  await home.own("secret.set", {
    name: "ntfy",
    offer: offerSecret(home.root, home.environment, "tk_planted_value").id,
  });
  return Object.assign(home, { ids: { tea, gone, task } });
}

/** Everything of it, as it is at rest. */
async function contentsOf(home: TestHost) {
  const { memories } = await home.own<{ memories: { id: string; content: string; origins: string[]; at: string }[] }>(
    "memory.list",
    { limit: 1000 },
  );
  const { tasks } = await home.own<{ tasks: { id: string; title: string }[] }>("task.list", { all: true });
  return {
    memories: memories.map(({ id, content, origins, at }) => [id, content, origins, at]).sort(),
    tasks: tasks.map(({ id, title }) => [id, title]).sort(),
    persona: (await home.own("persona.show", {})).sections.map(({ section, text }) => [section, text]),
  };
}

async function moved(place: Place, name = "self.zip") {
  const there = await filled();
  const path = place.at(name);
  const exported = await there.own("self.export", { path });
  return { there, path, exported, key: exported.key };
}

test("K14 an archive holds all that is the owner's, and no key, secret or index", async () => {
  using place = makePlace();
  const { there, path: file, exported } = await moved(place);
  await using _ = there;
  expect(exported.counts).toMatchObject({
    ...{
      memory: 3,
      revision: 1,
      forgotten: 1,
      task: 1,
      persona: 1,
      settings: 1,
      agent: 1,
      grant: 1,
      trust: 1,
      file: 1,
    },
    ...{ rule: 2, skill: expect.any(Number), record: expect.any(Number) },
  });
  expect(exported.secrets).toEqual(["ntfy"]);
  const folder = place.at("unpacked");
  const names = zipEntries(file).map(({ name }) => name);
  expect(names.at(-1)).toBe("manifest.json");
  expect(names.filter((name) => /index|objects|\.key|home\/run|snapshots/.test(name))).toEqual([]);
  execFileSync("python3", ["-m", "zipfile", "-e", file, folder]);
  const text = names.map((name) => fs.readFileSync(path.join(folder, name), "latin1")).join("\n");
  for (const absent of ["tk_planted_value", "A word to be forgotten"]) expect(text).not.toContain(absent);
  for (const present of ["Tea with Sarah in Porto", "Cake at four", "Calm.", "Milk"]) expect(text).toContain(present);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
});

test("K14 another machine has it all after one import, and twice is once", async () => {
  using place = makePlace();
  const { there, path: file, key, exported } = await moved(place);
  await using _ = there;
  await using here = await makeHost();
  const preview = await here.own("self.preview", { path: file });
  expect(preview).toMatchObject({ key, from: { isThisHome: false }, secrets: ["ntfy"], differences: [] });
  expect(preview.standings).toMatchObject({ memory: { new: 3, same: 0 }, task: { new: 1 }, persona: { new: 1 } });
  expect(preview.log.records).toBe(exported.counts.record);
  expect((await contentsOf(here)).memories).toEqual([]);

  const first = await here.own("self.import", { path: file, key });
  expect(first.taken).toMatchObject({ memory: 3, task: 1, persona: 1, agent: 1, file: 1 });
  expect(first.snapshot).toContain("before-self-import");
  const contents = await contentsOf(there);
  expect(await contentsOf(here)).toEqual(contents);
  expect(fs.readFileSync(here.file("out/files/list.txt"), "utf8")).toBe("Milk\n");

  const again = await here.own<Imported>("self.import", { path: file, key });
  expect(again).toMatchObject({ taken: {}, snapshot: null });
  expect(again.standings).toMatchObject({ memory: { new: 0, same: 3 }, task: { new: 0, same: 1 } });
  expect(await contentsOf(here)).toEqual(contents);
  // What came stands in the files, and is known as written by commands.
  await here.close();
  fs.rmSync(here.file("memory/index"), { recursive: true });
  await here.reopen();
  expect(await contentsOf(here)).toEqual(contents);
  expect((await here.own("damage.list", {})).lines).toEqual([]);
});

test("K14 grants, trust, rules, agents, skills and settings wait for the owner", async () => {
  using place = makePlace();
  const { there, path: file, key } = await moved(place);
  await using _ = there;
  await using here = await makeHost();
  const before = await here.own("config.show", {});
  const { decisions } = await here.own<Imported>("self.import", { path: file, key });
  expect(decisions.map(({ kind, name, next }) => [kind, name, next])).toEqual(
    expect.arrayContaining([
      ["grant", "agent:mine", "mh grant give agent:mine memory.list"],
      ["trust", "agent:mine", "mh trust agent:mine observe"],
      ["rule", "persona/policy/quiet.cedar", "mv persona/policy/quiet.cedar.off persona/policy/quiet.cedar"],
      ["agent", "mine", "mh agent allow mine"],
      ["skill", "numbers", "mh skill allow numbers"],
      ["settings", "owner", "mh config set owner 'Ada L.'"],
    ]),
  );
  expect((await here.own("grant.list", {})).grants).toEqual([]);
  expect((await here.own("policy.list", {})).inForce.filter(({ origin }) => origin === "owner")).toEqual([]);
  expect((await here.own("config.show", {})).inForce).toEqual(before.inForce);
  const { waiting } = await here.own("adoption.list", {});
  expect(waiting.map(({ kind, name }) => `${kind} ${name}`)).toContain("skill numbers");
  expect(fs.readFileSync(here.file("brain/agents/mine.ts"), "utf8")).toBe(tidy);
});

test("K14 settings that cannot be read here are named, and all else comes", async () => {
  using place = makePlace();
  await using there = await filled();
  fs.appendFileSync(there.file("config.yaml"), "rate: [\n");
  const path = place.at("self.zip");
  const { key } = await there.own("self.export", { path });
  await using here = await makeHost();
  const { taken, decisions } = await here.own<Imported>("self.import", { path, key });
  expect(taken.memory).toBe(3);
  expect(decisions.filter(({ kind }) => kind === "settings")).toMatchObject([
    { name: "config.yaml", about: expect.stringContaining("cannot be read here") },
  ]);
});

test("K14 what differs is named with the side that is newer, and stays until the owner says otherwise", async () => {
  using place = makePlace();
  const { there, path: file, key } = await moved(place);
  await using _ = there;
  await using here = await makeHost();
  await here.own("self.import", { path: file, key });
  const { tea, task } = there.ids;
  there.clock.forward(60_000);
  await there.own("memory.edit", { id: tea, text: "Tea with Sarah in Faro #tea" });
  await there.own("task.edit", { id: task, project: "ML" });
  const later = new Date(Date.now() + 60_000);
  const [taskFile = ""] = fs.readdirSync(there.file("memory/tasks"));
  fs.utimesSync(there.file(`memory/tasks/${taskFile}`), later, later);
  const second = place.at("second.zip");
  await there.own("self.export", { path: second });
  const preview = await here.own("self.preview", { path: second });
  expect(preview.differences.map(({ kind, newer }) => [kind, newer])).toEqual([
    ["memory", "there"],
    ["task", "there"],
  ]);
  expect(await here.own("self.import", { path: second, key })).toMatchObject({ taken: {} });
  expect((await contentsOf(here)).memories.flat()).toContain("Tea with Sarah in Porto #tea");
  const taken = await here.own("self.import", { path: second, key, newer: true });
  expect(taken.taken).toEqual({ memory: 1, task: 1 });
  expect(await contentsOf(here)).toEqual(await contentsOf(there));
  // Nor is it by the command for a part, unless that is asked for.
  const loud = {
    path: "persona/values.md",
    data: btoa("Loud.\n"),
    changedAt: new Date(Date.now() + 60_000).toISOString(),
  };
  expect(await here.own("self.take", { files: [loud] })).toMatchObject({ files: ["newerThere"], written: [] });
  // One that was changed later here is not taken, whatever is asked for.
  here.clock.forward(600_000);
  await here.own("memory.edit", { id: tea, text: "Tea with Sarah at home #tea" });
  const kept = await here.own("self.import", { path: second, key, newer: true });
  expect(kept.differences).toMatchObject([{ kind: "memory", name: tea, newer: "here" }]);
  expect((await contentsOf(here)).memories.flat()).toContain("Tea with Sarah at home #tea");
});

test("K14 what is forgotten here stays so, and an import is undone as one and done again", async () => {
  using place = makePlace();
  const { there, path: file, key } = await moved(place);
  await using _ = there;
  await using here = await makeHost();
  await here.own("memory.capture", { text: "Here before" });
  const before = await contentsOf(here);
  const { task } = await here.own<Imported>("self.import", { path: file, key });
  const after = await contentsOf(here);
  const undone = await here.act(owner, "history.undo-task", { task });
  expect(undone.status).toBe("done");
  expect(await contentsOf(here)).toEqual(before);
  expect(fs.existsSync(here.file("brain/agents/mine.ts"))).toBe(false);
  await here.own("self.import", { path: file, key });
  expect(await contentsOf(here)).toEqual(after);
  await forget(here, there.ids.tea);
  const again = await here.own<Imported>("self.import", { path: file, key });
  expect([again.taken, again.standings.memory?.forgotten]).toEqual([{}, 1]);
});

test("K14 an archive that another key signed, that was changed or cut off is refused, and nothing comes", async () => {
  using place = makePlace();
  const { there, path: file, key } = await moved(place);
  await using _ = there;
  await using here = await makeHost();
  const wrong = "0000-0000-0000-0000-0000-0000-0000-0000";
  const refusal = async (path: string, by = key) => {
    const outcome = await here.act(owner, "self.import", { path, key: by });
    return outcome.status === "failed" ? outcome.fault.code : outcome.status;
  };
  expect(await refusal(file, wrong)).toBe("self.unreadable");
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(place.at("cut.zip"), bytes.subarray(0, bytes.length - 40));
  expect(await refusal(place.at("cut.zip"))).toBe("self.unreadable");
  // Each file of it, packed again with one byte changed.
  execFileSync("python3", ["-m", "zipfile", "-e", file, place.at("in")]);
  for (const name of ["memories.ndjson", "grants.ndjson", "home/config.yaml", "manifest.json"]) {
    const at = path.join(place.at("in"), name);
    const text = fs.readFileSync(at, "utf8");
    // One word of each, wherever it stands.
    fs.writeFileSync(
      at,
      text.replace(/Sarah|agent:mine|Ada|ntfy/, (word) => word.toUpperCase()),
    );
    const changed = place.at(`${path.basename(name)}.zip`);
    execFileSync("python3", ["-m", "zipfile", "-c", changed, ...fs.readdirSync(place.at("in"))], {
      cwd: place.at("in"),
    });
    expect([name, await refusal(changed)]).toEqual([name, "self.unreadable"]);
    fs.writeFileSync(at, text);
  }
  expect((await contentsOf(here)).memories).toEqual([]);
  expect(fs.existsSync(here.file("run/archives")) ? fs.readdirSync(here.file("run/archives")) : []).toEqual([]);
});

test("K14 an export replaces nothing, and writes into no home and beside no keys", async () => {
  using place = makePlace();
  await using home = await makeHost();
  fs.writeFileSync(place.at("mine.zip"), "mine");
  const refusal = async (path: string) => {
    const outcome = await home.act(owner, "self.export", { path });
    return outcome.status === "failed" ? outcome.fault.code : outcome.status;
  };
  expect(await refusal(place.at("mine.zip"))).toBe("args.invalid");
  expect(await refusal(`${fs.realpathSync(home.root)}/self.zip`)).toBe("args.invalid");
  expect(await refusal(`${fs.realpathSync(home.environment.HOME as string)}/.config/mh/self.zip`)).toBe("args.invalid");
  expect(fs.readFileSync(place.at("mine.zip"), "utf8")).toBe("mine");
  expect(fs.readdirSync(place.folder)).toEqual(["mine.zip"]);
});

test("K14 a secret's value that stands in a file is replaced in the archive, and the file is named", async () => {
  using place = makePlace();
  await using home = await filled();
  fs.appendFileSync(home.file("brain/agents/mine.ts"), "// tk_planted_value\n");
  const { redacted } = await home.own("self.export", { path: place.at("self.zip") });
  expect(redacted).toEqual(["home/brain/agents/mine.ts"]);
  const entry = zipEntries(place.at("self.zip")).find(({ name }) => name === "home/brain/agents/mine.ts");
  expect(Buffer.concat([...(entry?.open() ?? [])]).toString()).not.toContain("tk_planted_value");
});

test("K14 an import that is cut off is gone on with, and ends as one that was not", async () => {
  using place = makePlace();
  await using there = await makeHost();
  const items = Array.from({ length: 2_000 }, (_, n) => ({ externalId: `${n}`, content: `Note ${n} on the weather` }));
  for (const at of [0, 1_000])
    await there.own("memory.import", { source: "notes", from: "f", items: items.slice(at, at + 1_000) });
  const path = place.at("self.zip");
  const { key } = await there.own("self.export", { path });
  await using here = await makeHost();
  const run = here.host.begin({ principal: owner, skill: "self.import", args: { path, key } });
  const count = async () => (await here.own<{ kinds: Record<string, number> }>("memory.stats", {})).kinds.episodic ?? 0;
  await expect.poll(count, { interval: 1 }).toBeGreaterThan(0);
  run.cancel("You pressed Ctrl-C");
  expect((await run.outcome).status).toBe("interrupted");
  const first = await count();
  expect(first).toBeLessThan(2_000);
  const { taken } = await here.own<Imported>("self.import", { path, key });
  expect(taken.memory).toBe(2_000 - first);
  expect(await contentsOf(here)).toEqual(await contentsOf(there));
});
