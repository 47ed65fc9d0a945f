import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { failure, install, ofHome, show, tryFetch } from "../support/installed-skill.ts";
import { block, packageFiles, script, writeFiles, writePackage } from "../support/skill-package.ts";

test("H18 a manifest that leaves a field out, or asks for what there is not, is refused, and says which", async () => {
  await using home = await makeHost();
  const { effect: _e, ...withoutEffect } = script();
  const { permissions: _p, ...withoutPermissions } = block();
  const { control: _c, ...withoutControl } = script();
  const permissions = block().permissions;
  const schema = script().input;
  const bad: Record<string, [mh: unknown, says: RegExp]> = {
    "no effect": [block({ scripts: { count: withoutEffect } }), /scripts\.count\.effect/],
    "no permissions": [withoutPermissions, /permissions/],
    "no control": [block({ scripts: { count: withoutControl } }), /control/],
    "unknown permission": [block({ permissions: { ...permissions, processes: true } }), /processes/],
    "paths are none that there are": [block({ permissions: { ...permissions, paths: ["/"] } }), /paths/],
    "every host": [block({ permissions: { ...permissions, hosts: ["*"] } }), /a host is written out/],
    "unknown skill": [
      block({ permissions: { ...permissions, skills: ["moon.land"] } }),
      /moon\.land, which there is not/,
    ],
    "the owner's skill": [block({ permissions: { ...permissions, skills: ["grant.give"] } }), /yours alone/],
    "hosts without web.fetch": [
      block({ permissions: { ...permissions, hosts: ["a.example"] } }),
      /effect is read|web\.fetch/,
    ],
    "a secret for another host": [
      block({
        permissions: { skills: ["web.fetch"], hosts: ["a.example"], secrets: { key: "b.example" } },
        scripts: { count: script({ effect: "fetch" }) },
      }),
      /goes to b\.example/,
    ],
    administers: [block({ scripts: { count: script({ effect: "admin" }) } }), /administers/],
    "an unknown effect": [block({ scripts: { count: script({ effect: "fly" }) } }), /effect/],
    "unknown key": [block({ install: "curl x | sh" }), /install/],
    "untyped argument": [block({ scripts: { count: script({ types: {} }) } }), /says nothing of the argument text/],
    "control of nothing": [block({ scripts: { count: script({ control: ["to"] }) } }), /no argument to/],
    "no such file": [block({ scripts: { count: script({ file: "scripts/else.ts" }) } }), /no file scripts\/else\.ts/],
    "a file elsewhere": [block({ scripts: { count: script({ file: "../../x.ts" }) } }), /no file/],
    "a shell script": [block({ scripts: { count: script({ file: "scripts/run.sh" }) } }), /\.js, \.mjs, \.ts or \.mts/],
    "a pattern": [
      block({
        scripts: {
          count: script({ input: { ...schema, properties: { text: { type: "string", pattern: "(a+)+$" } } } }),
        },
      }),
      /pattern is not checked/,
    ],
    "a schema from elsewhere": [
      block({
        scripts: { count: script({ input: { ...schema, properties: { text: { $ref: "https://x.example" } } } }) },
      }),
      /ref/,
    ],
    "another table of calls": [block({ abi: 2 }), /abi/],
  };
  const said = Object.fromEntries(
    await Promise.all(
      Object.entries(bad).map(async ([what, [mh]], n) => [
        what,
        await tryFetch(home, writePackage(path.join(ofHome(home), `s${n}`), { mh })),
      ]),
    ),
  ) as Record<string, string>;
  for (const [what, [, says]] of Object.entries(bad)) {
    expect([what, said[what]]).toEqual([what, expect.stringMatching(/^skill\.(misdeclared|refused)/)]);
    expect([what, said[what]]).toEqual([what, expect.stringMatching(says)]);
  }
  expect(fs.existsSync(home.file("brain"))).toBe(false);
});

