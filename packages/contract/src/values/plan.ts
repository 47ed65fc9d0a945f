import { z } from "zod";
import { once } from "../once.ts";
import { pinSchema } from "./approval.ts";
import { principalSchema } from "./principal-schema.ts";
import { scopeSchema } from "./record.ts";

/** What a value is, where a slot says so: as the rules of provenance tell values apart; `text` is exactly as it stands. */
export const slotKinds = [
  ...(["email", "iban", "url", "path", "amount", "date", "id", "secret", "name"] as const),
  "text",
] as const;
export type SlotKind = (typeof slotKinds)[number];

/** The name by which slots refer to the list of values that their step goes through. */
export const eachName = "each";

// Nothing that looks like another name, or that an object has of itself.
const sourceName = once(() =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, "a source is named in letters, digits, - and _"),
);
const argumentPath = once(() =>
  z.string().regex(/^(?!__)[\p{L}_$][\p{L}\p{N}_$-]{0,63}(?:\.[\p{L}$][\p{L}\p{N}_$-]{0,63}|\[\d{1,4}\]){0,8}$/u, {
    error: "an argument is written as in to, to[0] or event.title",
  }),
);
const fieldName = once(() => z.string().min(1).max(200));
const plainValue = once(() => z.union([z.string().max(4096), z.number(), z.boolean()]));
const sum = () => z.number().positive().max(1e12);

const slotSchema = once(() =>
  z
    .strictObject({
      from: z
        .string()
        .optional()
        .describe("Name of the source that fills it; `each` for the values of the step's own list"),
      field: fieldName()
        .optional()
        .describe("Field of an entry of that source, as in `sender` or `owner.email`; left out, the entry itself"),
      kind: z.enum(slotKinds).optional().describe("What it must be; left out, exactly what stands there"),
      atMost: sum().optional().describe("For amounts: the most that one command may say"),
      inAll: sum().optional().describe("For amounts: the most in all commands of the step; left out, as `atMost`"),
      oneOf: z.array(plainValue()).min(1).max(100).optional().describe("Only these values"),
      where: z.record(fieldName(), plainValue()).optional().describe("Only from entries whose fields are just these"),
      many: z
        .number()
        .int()
        .positive()
        .max(100)
        .optional()
        .describe("The argument is a list of at most so many, each from an entry of its own"),
    })
    .refine(({ from, oneOf, atMost }) => [from, oneOf, atMost].some((each) => each !== undefined), {
      error: "a slot says what fills it: from, oneOf or atMost",
    })
    .refine(({ atMost, inAll, kind }) => (atMost === undefined && inAll === undefined) || kind === "amount", {
      error: "atMost and inAll are for slots of the kind amount",
    })
    .refine(({ atMost, inAll }) => inAll === undefined || atMost !== undefined, {
      error: "inAll needs atMost beside it",
    })
    .refine(
      ({ from, field, where, many }) => from !== undefined || [field, where, many].every((each) => each === undefined),
      {
        error: "field, where and many are of a source: say from",
      },
    ),
);
export type Slot = z.infer<ReturnType<typeof slotSchema>>;

const slots = () => z.record(argumentPath(), slotSchema());

/** A named read: what may be read, and by which question. */
const planSourceSchema = once(() =>
  z.strictObject({
    skill: z.string().describe("Name of a skill that only reads or fetches, as in mail.list"),
    args: z.record(z.string(), z.json()).default({}).describe("The question: just these arguments, and their defaults"),
    slots: slots().optional().describe("Arguments of the question that another source fills"),
  }),
);
export type PlanSource = z.infer<ReturnType<typeof planSourceSchema>>;

/** What a step goes through: each entry once. */
const eachSchema = once(() =>
  z.union([
    z.strictObject({
      source: z.string().describe("Each entry of this source, once"),
      field: fieldName().optional().describe("Each value of this field, once"),
    }),
    z.strictObject({ values: z.array(z.json()).min(1).max(1000).describe("Each of these, once") }),
  ]),
);

/** One kind of command, so many times. */
export const planStepSchema = once(() =>
  z.strictObject({
    skill: z.string().describe("Name of the skill, as in mail.send"),
    scope: scopeSchema()
      .default({})
      .describe("All that its commands may touch outside; left out, nothing but what fixed values and slots name"),
    args: z
      .record(z.string(), z.json())
      .default({})
      .describe("Arguments that must be just these, approved with the plan; those neither here nor in slots are free"),
    slots: slots().optional().describe("Arguments that are filled from a source, as in `to` or `to[0]`"),
    each: eachSchema().optional().describe("What it is done for, one command each"),
    times: z
      .number()
      .int()
      .positive()
      .max(1000)
      .optional()
      .describe("How many such commands at most; left out, one; with `each`, one for each value, or 20 for a source"),
  }),
);
export type PlanStep = z.infer<ReturnType<typeof planStepSchema>>;

