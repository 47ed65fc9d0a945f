import { type PlanStep, planSchema, type Slot, timesOf } from "@mh/contract/values/plan.ts";
import { type Step, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { canonical } from "../../model/canonical.ts";
import { answersNow } from "./answers-now.ts";
import { coveringStep } from "./covering-step.ts";
import { afterUse, freshPlan, type PlannedCall, type PlanState } from "./plan-state.ts";

const facts = toolFactsSchema.parse({});
const digest = (text: string) => text;

const name = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("ann@a.example", "Ann@A.example", "ben@b.example", "eve@evil.example") },
  fc.constantFrom("7", "toString"),
);
const sum = fc.constantFrom<number | string>(5, 20, 20.5, 900, -5, "20", "1e400", Number.POSITIVE_INFINITY, Number.NaN);
const said = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom<number | string>(5, 20, 20.5, 900, -5, "20") },
  fc.constantFrom<number | string>("1e400", Number.POSITIVE_INFINITY),
);
const row = fc.record({
  who: name,
  sum: said,
  kind: fc.constantFrom("bill", "prize"),
  id: fc.constantFrom("i1", "i2"),
});
type Row = { who: string; sum: number | string; kind: string; id: string };

const sources = {
  list: { skill: "list.read", args: { about: "bills" } },
  detail: { skill: "detail.read", args: {}, slots: { id: { from: "list", field: "id", where: { kind: "bill" } } } },
};

const seldom = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, value);
const slotFor = (field: "who" | "sum"): fc.Arbitrary<object> =>
  fc
    .record({
      from: fc.constantFrom("list", "list", "detail"),
      field: fc.constant(field),
      kind: field === "sum" ? fc.constant("amount") : fc.constantFrom("email", "text", "name"),
      where: seldom(fc.constant({ kind: "bill" })),
      oneOf: seldom<unknown>(
        field === "who" ? fc.uniqueArray(name, { minLength: 1, maxLength: 3 }) : fc.constant([5, 20]),
      ),
      atMost: field === "sum" ? seldom(fc.constantFrom(20, 21, 1000)) : fc.constant(undefined),
    })
    .map((slot) => JSON.parse(JSON.stringify({ ...slot, ...(slot.atMost && { inAll: slot.atMost + 10 }) })));

const step = fc.record(
  {
    skill: fc.constantFrom("bank.pay", "mail.send"),
    args: fc.constantFrom({}, { note: "rent" }),
    slots: fc.record({ to: slotFor("who"), amount: slotFor("sum") }, { requiredKeys: ["to"] }),
    each: fc.constantFrom({ source: "list" }, { source: "detail" }),
    times: fc.constantFrom(1, 3),
  },
  { requiredKeys: ["skill", "args", "slots", "times"] },
);

const question = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ skill: "list.read", args: { about: "bills" } }) },
  {
    weight: 4,
    arbitrary: fc.record({ skill: fc.constant("detail.read"), args: fc.record({ id: fc.constantFrom("i1", "i2") }) }),
  },
  fc.constantFrom<{ skill: string; args: object }>(
    { skill: "list.read", args: { about: "prizes" } },
    { skill: "list.read", args: { about: "bills", hidden: true } },
    { skill: "list.read", args: {} },
    { skill: "other.read", args: { about: "bills" } },
    { skill: "list.read", args: JSON.parse('{"about":"bills","__proto__":{"x":1}}') },
  ),
);
const rows = fc.array(row, { maxLength: 3 });
const answer = fc.record({
  asked: question,
  effect: fc.constantFrom(...Array<"read">(20).fill("read"), "write" as const),
  /** Mostly a question has one answer. */
  other: fc.option(rows, { freq: 20 }),
});