test("P8 no package takes a name that is taken, or that can be taken for one", async () => {
  await using home = await makeHost();
  await install(home, writePackage(ofHome(home), { name: "letters" }));
  const names = [
    "mail",
    "mai1",
    "web",
    "rnail",
    "me-mory",
    "skill",
    "mcp",
    "mcp-files",
    "1etters",
    "Letters",
    "lеtters",
    "outbox",
  ];
  const said = await Promise.all(
    names.map((name) => tryFetch(home, writePackage(path.join(ofHome(home), "bad"), { name }))),
  );
  expect(said.map((text, n) => [names[n], /^skill\.misdeclared/.test(text)])).toEqual(
    names.map((name) => [name, true]),
  );
  expect(said[1]).toContain("can be taken for mail");
  expect(await tryFetch(home, writePackage(path.join(ofHome(home), "good"), { name: "weather" }))).toBe("done");
});

test("P10 links, paths that lead elsewhere and what is too large are refused before anything is written", async () => {
  await using home = await makeHost();
  const folder = writePackage(ofHome(home));
  const refusedWith = async (change: () => void, back: () => void) => {
    change();
    const said = await tryFetch(home, folder);
    back();
    return said;
  };
  const at = (name: string) => path.join(folder, name);
  const away = (name: string) => () => fs.rmSync(at(name), { recursive: true });
  const write = (name: string, text: string | Buffer) => () => writeFiles(folder, { [name]: text as string });
  expect(await refusedWith(() => fs.symlinkSync("/etc/passwd", at("notes")), away("notes"))).toMatch(
    /^skill\.refused.*notes is a link/,
  );
  expect(await refusedWith(() => fs.symlinkSync("/etc", at("folder")), away("folder"))).toMatch(/folder is a link/);
  expect(await refusedWith(write("COUNT.md", "a"), () => undefined)).toBe("done");
  expect(await refusedWith(write("count.md", "b"), away("count.md"))).toMatch(/but for case/);
  expect(await refusedWith(write("a\u202eb.md", "x"), away("a\u202eb.md"))).toMatch(/no place in a path/);
  expect(await refusedWith(write("big.bin", Buffer.alloc(1_000_001)), away("big.bin"))).toMatch(/more than 1 MB/);
  expect(
    await refusedWith(() => {
      for (let n = 0; n < 301; n += 1) writeFiles(folder, { [`many/${n}`]: "" });
    }, away("many")),
  ).toMatch(/more than 300 files/);
  expect(await refusedWith(write("a/b/c/d/e/f/g/h/i", "x"), away("a"))).toMatch(/too deep/);
  fs.symlinkSync(folder, path.join(ofHome(home), "linked"));
  expect(await tryFetch(home, path.join(ofHome(home), "linked"))).toMatch(/is no folder/);
  expect(fs.existsSync(home.file("brain"))).toBe(false);
});

test("P10 an installed package carries the hash of every file, in the log; one changed byte stops it until the owner saw it", async () => {
  await using home = await makeHost();
  const { hash } = await install(home, writePackage(ofHome(home)));
  expect(await show(home)).toMatchObject({ state: "on", pinned: hash, changes: [] });
  const adopted = [...inspect(home.root, home.environment).records()].find(
    ({ phase, body }) => phase === "adopt" && body?.what === "skill",
  );
  const count = fs.readFileSync(home.file("brain/skills/letters/scripts/count.ts"));
  expect(adopted?.body).toMatchObject({
    hash,
    files: { "scripts/count.ts": createHash("sha256").update(count).digest("hex") },
  });

  fs.appendFileSync(home.file("brain/skills/letters/scripts/count.ts"), "//\n");
  expect(failure(await home.act(owner, "letters.count", { text: "abc" }))).toMatch(
    /^skill\.changed.*mh skill update letters/,
  );
  const changed = await show(home);
  expect(changed).toMatchObject({
    state: "changed",
    wider: [],
    changes: [{ path: "scripts/count.ts", what: "changed" }],
  });
  expect(changed.changes[0]?.diff.filter(({ sign }) => sign !== " ")).toEqual([{ sign: "+", text: "//" }]);
  await home.reopen();
  expect(failure(await home.act(owner, "letters.count", { text: "abc" }))).toMatch(/^skill\.changed/);

  expect(failure(await home.act(owner, "skill.allow", { name: "letters", hash }))).toMatch(/^skill\.changed/);
  await home.own("skill.allow", { name: "letters", hash: changed.hash });
  expect(await show(home)).toMatchObject({ state: "on", pinned: changed.hash });

  for (const name of ["SKILL.md", "extra.ts"]) {
    fs.appendFileSync(home.file(`brain/skills/letters/${name}`), "\n");
    expect(failure(await home.act(owner, "letters.count", { text: "abc" }))).toMatch(/^skill\.changed/);
  }
  expect(failure(await home.act(owner, "skill.read", { name: "letters" }))).toMatch(/^skill\.changed/);
});