const eachSourceTimes = 20;

/** How many commands of a step there may be. */
export function timesOf({ times, each }: PlanStep): number {
  if (times !== undefined) return times;
  if (!each) return 1;
  return "values" in each ? each.values.length : eachSourceTimes;
}

export const planSourcesSchema = once(() =>
  z
    .record(sourceName(), planSourceSchema())
    .refine((sources) => Object.keys(sources).length <= 50, "a plan has at most 50 sources")
    .refine((sources) => !Object.hasOwn(sources, eachName), "no source is called each: that is the list of a step"),
);
export const planStepsSchema = once(() => z.array(planStepSchema()).min(1).max(50));

interface Body {
  sources?: Record<string, PlanSource> | undefined;
  steps: readonly PlanStep[];
}

/** Why slots of a plan could never be filled: they name no source, or one that waits for itself. */
export function flawOf({ sources = {}, steps }: Body): string | undefined {
  const fromOf = (slots: Record<string, Slot> = {}) => Object.values(slots).flatMap(({ from }) => from ?? []);
  const known = (name: string) => Object.hasOwn(sources, name);
  for (const [n, { slots, each }] of steps.entries()) {
    const named = [...fromOf(slots), ...(each && "source" in each ? [each.source] : [])];
    const hasList = each !== undefined && "values" in each;
    const missing = named.find((name) => !known(name) && !(name === eachName && hasList));
    if (missing !== undefined) return `step ${n + 1} is filled from ${missing}, which is no source of the plan`;
  }
  const open = new Map(Object.entries(sources).map(([name, { slots }]) => [name, fromOf(slots)]));
  const missing = [...open.values()].flat().find((name) => !known(name));
  if (missing !== undefined) return `a source is filled from ${missing}, which is no source of the plan`;
  for (let isSmaller = true; isSmaller; ) {
    const ready = [...open].filter(([, from]) => from.every((name) => !open.has(name)));
    for (const [name] of ready) open.delete(name);
    isSmaller = ready.length > 0;
  }
  const [circle] = open.keys();
  return circle === undefined ? undefined : `the source ${circle} waits for its own answer`;
}

/** Refuses a plan whose slots could never be filled. */
export function checkPlan(body: Body, context: { addIssue(issue: { code: "custom"; message: string }): void }): void {
  const flaw = flawOf(body);
  if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw });
}

/** What a plan is bound to: any difference asks. Absent in plans from before there was such a thing. */
const bindingSchema = once(() =>
  z.strictObject({
    contracts: z.record(z.string(), z.string()).describe("Skill → name, version and hash of its contract"),
    pins: z
      .record(z.string(), z.array(pinSchema().pick({ argument: true, what: true, hash: true })))
      .describe("Number of a step → what its fixed arguments point to"),
    answers: z
      .record(z.string(), z.string())
      .describe("Question → answer, as keyed hashes: what was read already when it was approved"),
  }),
);
export type PlanBinding = z.infer<ReturnType<typeof bindingSchema>>;

/** What a `grant` record says of a plan. */
export const planSchema = once(() =>
  z.strictObject({
    principal: principalSchema,
    task: z.string().min(1).max(200),
    title: z.string().min(1).max(300),
    sources: planSourcesSchema().default({}),
    steps: planStepsSchema(),
    binds: bindingSchema().optional(),
    expiresAt: z.string().optional(),
  }),
);
export type Plan = z.infer<ReturnType<typeof planSchema>>;

/** A plan as text, in lines of 80 columns that are safe to print. */
export const planCardSchema = once(() =>
  z.strictObject({
    screen: z.array(z.string()).describe("One screen of it: 24 lines at most"),
    page: z.array(z.string()).describe("All of it, where that is more than the screen; empty where it is not"),
  }),
);
export type PlanCard = z.infer<ReturnType<typeof planCardSchema>>;

/** A plan in force or past, with what its steps have used. Times are in milliseconds since 1970. */
export const shownPlanSchema = once(() =>
  z.strictObject({
    ...{ id: z.string(), principal: principalSchema, task: z.string(), title: z.string() },
    ...{ expires_ms: z.number().int().nullable(), given_ms: z.number().int(), status: z.enum(["given", "revoked"]) },
    sources: planSourcesSchema(),
    steps: z.array(
      planStepSchema().extend({
        n: z.number().int().describe("Its number, from 1"),
        times: z.number().int(),
        used: z.number().int(),
        sums: z.record(z.string(), z.number()).describe("Argument → what its commands came to"),
      }),
    ),
    changes: z.number().int().describe("Commands outside its steps that were approved as changes to it"),
  }),
);
export type ShownPlan = z.infer<ReturnType<typeof shownPlanSchema>>;
