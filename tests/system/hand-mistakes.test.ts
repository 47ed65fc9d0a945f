import * as fs from "node:fs";
import * as path from "node:path";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

/** What is wrong, in which line, and what is said of it. */
type Mistake = readonly [text: string | Uint8Array, line: number, why: RegExp];

const notUtf8 = Buffer.concat([Buffer.from("First\n\nSecönd\n"), Buffer.from([0x61, 0xff, 0x0a])]);

/** Of every Markdown that says who the owner is. */
const everywhere: Mistake[] = [
  [notUtf8, 4, /UTF-8/],
  ["Calm\n\n```\nPeople first\n", 3, /no end/],
  ["Calm\n<!-- for later\nPeople first\n", 2, /no end/],
];

/** Where braces say more of a point. */
const marked: Mistake[] = [
  ["- Rest\n- Swim {sort}\n", 2, /“sort” is not known/],
  ["- Rest {\n", 1, /not closed/],
  ["Some words\n\n- Rest {#a b}\n", 3, /no name/],
  ["##Soft\n- Rest\n", 1, /blank behind its signs/],
];

const sections: Record<PersonaSection, Mistake[]> = {
  persona: everywhere,
  values: everywhere,
  relationships: everywhere,
  goals: [
    ...everywhere,
    ...marked,
    ["- [] Ship it\n", 1, /a box has/],
    ["- Rest\n- [x]Ship it\n", 2, /a box has/],
    ["- [?] Ship it\n", 1, /a box is/],
    ["- Ship it {due tomorrow}\n", 1, /2026-05-31/],
    ["- Ship it {due 2026-02-30} soon\n", 1, /at the end of the line only/],
    ["- Ship it {short, long}\n", 1, /not both/],
    ["## Short\n- Ship it\n  - Be famous {long}\n", 3, /part of a short one/],
    ["- Ship it\n- ship it\n", 2, /the name of line 1/],
    ["- Ship it\n- {short}\n", 2, /no words/],
  ],
  routines: [
    ...everywhere,
    ...marked,
    ["- Write {when elevenses}\n", 1, /elevenses/],
    ["- Write {when 25:00-26:00}\n", 1, /25:00/],
    ["- Write {when}\n", 1, /say when/],
    ["- Write {energy huge}\n", 1, /low, medium, high/],
    ["- Write {when monday}, with tea\n", 1, /at the end of the line only/],
  ],
  "decision-rules": [
    ...everywhere,
    ...marked,
    ["- Rest first {weight heavy}\n", 1, /from 0 to 10/],
    ["- Rest first {weight -1}\n", 1, /from 0 to 10/],
    ["- Rest first {weight 11}\n", 1, /from 0 to 10/],
    ["- Rest first {hard, soft}\n", 1, /not both/],
    ["- Rest first {hard}.\n", 1, /at the end of the line only/],
    ["- Rest first {when sunday} always\n", 1, /at the end of the line only/],
    ["## Hard\n- Never call {with Ana}\n", 2, /for soft rules/],
    ["- Rest first {with}\n", 1, /with whom/],
    ["- Rest\n- {hard}\n", 2, /no words/],
  ],
};

test.each(personaSections)(
  "H6 each mistake by hand in %s is named by its line, and the last good version stays",
  async (section) => {
    await using home = await makeHost();
    const file = home.file(`persona/${section}.md`);
    const good = "- Rest a lot\n";
    const state = async () => {
      await home.reopen();
      const [found] = (await home.own("persona.show", { section })).sections;
      return found;
    };
    // Before anything is in force, too: nothing is then, and why is told.
    for (const [n, [text, line, why]] of sections[section].entries()) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
      const first = await state();
      expect([n, first?.text, first?.broken]).toEqual([n, n === 0 ? "" : good, expect.stringMatching(why)]);
      expect([n, first?.broken]).toEqual([n, expect.stringContaining(`persona/${section}.md line ${line}:`)]);
      // From a command the same text is refused in the same words; repaired it is in force.
      const outcome = await home.act("owner", "persona.update", { section, text: String(text) });
      if (typeof text === "string") expect([n, outcome]).toMatchObject([n, { fault: { message: first?.broken } }]);
      fs.writeFileSync(file, good);
      expect(await state()).toMatchObject({ text: good, broken: null });
    }
  },
);