test("P10 what was shown is what is installed, once, and only by the owner", async () => {
  await using home = await makeHost();
  const folder = writePackage(ofHome(home));
  const { stage, skill } = await home.own("skill.fetch", { source: folder });
  expect(skill).toMatchObject({
    name: "letters",
    rights: [expect.stringMatching(/^run letters\.count/), expect.anything()],
  });
  writeFiles(folder, { "scripts/count.ts": "export const run = () => process.exit(1);\n" });
  for (const principal of [agent("organizer"), "skill:letters", "mcp:files"]) {
    expect((await home.act(principal, "skill.fetch", { source: folder })).status).toBe("denied");
    expect((await home.act(principal, "skill.add", { stage, hash: skill.hash })).status).toBe("denied");
  }
  expect(failure(await home.act(owner, "skill.add", { stage, hash: "0".repeat(64) }))).toMatch(
    /^skill\.refused.*not the package/,
  );
  await home.own("skill.add", { stage, hash: skill.hash });
  expect(fs.readFileSync(home.file("brain/skills/letters/scripts/count.ts"), "utf8")).toContain("letters: text.length");
  expect(failure(await home.act(owner, "skill.add", { stage, hash: skill.hash }))).toMatch(/does not wait any more/);
  const again = await home.own("skill.fetch", { source: writePackage(ofHome(home)) });
  expect(failure(await home.act(owner, "skill.add", { stage: again.stage, hash: again.skill.hash }))).toMatch(
    /there already/,
  );
});

test("K10 an update that wants more says what, and whoever had leave for less is asked about again", async () => {
  await using home = await makeHost();
  const both = { count: script(), other: script({ title: "Another" }) };
  const first = await install(home, writePackage(ofHome(home), { mh: block({ scripts: both }) }));
  for (const skill of ["letters.count", "letters.other"])
    await home.own("grant.give", { principal: agent("a"), skill });
  const granted = async () =>
    (await home.own("grant.list", {})).grants
      .filter(({ principal }) => principal === agent("a"))
      .map(({ skill }) => skill);

  const same = await home.own("skill.fetch", {
    source: writePackage(ofHome(home), { mh: block({ version: "1.0.1", scripts: both }) }),
  });
  expect(same.skill).toMatchObject({ wider: [], changes: [{ path: "SKILL.md", what: "changed" }] });
  const second = await home.own("skill.add", { stage: same.stage, hash: same.skill.hash, replaces: first.hash });
  expect(await granted()).toEqual(["letters.count", "letters.other"]);

  const sends = { ...both, count: script({ effect: "send", risk: "high" }) };
  const wider = await home.own("skill.fetch", {
    source: writePackage(ofHome(home), { mh: block({ version: "2.0.0", scripts: sends }) }),
  });
  expect(wider.skill.wider).toEqual(["run letters.count, whose effect is now send, not read"]);
  const third = await home.own("skill.add", {
    stage: wider.stage,
    hash: wider.skill.hash,
    replaces: second.hash,
  });
  expect(await granted()).toEqual(["letters.other"]);
  expect((await home.act(agent("a"), "letters.count", { text: "x" })).status).not.toBe("done");

  const reaches = { skills: ["web.fetch"], hosts: ["a.example"], secrets: { key: "a.example" } };
  const fetching = { ...sends, other: script({ effect: "fetch" }) };
  const more = await home.own("skill.fetch", {
    source: writePackage(ofHome(home), { mh: block({ version: "3.0.0", permissions: reaches, scripts: fetching }) }),
  });
  expect(more.skill.wider).toEqual([
    "call web.fetch",
    "read from a.example",
    "send your secret letters.key to a.example",
    "run letters.other, whose effect is now fetch, not read",
  ]);
  await home.own("skill.add", { stage: more.stage, hash: more.skill.hash, replaces: third.hash });
  expect(await granted()).toEqual([]);
});

