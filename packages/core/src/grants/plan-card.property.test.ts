import { type Plan, planSchema, type Slot, timesOf } from "@mh/contract/values/plan.ts";
import { toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { canonical } from "../model/canonical.ts";
import { coveringStep } from "../policy/plan/covering-step.ts";
import { afterUse, freshPlan } from "../policy/plan/plan-state.ts";
import { planCard } from "./plan-card.ts";

const rounds = process.env.CI ? 20_000 : 2_000;
const facts = toolFactsSchema.parse({});
const skills = ["a.do", "b.send", "c.pay"];
const words = ["tea", "10", "ann@a.example", "x y", "\u202e[U+202E]", "n".repeat(90), 'quote " it', "line\nbreak"];
const fields = ["to", "sum", "kind", "odd field"];

/** Random plans, answers and commands out of few parts, so that they often fit. */
function makeWorld(random: () => number) {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const maybe = <T extends object>(chance: number, value: T) => (random() < chance ? value : {});
  const value = () => (random() < 0.5 ? pick(words) : Math.ceil(random() * 60));
  const entry = () =>
    Object.fromEntries(fields.map((name) => [name, name === "sum" ? Math.ceil(random() * 60) : value()]));
  const slot = (): object =>
    pick([
      () => ({ from: "s", field: pick(fields), ...maybe(0.3, { where: { kind: value() } }) }),
      () => ({ from: "s", field: "sum", kind: "amount", atMost: 40, ...maybe(0.5, { inAll: 70 }) }),
      () => ({ oneOf: [value(), value()] }),
      () => ({ kind: "amount", atMost: 30 }),
    ])();
  const step = () => ({
    skill: pick(skills),
    ...maybe(0.6, { args: { note: value() } }),
    ...maybe(0.7, { slots: { to: slot(), ...maybe(0.3, { sum: slot() }) } }),
    ...maybe(0.3, { each: random() < 0.5 ? { source: "s" } : { values: [value(), value()] } }),
    ...maybe(0.4, { times: Math.ceil(random() * 3) }),
    ...maybe(0.3, { scope: { recipients: [String(value())] } }),
  });
  const sources = { s: { skill: "s.read", args: { q: value() } } };
  const steps = Array.from({ length: Math.ceil(random() * 4) }, step);
  const plan = planSchema().parse({ principal: "agent:me", task: "t", title: "T", sources, steps });
  const entries = [entry(), entry(), entry()];
  const read = {
    id: "1",
    skill: "s.read",
    facts,
    effect: "read" as const,
    args: plan.sources.s?.args ?? {},
    output: entries,
  };
  const call = () => {
    const like = pick(plan.steps);
    const from = pick(entries);
    const args = {
      ...like.args,
      ...maybe(0.9, { to: pick([from.to, from.sum, from.kind, value()]) }),
      ...maybe(0.3, { sum: from.sum }),
    };
    return { skill: like.skill, args, scope: random() < 0.5 ? like.scope : {} };
  };
  return { plan, task: { steps: [{ step: read }] }, call, pick, value };
}

const textOf = ({ principal, title, sources, steps }: Plan): string[] => {
  const { screen, page } = planCard({ principal, title, sources, steps, task: "t" }, () => undefined);
  return page.length > 0 ? page : screen;
};

/** What the card says of one step, in one line. */
function sectionOf(plan: Plan, n: number): string {
  const lines = textOf(plan);
  const begin = lines.findIndex((line) => line.startsWith(`${n}. `));
  const end = lines.findIndex((line, at) => at > begin && !line.startsWith("   "));
  return joined(lines.slice(begin, end));
}

/** Wrapped lines as one: a broken word goes on. */
const joined = (lines: readonly string[]): string =>
  lines
    .map((line) => line.trim().replaceAll(/ +/g, " "))
    .reduce((all, line) => (all.endsWith("\\") ? all.slice(0, -1) + line : `${all} ${line}`), "");

const shownValue = (value: unknown): string =>
  JSON.stringify(value).replaceAll("[U+", "\\u005bU+").replaceAll("\u202e", "[U+202E]");

test(`K16 no plan lets through what its card does not show: skill, values, sources, bounds and how often (${rounds} commands)`, () => {
  const random = randomFrom(inject("seed"));
  let covered = 0;
  for (let round = 0; round < rounds / 10; round += 1) {
    const { plan, task, call } = makeWorld(random);
    let state = freshPlan("p", plan);
    const sums = new Map<string, number>();
    for (let n = 0; n < 10; n += 1) {
      const wanted = call();
      const found = coveringStep(state, task, wanted, (text) => text);
      if (found?.n === undefined) continue;
      covered += 1;
      state = afterUse(state, found);
      const step = plan.steps[found.n - 1] as Plan["steps"][number];
      const text = sectionOf(plan, found.n);
      const shows = (part: string) => expect([text, part, text.includes(part)]).toEqual([text, part, true]);
      shows(wanted.skill);
      const used = state.uses[found.n - 1]?.used ?? 0;
      const most = Number(/at most (\d+) times/.exec(text)?.[1] ?? 1);
      expect(used).toBeLessThanOrEqual(most);
      for (const [name, value] of Object.entries(wanted.args).filter(([name]) => found.speaksFor(name))) {
        const slot: Slot | undefined = step.slots?.[name];
        if (!slot) shows(shownValue(value));
        if (slot?.from) shows(`${name} ← from an entry of ${slot.from}`);
        if (slot?.field) shows(`field ${shownValue(slot.field)}`);
        for (const each of Object.values(slot?.where ?? {})) shows(`is ${shownValue(each)}`);
        if (slot?.oneOf) shows(shownValue(value));
        if (slot?.atMost === undefined) continue;
        const [, each = "", inAll = ""] =
          new RegExp(`${name} ←[^←]*?at most ([\\d.]+) each time, ([\\d.]+) in all`).exec(text) ?? [];
        const key = `${found.n} ${name}`;
        sums.set(key, (sums.get(key) ?? 0) + Number(value));
        expect(Number(value)).toBeLessThanOrEqual(Number(each));
        expect(sums.get(key)).toBeLessThanOrEqual(Number(inAll));
      }
      // Where the plan names every argument, what is touched follows from them.
      const isFree = Object.keys(wanted.args).some((name) => !found.speaksFor(name));
      const places = (wanted.scope.recipients ?? []).filter((place) => !Object.values(wanted.args).includes(place));
      if (isFree) for (const place of places) shows(shownValue(place));
    }
  }
  expect(covered).toBeGreaterThan(rounds / 20);
});

test("K16 two plans that let different things through have different cards", () => {
  const random = randomFrom(inject("seed") + 1);
  for (let round = 0; round < rounds / 10; round += 1) {
    const { plan, value } = makeWorld(random);
    const changed = planSchema().safeParse(mutated(plan, random, value));
    if (!changed.success || meaning(changed.data) === meaning(plan)) continue;
    expect([meaning(plan), meaning(changed.data), textOf(changed.data)]).not.toEqual([
      meaning(plan),
      meaning(changed.data),
      textOf(plan),
    ]);
  }
});

/** A plan without what is said where nothing is said. */
const meaning = ({ sources, steps }: Plan): string =>
  canonical({
    sources,
    steps: steps.map((step) => ({
      ...{ ...step, times: timesOf(step) },
      slots: Object.entries(step.slots ?? {}).map(([name, slot]) => ({
        name,
        ...slot,
        inAll: slot.inAll ?? slot.atMost,
      })),
    })),
  } as never);

/** The same with one leaf changed, or taken out. */
function mutated(plan: Plan, random: () => number, value: () => unknown): unknown {
  const copy = structuredClone(plan) as unknown as Record<string, unknown>;
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const walk = (holder: Record<string, unknown>) => {
    for (const key of Object.keys(holder)) {
      const inner = holder[key];
      places.push([holder, key]);
      if (typeof inner === "object" && inner !== null) walk(inner as Record<string, unknown>);
    }
  };
  walk({ sources: copy.sources, steps: copy.steps } as Record<string, unknown>);
  const [holder, key] = places[Math.floor(random() * places.length)] ?? [copy, "title"];
  const old = holder[key];
  if (random() < 0.2 && !Array.isArray(holder)) delete holder[key];
  else if (typeof old === "number") holder[key] = old + 1;
  else if (typeof old === "string") holder[key] = random() < 0.5 ? value() : `${old} `;
  return copy;
}