const scenario = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  answers: fc.array(answer, { maxLength: 6 }),
  usual: fc.tuple(rows, rows, rows),
  calls: fc.array(
    fc.record({
      skill: fc.constantFrom("bank.pay", "mail.send"),
      to: fc.oneof(name, fc.array(name, { minLength: 1, maxLength: 2 })),
      amount: sum,
      more: fc.constantFrom({}, {}, { note: "rent" }, { cc: "eve@evil.example" }),
      pick: fc.nat(30),
      isPicked: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

/** By brute force, and by nothing of the module's: whether a plan names all that it speaks for in a command. */
function isNamed(
  { plan, uses }: PlanState,
  read: readonly Step[],
  call: PlannedCall,
  n: number,
  paths: string[],
): boolean {
  const wanted = plan.steps[n - 1] as PlanStep;
  if (wanted.skill !== call.skill || (uses[n - 1]?.used ?? 0) >= timesOf(wanted)) return false;
  if (Object.entries(wanted.args).some(([key, value]) => call.args[key] !== value)) return false;
  const known = new Set([...Object.keys(wanted.args), ...Object.keys(wanted.slots ?? {})]);
  if (!paths.every((path) => known.has(path.replace(/\[\d+\]$/, "")))) return false;
  const valuesOf = (key: string) =>
    [call.args[key]].flat().filter((value) => value !== undefined) as (string | number)[];
  return Object.entries(wanted.slots ?? {}).every(([key, slot]) => {
    const before = uses[n - 1]?.sums.get(key) ?? 0;
    const isBounded = (value: string | number) =>
      slot.atMost === undefined ||
      (Number(value) > 0 && Number(value) <= slot.atMost && before + Number(value) <= (slot.inAll ?? slot.atMost));
    const isOneOf = (value: string | number) => !slot.oneOf || slot.oneOf.some((each) => isLike(each, value));
    const rows = rowsOf(read, slot.from ?? "").filter((each) => !slot.where?.kind || each.kind === slot.where.kind);
    const givers = rows.filter((each) => valuesOf(key).every((value) => isLike(each[slot.field as "who"], value)));
    return (
      valuesOf(key).every((value) => isBounded(value) && isOneOf(value)) &&
      (valuesOf(key).length === 0 || givers.length > 0)
    );
  });
}

const isLike = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();

/** What the declared questions were answered. */
function rowsOf(read: readonly Step[], from: string): Row[] {
  const isAsked = ({ skill, args, effect }: Step) =>
    effect === "read" &&
    (from === "list"
      ? skill === "list.read" && JSON.stringify(args) === '{"about":"bills"}'
      : skill === "detail.read" && rowsOf(read, "list").some(({ id, kind }) => kind === "bill" && args.id === id));
  return read.filter(isAsked).flatMap(({ output }) => (output as { rows: Row[] }).rows);
}

test("K11 no plan lets through a call with a skill, value, source or bound that it does not name", () => {
  let covered = 0;
  fc.assert(
    fc.property(scenario, ({ steps, answers: asked, usual, calls }) => {
      const usualOf = ({ skill, args }: (typeof asked)[number]["asked"]) =>
        usual[skill === "list.read" ? 0 : "id" in args && args.id === "i1" ? 1 : 2] as Row[];
      const first = { asked: { skill: "list.read", args: sources.list.args }, effect: "read" as const, other: null };
      const answers = [first, ...asked].map(({ other, ...each }) => ({ ...each, rows: other ?? usualOf(each.asked) }));
      const plan = planSchema().parse({ principal: "agent:me", task: "t", title: "T", sources, steps });
      const read = answers.map(({ asked, rows, effect }): Step => {
        const id = asked.skill;
        return { ...asked, id, facts, effect: effect as Step["effect"], args: { ...asked.args }, output: { rows } };
      });
      let state = freshPlan("p", plan);
      for (const { skill, more, isPicked, pick, ...loose } of calls) {
        const rows = answers.flatMap((each) => each.rows);
        const picked = rows[pick % Math.max(1, rows.length)];
        const like = plan.steps[pick % plan.steps.length] as PlanStep;
        const args = isPicked && picked ? { to: picked.who, amount: picked.sum, ...like.args } : loose;
        const call: PlannedCall = { skill: isPicked ? like.skill : skill, args: { ...args, ...more }, scope: {} };
        const found = coveringStep(state, { steps: read.map((each) => ({ step: each })) }, call, digest);
        if (!found) continue;
        covered += 1;
        const paths = ["to", "to[0]", "to[1]", "amount", "note", "cc"].filter((path) => found.speaksFor(path));
        expect(isNamed(state, read, call, found.n as number, paths)).toBe(true);
        state = afterUse(state, found);
      }
      // However many were let through, none was more often than the plan says, and no sum is above its bound.
      for (const [at, { used, sums, entries }] of state.uses.entries()) {
        const wanted = plan.steps[at] as PlanStep;
        expect(used).toBeLessThanOrEqual(timesOf(wanted));
        if (wanted.each) expect(entries.size).toBe(used);
        const { slots = {} } = wanted;
        for (const [key, each] of sums) expect(each).toBeLessThanOrEqual((slots[key] as Slot).inAll as number);
      }
    }),
    { seed: inject("seed"), numRuns: 6_000 },
  );
  expect(covered).toBeGreaterThan(30);
});

const other = fc.oneof(
  fc.record({ at: fc.nat(9), field: fc.constantFrom<keyof Row>("who", "sum", "kind", "id"), value: name }),
  fc.constantFrom("one fewer", "one more", "the other way round", "one beside it"),
);

/** An answer, changed in one way. */
function changed(rows: readonly Row[], how: typeof other extends fc.Arbitrary<infer How> ? How : never): object {
  const [first] = rows as [Row];
  if (how === "one fewer") return { rows: rows.slice(1) };
  if (how === "one more") return { rows: [...rows, { ...first, who: "new@n.example" }] };
  if (how === "the other way round") return { rows: rows.toReversed() };
  if (how === "one beside it") return { rows, more: true };
  return { rows: rows.map((row, n) => (n === how.at % rows.length ? { ...row, [how.field]: how.value } : row)) };
}

test("K11 a plan whose source changed between approval and step asks, whatever changed and whenever it was read", () => {
  const sane = fc.record({
    who: name,
    sum: fc.constantFrom(5, 20),
    kind: fc.constant("bill"),
    id: fc.constantFrom("i1", "i2"),
  });
  const steps = [{ skill: "mail.send", slots: { to: { from: "list", field: "who" } }, times: 9 }];
  const plan = planSchema().parse({
    principal: "agent:me",
    task: "t",
    title: "T",
    sources: { list: sources.list },
    steps,
  });
  const reading = (output: unknown): { step: Step } => ({
    step: { id: "r", skill: "list.read", facts, effect: "read", args: sources.list.args, output },
  });
  fc.assert(
    fc.property(fc.array(sane, { minLength: 1, maxLength: 4 }), other, (rows, how) => {
      const [was, is] = [{ rows }, changed(rows, how)];
      fc.pre(canonical(was) !== canonical(is));
      const send = (who: string): PlannedCall => ({ skill: "mail.send", args: { to: who }, scope: {} });
      const everyone = [...new Set([...rows, ...(is as { rows: Row[] }).rows].map(({ who }) => who))];
      const covers = (state: PlanState, task: { step: Step }[], who: string) =>
        coveringStep(state, { steps: task }, send(who), digest);
      // Read before it was approved, or first by a step.
      const answers = answersNow(plan, { steps: [reading(was)] }, digest).map(({ question, answer }) => [
        question,
        answer,
      ]);
      const bound = freshPlan("p", {
        ...plan,
        binds: { contracts: {}, pins: {}, answers: Object.fromEntries(answers) },
      });
      const fresh = freshPlan("p", plan);
      const first = covers(fresh, [reading(was)], (rows[0] as Row).who);
      const used = afterUse(fresh, first as NonNullable<typeof first>);
      for (const who of everyone) {
        for (const state of [bound, used])
          for (const task of [[is], [was, is], [is, was]])
            expect(covers(state, task.map(reading), who)).toBeUndefined();
        const isThere = rows.some((row) => row.who === who);
        for (const state of [bound, used, fresh])
          expect(covers(state, [was, structuredClone(was)].map(reading), who) !== undefined).toBe(isThere);
      }
    }),
    { seed: inject("seed"), numRuns: 500 },
  );
});