test("K10 an update that says otherwise what an argument is, or that it controls nothing, wants more", async () => {
  await using home = await makeHost();
  const wider = async (changed: object) => {
    const source = writePackage(ofHome(home), { mh: block({ scripts: { count: script(changed) } }) });
    return (await home.own("skill.fetch", { source })).skill.wider;
  };
  const strict = { control: ["text"], types: { text: "email" } };
  await install(home, writePackage(ofHome(home), { mh: block({ scripts: { count: script(strict) } }) }));
  expect(await wider({ ...strict, types: { text: "path" } })).toEqual([
    "run letters.count, where text is said to be of another kind",
  ]);
  expect(await wider({ ...strict, control: [] })).toEqual([
    "run letters.count, where text is no longer declared to control it",
  ]);
  expect(await wider({ ...strict, title: "Another" })).toEqual([]);
});

test("K10 an approval request for an earlier version is not answered for a later one", async () => {
  await using home = await makeHost();
  const sending = (version: string) => block({ version, scripts: { count: script({ effect: "send" }) } });
  const { hash } = await install(home, writePackage(ofHome(home), { mh: sending("1.0.0") }));
  await home.own("grant.give", { principal: agent("a"), skill: "letters.count" });
  const parked = await home.act(agent("a"), "letters.count", { text: "x" });
  expect(parked.status).toBe("parked");
  const shown = await home.own("approval.show", { id: parked.id });
  await install(
    home,
    writePackage(ofHome(home), {
      mh: sending("1.0.0"),
      files: { "scripts/count.ts": "export const run = () => ({ letters: 7 });\n" },
    }),
    hash,
  );
  expect(failure(await home.act(owner, "approval.approve", { id: parked.id, hash: shown.hash }))).toMatch(
    /^approval\.changed/,
  );
});

test("K10 what a package builds on is there, in that version or a later one, or the package is refused", async () => {
  await using home = await makeHost();
  const needs = (version: string) => block({ requires: { letters: { version, from: "npm:letters" } }, scripts: {} });
  const folder = writePackage(ofHome(home), { name: "words", mh: needs("1.2.0") });
  const { stage, skill } = await home.own("skill.fetch", { source: folder });
  expect(skill.missing).toEqual([{ name: "letters", version: "1.2.0", from: "npm:letters" }]);
  const add = () => home.act(owner, "skill.add", { stage, hash: skill.hash });
  expect(failure(await add())).toMatch(/builds on letters 1\.2\.0 or later.*mh skill add npm:letters/);
  const { hash } = await install(home, writePackage(ofHome(home), { mh: block({ version: "1.1.9" }) }));
  expect(failure(await add())).toMatch(/builds on letters/);
  await install(home, writePackage(ofHome(home), { mh: block({ version: "1.10.0" }) }), hash);
  expect((await add()).status).toBe("done");
  expect(failure(await home.act(owner, "skill.remove", { name: "letters" }))).toMatch(/words builds on letters/);
  await home.own("skill.remove", { name: "words" });
  await home.own("skill.remove", { name: "letters" });
  expect(await home.own("skill.list", {})).toEqual({ skills: [] });
  expect(home.host.registry.find("letters.count")).toBeUndefined();
});

