import type { DecisionView } from "@mh/contract/decision.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { randomFrom } from "@mh/testing/random.ts";
import { expect, inject, test } from "vitest";

const names = ["call Ana", "write a letter", "wait", "meet on Friday at 15:00", "go home"];
const abouts = ["Ana asks about the boat", "A letter from the bank", "Rain all afternoon"];
const dayMs = 24 * 3_600_000;

type Random = () => number;
const below = (random: Random, n: number): number => Math.floor(random() * n);
const oneOf = <T>(random: Random, all: readonly T[]): T => all[below(random, all.length)] as T;

/** The lines of a section of the persona by the names that their parts have. */
type Lines = Map<string, string>;

/** A home whose owner said much of what could be done, in every place where that can be said. */
async function makeKnownHome(random: Random) {
  const home = await makeHost();
  home.clock.set("2026-03-05T09:00:00Z");
  const lines = { rule: new Map(), value: new Map(), goal: new Map() } as Record<"rule" | "value" | "goal", Lines>;
  for (const [n, name] of names.entries()) {
    const said = [`Never ${name}`, `${name}, whatever comes`, `${name} rather than anything`];
    const key = `r${n}`;
    const bound = oneOf(random, ["", ", when thu", ", with Ana", ", when sunday"]);
    lines.rule.set(key, `- ${oneOf(random, said)} {#${key}, weight ${1 + below(random, 9)}${bound}}`);
    lines.value.set(`${name.replaceAll(/[ :]/g, "-").toLowerCase()}-is-good`, `- ${name} is good`);
    lines.goal.set(`g${n}`, `- [ ] ${name} this year {#g${n}}`);
    if (random() < 0.7) await home.own("memory.prefer", { text: `${oneOf(random, said)}. Ana knows ${n}.` });
    if (random() < 0.7) await home.own("task.add", { title: `${name} by tonight` });
  }
  for (const [n, hour] of [14, 15].entries()) {
    const item = { externalId: `e${n}`, content: `Dentist ${n}`, source: "calendar", at: `2026-03-06T${hour}:30:00Z` };
    const eventAt = [{ from: item.at, to: `2026-03-06T${hour + 1}:00:00Z`, text: "Friday", grain: "minute" as const }];
    await home.own("memory.import", { source: "calendar", from: "file", items: [{ ...item, eventAt }] });
  }
  return { home, lines };
}

const sections = { rule: "decision-rules", value: "values", goal: "goals" } as const;

const writeLines = async (home: TestHost, kind: keyof typeof sections, lines: Lines) =>
  home.own("persona.update", { section: sections[kind], text: [`# ${kind}`, "", ...lines.values()].join("\n") });

async function forget(home: TestHost, skill: "memory.forget" | "decision.forget", id: string) {
  const parked = await home.act(owner, skill, { id });
  const { hash } = await home.own("approval.show", { id: parked.id });
  expect(await home.approve(parked.id, hash)).toMatchObject({ status: "done" });
}

/** Takes what a part names really away. */
async function remove(home: TestHost, lines: Record<string, Lines>, part: string) {
  const [kind = "", name = ""] = part.split(/:(.*)/s);
  if (kind === "rule" || kind === "value" || kind === "goal") {
    expect([part, lines[kind]?.delete(name)]).toEqual([part, true]);
    await writeLines(home, kind, lines[kind] as Lines);
  } else if (kind === "task") await home.own("task.finish", { id: name });
  else await forget(home, "memory.forget", name);
}

const partOf = ({ options }: DecisionView, option: number, name: string): number =>
  options[option]?.parts.find((part) => part.name === name)?.value ?? 0;

const isOfSomething = (name: string): boolean => /^(?:preference|rule|value|goal|task|event):/.test(name);

