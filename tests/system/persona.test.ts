import * as fs from "node:fs";
import * as path from "node:path";
import type { PersonaSection } from "@mh/contract/values/persona-sections.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

test("H6 every version of a part of the persona is kept, says what it changed, and can be written again", async () => {
  await using home = await makeHost();
  const write = (text: string) => home.own("persona.update", { section: "values", text });
  const versions = async () => (await home.own("persona.versions", { section: "values" })).versions;
  expect(await versions()).toEqual([]);
  await write("Calm before speed.");
  await write("Calm before speed.\nPeople before projects.");
  expect(await versions()).toMatchObject([
    {
      ...{ how: "written", principal: "owner", text: "Calm before speed.\nPeople before projects.\n" },
      diff: [
        { sign: " ", text: "Calm before speed." },
        { sign: "+", text: "People before projects." },
      ],
    },
    { how: "written", text: "Calm before speed.\n", diff: [{ sign: "+", text: "Calm before speed." }] },
  ]);
  await home.own("history.undo", {});
  const [latest] = await versions();
  expect(latest).toMatchObject({ how: "undone", text: "Calm before speed.\n" });
  // A version is written again by the command that writes any: the way there is one more version.
  await write((await versions())[1]?.text ?? "");
  expect((await versions()).map(({ how }) => how)).toEqual(["written", "undone", "written", "written"]);
});

test("H6 where more versions are there than are asked for, none is taken for one by hand, and the oldest shown has its change", async () => {
  await using home = await makeHost();
  for (const text of ["One.", "Two.", "Three."]) await home.own("persona.update", { section: "values", text });
  const versions = async (limit: number) =>
    (await home.own("persona.versions", { section: "values", limit })).versions.map(({ how, text, diff }) => [
      ...[how, text],
      diff.map(({ sign }) => sign).join(""),
    ]);
  const all = [
    ["written", "Three.\n", "-+"],
    ["written", "Two.\n", "-+"],
    ["written", "One.\n", "+"],
  ];
  for (const limit of [1, 2, 3, 4]) expect(await versions(limit)).toEqual(all.slice(0, limit));
});

test("H6 what was written by hand is a version of its own, and so is what it overwrote", async () => {
  await using home = await makeHost();
  const file = path.join(home.root, "persona", "goals.md");
  await home.own("persona.update", { section: "goals", text: "Ship it." });
  fs.writeFileSync(file, "Ship it well.\n");
  const versions = async () => (await home.own("persona.versions", { section: "goals" })).versions;
  // Nobody has read it yet; what a command overwrites is kept, and so is what the hand overwrote before.
  expect(await versions()).toMatchObject([
    { how: "by hand", id: null, at: null, text: "Ship it well.\n" },
    { how: "written", text: null, diff: [] },
  ]);
  await home.own("persona.update", { section: "goals", text: "Ship it well, in May." });
  const told = async () => (await versions()).map(({ how, text }) => [how, text]);
  expect(await told()).toEqual([
    ["written", "Ship it well, in May.\n"],
    ["by hand", "Ship it well.\n"],
    ["written", "Ship it.\n"],
  ]);
});

test("H6 each text that a hand overwrote with an editor is a version that can be restored", async () => {
  await using home = await makeHost();
  home.clock.set("2026-03-06T18:00:00Z");
  const file = path.join(home.root, "persona", "values.md");
  const edit = async (text: string) => {
    fs.writeFileSync(file, text);
    await home.reopen();
  };
  const versions = async (limit = 50) =>
    (await home.own("persona.versions", { section: "values", limit })).versions.map(({ how, text }) => [how, text]);
  await edit("Zero\n");
  await home.own("persona.update", { section: "values", text: "One" });
  await edit("Two\n");
  await edit("Three\n");
  // What cannot be read is not in force, and overwrites nothing.
  fs.writeFileSync(file, Buffer.from([0xff, 0xfe, 0xfd]));
  await home.reopen();
  await edit("Four\n");
  await edit("Two\n");
  const all = [
    ["by hand", "Two\n"],
    ["by hand", "Four\n"],
    ["by hand", "Three\n"],
    ["by hand", "Two\n"],
    ["written", "One\n"],
    ["by hand", "Zero\n"],
  ];
  expect(await versions()).toEqual(all);
  for (const limit of [1, 2, 4]) expect(await versions(limit)).toEqual(all.slice(0, limit));
  const [latest] = (await home.own("persona.versions", { section: "values" })).versions;
  expect(latest).toMatchObject({ id: null, principal: null, at: expect.stringMatching(/^2026-03-06T18:/) });
  // Restored as any version is; an index that is made anew knows the same.
  await home.own("persona.update", { section: "values", text: "One", reason: "as version 5 had it" });
  for (const left of fs.globSync(path.join(home.root, "memory/index/*"))) fs.rmSync(left);
  await home.reopen();
  expect(await versions()).toEqual([["written", "One\n"], ...all]);
  await home.own("object.discard", {});
  home.clock.set("2027-03-06T18:00:00Z");
  await home.own("object.discard", {});
  expect((await versions())[3]).toEqual(["by hand", "Three\n"]);
});

test("H6 what a hand took away is a version, too, once the owner accepts that it is gone", async () => {
  await using home = await makeHost();
  const file = path.join(home.root, "persona", "values.md");
  await home.own("persona.update", { section: "values", text: "One" });
  fs.writeFileSync(file, "Two\n");
  await home.reopen();
  fs.rmSync(file);
  await home.reopen();
  await home.own("damage.accept", {});
  const { versions } = await home.own("persona.versions", { section: "values" });
  expect(versions.map(({ how, text }) => [how, text])).toEqual([
    ["by hand", ""],
    ["by hand", "Two\n"],
    ["written", "One\n"],
  ]);
});