test("a package without our block is instructions: listed and read, with nothing to run", async () => {
  await using home = await makeHost();
  await install(home, writePackage(ofHome(home), { name: "pdf-forms", mh: null }));
  expect(await show(home, "pdf-forms")).toMatchObject({ state: "on", scripts: [], rights: [], version: null });
  expect(await home.own("skill.read", { name: "pdf-forms" })).toMatchObject({
    text: expect.stringContaining("Letter by letter."),
  });
  expect(home.host.registry.all().filter(({ contract }) => contract.name.startsWith("pdf-forms"))).toEqual([]);
  expect(failure(await home.act(owner, "skill.read", { name: "pdf-forms", file: "../../../home.json" }))).toMatch(
    /has no file/,
  );
});

test("a folder put into brain/skills by hand waits for the owner", async () => {
  await using home = await makeHost();
  writeFiles(home.file("brain/skills/letters"), packageFiles());
  const waiting = await show(home);
  expect(waiting).toMatchObject({ state: "waiting", pinned: null, scripts: ["letters.count"] });
  expect(failure(await home.act(owner, "letters.count", { text: "x" }))).toMatch(/^skill\.unknown/);
  await home.own("skill.allow", { name: "letters", hash: waiting.hash });
  expect(home.host.registry.find("letters.count")).toBeDefined();
  await home.reopen();
  expect(home.host.registry.find("letters.count")).toBeDefined();
  fs.rmSync(home.file("memory/index"), { recursive: true, force: true });
  await home.reopen();
  expect(home.host.registry.find("letters.count")).toBeDefined();
});

test("P10 a package takes the place of nothing that the owner put there", async () => {
  await using home = await makeHost();
  const draft = { "SKILL.md": "a draft of mine", "notes.txt": "a year of work" };
  writeFiles(home.file("brain/skills/letters"), draft);
  const source = writePackage(ofHome(home));
  const mine = () => Object.fromEntries(Object.keys(draft).map((name) => [name, read(name)]));
  const read = (name: string) => fs.readFileSync(home.file(`brain/skills/letters/${name}`), "utf8");
  expect(await tryFetch(home, source)).toMatch(/^skill\.refused brain\/skills\/letters holds something else/);
  fs.renameSync(home.file("brain/skills/letters"), home.file("draft"));
  const { stage, skill } = await home.own("skill.fetch", { source });
  fs.renameSync(home.file("draft"), home.file("brain/skills/letters"));
  expect(failure(await home.act(owner, "skill.add", { stage, hash: skill.hash }))).toMatch(/holds something else/);
  expect(mine()).toEqual(draft);
  // What lies there already, to the byte, is no other.
  fs.rmSync(home.file("brain/skills/letters"), { recursive: true });
  writeFiles(home.file("brain/skills/letters"), packageFiles());
  await install(home, source);
  expect(await show(home)).toMatchObject({ state: "on", source });
});

test("P16 a skill's name leads nowhere but to its folder", async () => {
  await using home = await makeHost();
  for (const name of ["..", ".", "", "../agents", "../../persona", "../../../../../..", "a/b", "a\\b"])
    for (const skill of ["show", "read", "remove"])
      expect(failure(await home.act(owner, `skill.${skill}`, { name }))).toMatch(/^args\.invalid/);
});

test("K10 a diff that is too long to be shown says how much of it is not", async () => {
  await using home = await makeHost();
  const lines = (text: string) => `${Array.from({ length: 1_000 }, (_, n) => `${text} ${n}`).join("\n")}\n`;
  await install(home, writePackage(ofHome(home), { files: { "a.txt": lines("old") } }));
  const source = writePackage(ofHome(home), { files: { "a.txt": lines("new") } });
  const { skill } = await home.own("skill.fetch", { source });
  expect(skill.changes[0]?.diff).toHaveLength(401);
  expect(skill.changes[0]?.diff.at(-1)?.text).toBe("… and 1600 more lines that differ");
});