test("H13 whatever explain names, taken away for good, changes each score by what it said", async () => {
  const random = randomFrom(inject("seed"));
  const { home: made, lines } = await makeKnownHome(random);
  await using home = made;
  for (const kind of ["rule", "value", "goal"] as const) await writeLines(home, kind, lines[kind]);
  const situation = oneOf(random, abouts);
  const options = names.map((name) => ({ name, score: random(), features: { effort: 2 * random() - 1 } }));
  const decide = async () => {
    const { id } = await home.own("decision.make", { situation, options });
    return home.own("decision.explain", { id });
  };
  let view = await decide();
  const seen = new Set<string>();
  for (;;) {
    const parts = [...new Set(view.options.flatMap((each) => each.parts.map(({ name }) => name)))].filter(
      isOfSomething,
    );
    if (parts.length === 0) break;
    const name = oneOf(random, parts);
    await remove(home, lines, name);
    const after = await decide();
    for (const [n, { name: option, score }] of after.options.entries()) {
      const told = partOf(view, n, name);
      expect([name, option, (view.options[n]?.score ?? 0) - score]).toEqual([name, option, expect.closeTo(told, 9)]);
      expect([name, option, partOf(after, n, name)]).toEqual([name, option, 0]);
    }
    seen.add(name.replace(/:.*/s, ""));
    view = after;
  }
  // Nothing is left but what the caller said of each.
  for (const { parts } of view.options) expect(parts.map(({ name }) => name)).toEqual(["score", "feature:effort"]);
  expect([...seen].sort()).toEqual(["event", "goal", "preference", "rule", "task", "value"]);
});

test("H13 each answer that explain names, forgotten, changes the score of the best by what it said", async () => {
  const random = randomFrom(inject("seed") + 1);
  await using home = await makeHost();
  home.clock.set("2026-03-02T09:00:00Z");
  const optionsAt = () => names.map((name) => ({ name, features: { effort: 2 * random() - 1 } }));
  // More than it takes to find how fast old answers fade, and the owner changes their mind.
  for (let n = 0; n < 70; n += 1) {
    const about = below(random, abouts.length);
    const { id } = await home.own("decision.make", { situation: abouts[about] ?? "", options: optionsAt() });
    const place = random() < 0.1 ? below(random, names.length) : (about + (n < 35 ? 0 : 2)) % names.length;
    await home.own("decision.correct", { id, option: names[place] ?? "" });
    home.clock.forward(dayMs / 4);
  }
  const options = optionsAt();
  const situation = oneOf(random, abouts);
  const decide = () => home.own("decision.make", { situation, options });
  const evidenceIn = (view: DecisionView) =>
    view.options.flatMap(({ parts }, option) =>
      parts.flatMap(({ evidence = [] }) => evidence.map((each) => ({ ...each, option }))),
    );
  let view = await decide();
  for (let n = 0; n < 4; n += 1) {
    const named = evidenceIn(view);
    expect(named).toHaveLength(3);
    const { id, option, value } = oneOf(random, named);
    expect(Math.abs(value)).toBeGreaterThan(0);
    await forget(home, "decision.forget", id);
    const after = await decide();
    const lost = (view.options[option]?.score ?? 0) - (after.options[option]?.score ?? 0);
    expect(lost).toBeCloseTo(value, 9);
    expect(evidenceIn(after).map((each) => each.id)).not.toContain(id);
    expect(await home.own("decision.explain", { id })).toMatchObject({ situation: null });
    expect(await home.act(owner, "decision.forget", { id })).not.toMatchObject({ status: "done" });
    view = after;
  }
});

test("H13 a decision that was left to the owner and forgotten waits for nobody any more", async () => {
  await using home = await makeHost();
  const options = [{ name: "tea" }, { name: "coffee" }];
  const { id } = (await home.own("decision.make", {
    situation: "What to drink?",
    options,
    threshold: 1,
  })) as DecisionView;
  const open = async () =>
    ((await home.own("decision.list", { open: true })) as { decisions: DecisionView[] }).decisions;
  expect((await open()).map((each) => each.id)).toEqual([id]);
  await forget(home, "decision.forget", id);
  expect(await open()).toEqual([]);
});