test("H6 every version says who wrote it and why; the history of all parts is one list, the latest first", async () => {
  await using home = await makeHost();
  await home.own("persona.update", { section: "values", text: "Calm.", reason: "a talk with Sarah" });
  await home.own("persona.update", { section: "routines", text: "- Run {when: sat morning}" });
  await home.own("goal.add", { title: "Ship it", reason: "agreed" });
  await home.own("history.undo", {});
  const { versions } = await home.own("persona.versions", {});
  expect(
    versions.map(({ section, number, how, principal, reason }) => [section, number, how, principal, reason]),
  ).toEqual([
    ["goals", 1, "undone", "owner", null],
    ["goals", 2, "written", "owner", "agreed"],
    ["routines", 1, "written", "owner", null],
    ["values", 1, "written", "owner", "a talk with Sarah"],
  ]);
  // The words lie in an object; the log itself has none of them.
  const log = fs
    .readdirSync(path.join(home.root, "logs/audit"))
    .map((name) => fs.readFileSync(path.join(home.root, "logs/audit", name), "utf8"));
  expect(log.join("")).toContain('"phase":"reason"');
  expect(log.join("")).not.toContain("Sarah");
});

const mistakes: [section: string, text: string, line: number, why: RegExp][] = [
  [
    "goals",
    "# Goals\n\n- Ship it {sort}\n",
    3,
    /“sort” is not known in braces here; short, medium, long, due and #name|short, medium, long, due/,
  ],
  ["goals", "- Ship it {short\n", 1, /not closed/],
  ["goals", "- [y] Ship it\n", 1, /\[x\] for done/],
  ["goals", "- Ship it {due 2026-02-30}\n", 1, /2026-05-31/],
  ["goals", "- Ship it\n- Other\n- ship it!\n", 3, /the name of line 1/],
  ["goals", "## Short\n- Ship it\n  - Be famous {long}\n", 3, /cannot be a part of a short one \(line 2\)/],
  ["decision-rules", "- Rest first {when: elevenses}\n", 1, /elevenses/],
  ["decision-rules", "## Hard\n- Rest first {weight 2}\n", 2, /a hard one holds always/],
  ["decision-rules", "- Rest first {soft, weight 11}\n", 1, /from 0 to 10/],
  ["routines", "Mornings:\n\n- Write {when weekdays 25:00-26:00}\n", 3, /25:00-26:00/],
  ["routines", "- Write {energy huge}\n", 1, /low, medium, high/],
];

test.each(mistakes)(
  "H6 a mistake by hand in %s is named by its line, and the last good version stays: %j",
  async (name, text, line, why) => {
    const section = name as PersonaSection;
    await using home = await makeHost();
    const good = section === "decision-rules" ? "- Rest first {soft}" : "- Rest";
    await home.own("persona.update", { section, text: good });
    fs.writeFileSync(path.join(home.root, "persona", `${section}.md`), text);
    await home.reopen();
    const { sections } = await home.own("persona.show", { section });
    expect(sections).toMatchObject([{ text: `${good}\n`, broken: expect.stringMatching(why) }]);
    expect(sections[0]?.broken).toContain(`persona/${section}.md line ${line}:`);
    if (section === "goals")
      expect((await home.own("goal.list", {})).goals.map(({ title }) => title)).toEqual(["Rest"]);
    // A command does not write it either, and nothing is written over what the owner typed.
    const refused = { status: "failed", fault: { code: "document.invalid", message: expect.stringMatching(why) } };
    expect(await home.act("owner", "persona.update", { section, text })).toMatchObject(refused);
    if (section === "goals") expect(await home.act("owner", "goal.add", { title: "One more" })).toMatchObject(refused);
    expect(fs.readFileSync(path.join(home.root, "persona", `${section}.md`), "utf8")).toBe(text);
    // Repaired, it is in force.
    fs.writeFileSync(path.join(home.root, "persona", `${section}.md`), "- Rest a lot\n");
    await home.reopen();
    expect((await home.own("persona.show", { section })).sections).toMatchObject([
      { text: "- Rest a lot\n", broken: null },
    ]);
  },
);

test("H6 a hard decision rule is shown as the rule of the policy that it is, and binds once that is in force", async () => {
  await using home = await makeHost();
  const text =
    "- Never send mail at night {hard}\n- Never be rude {hard}\n- Ask me before you delete mail {hard}\n- Rest first {when sunday, weight 2}\n- Send mail to Sarah every week {hard}";
  await home.own("persona.update", { section: "decision-rules", text });
  const rules = async () => (await home.own("persona.rules", {})).rules;
  expect(await rules()).toMatchObject([
    {
      isHard: true,
      policy: { kind: "forbid", sentence: "send mail at night", cedar: expect.stringContaining("forbid") },
      inForce: null,
    },
    { isHard: true, policy: null, inForce: null, why: expect.stringContaining("be rude") },
    { isHard: true, policy: { kind: "ask", sentence: "delete mail" }, inForce: null },
    { isHard: false, weight: 2, when: "sunday", policy: null, why: null },
    { isHard: true, policy: null, inForce: null, why: expect.stringContaining("forbids or asks") },
  ]);
  expect((await home.own("policy.list", {})).inForce.filter(({ origin }) => origin === "owner")).toEqual([]);
  const { slug, text: cedar } = await home.own("policy.draft", { kind: "forbid", sentence: "send mail at night" });
  await home.own("policy.write", { name: `${slug}.cedar`, text: cedar });
  expect((await rules())[0]?.inForce).toContain(slug);
});