const house = `@id("quiet") forbid (principal, action == mh::Action::"send", resource);\n`;

const rules: Mistake[] = [
  [notUtf8, 4, /UTF-8/],
  [`${house}forbid (principal, action, resource)`, 2, /unexpected end/],
  [`// Überall\n\nforbid (principal, action == mh::Action::"sned", resource);`, 3, /"sned"/],
  [`${house}\n\nforbid (principal, action, resource)\nwhen { context.hours == 1 };`, 5, /hours/],
  [`${house}${house}`, 2, /two rules are called/],
  [`\n\nforbid (principal == ?principal, action, resource);`, 3, /templates/],
  [`// ä\nallow (principal, action, resource);`, 2, /allow/],
];

async function sends(home: TestHost): Promise<string> {
  const { status } = await home.act("owner", "outbox.append", { text: "hi", effect: "send" });
  return status;
}

test("H6 each mistake by hand in a rule is named by its line, and the last good rules stay in force", async () => {
  await using home = await makeHost();
  home.rule("house.cedar", house);
  expect(await sends(home)).toBe("denied");
  const file = home.file("persona/policy/house.cedar");
  for (const [n, [text, line, why]] of rules.entries()) {
    fs.writeFileSync(file, text);
    home.clock.forward(1_000);
    const { broken } = await home.own("policy.list", {});
    expect([n, broken]).toEqual([n, expect.stringMatching(why)]);
    expect([n, broken]).toEqual([n, expect.stringMatching(new RegExp(`^house\\.cedar line ${line}: `))]);
    expect([n, await sends(home)]).toEqual([n, "denied"]);
    await home.reopen();
    expect([n, await sends(home)]).toEqual([n, "denied"]);
    fs.writeFileSync(file, house);
    home.clock.forward(1_000);
    expect((await home.own("policy.list", {})).broken).toBe(undefined);
  }
});

const settings: Mistake[] = [
  ["owner: Ben\ndecision: [", 2, /sequence/],
  ["owner: Ben\nowner: Cem\n", 2, /unique/],
  ["owner: Ben\n\tx: 1\n", 2, /Tabs/],
  ["owner: Ben\ndecision:\n  threshold: 2\n", 3, /decision\.threshold: it must be 1 at most/],
  ["owner: Ben\ndecision:\n  threshold: high\n", 3, /decision\.threshold: it must be a number/],
  ["owner: Ben\ndecision:\n  weights:\n    joy: much\n", 4, /decision\.weights\.joy/],
  ["owner: Ben\ndecision: 5\n", 2, /decision: it must be/],
  ["owner: [Ben]\n", 1, /owner: it must be a text/],
  ["\n\nno settings\n", 3, /the whole: it must be/],
];

test("H6 each mistake by hand in the settings is named by its line, and the last good ones hold", async () => {
  await using home = await makeHost();
  for (const [n, [text, line, why]] of settings.entries()) {
    const owner = async () => (await home.own<{ broken?: string }>("config.show", {})).broken;
    fs.writeFileSync(home.file("config.yaml"), text);
    await home.reopen();
    const broken = await owner();
    expect([n, broken]).toEqual([n, expect.stringMatching(why)]);
    expect([n, broken]).toEqual([n, expect.stringMatching(new RegExp(`^config\\.yaml line ${line}: `))]);
    // Told once, where it stands.
    expect([n, broken?.match(/line \d/g)]).toEqual([n, [`line ${line}`]]);
    expect([n, home.host.config().owner]).toEqual([n, "Ada"]);
    fs.writeFileSync(home.file("config.yaml"), "owner: Ada\n");
    await home.reopen();
    expect(await owner()).toBe(undefined);
  }
});
