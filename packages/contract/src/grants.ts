import { z } from "zod";
import { defineContract } from "./contract.ts";
import { trustLevels } from "./values/effect.ts";
import { grantRowSchema } from "./values/grant.ts";
import { checkPlan, planCardSchema, planSourcesSchema, planStepsSchema, shownPlanSchema } from "./values/plan.ts";
import { principalSchema } from "./values/principal-schema.ts";
import { scopeSchema } from "./values/record.ts";
import { instantSchema } from "./values/text.ts";

const principal = () => principalSchema.describe("Who, as in agent:mail or client:phone");
const forMinutes = () =>
  z
    .number()
    .int()
    .positive()
    .max(366 * 24 * 60);
const steps = () => planStepsSchema().describe("What the plan holds, one kind of command each, in order");
const sources = () =>
  planSourcesSchema()
    .optional()
    .describe("Name → what may be read, and by which question; slots of steps are filled from it");
const title = () => z.string().trim().min(1).max(300).describe("What it is about, for the person who approves it");
const given = () => z.strictObject({ id: z.string().describe("Id of the grant, by which it is revoked") });

/** As commands carry it. In the journal stand others as well, of grants that were given before this was asked for. */
const taskId = () =>
  z.uuid("it must be the whole id of a task: that of an agent's run, or the one that `mh act … --task` is given");

export const grantGive = defineContract({
  name: "grant.give",
  kind: "admin",
  title: "Let somebody use a skill",
  input: () =>
    z.strictObject({
      principal: principal(),
      skill: z.string().describe("Name of the skill, as in mail.send"),
      scope: scopeSchema().optional().describe("What outside it covers; left out, nothing"),
      task: taskId().optional().describe("Id of the one task that it is for; left out, for all"),
      expiresAt: instantSchema.optional().describe("Until when, ISO 8601; left out, until it is revoked"),
      forMinutes: forMinutes().optional().describe("From now, instead of until a time"),
    }),
  output: given,
  examples: [
    { title: "For a day", args: { principal: "agent:mail", skill: "memory.list", forMinutes: 1440 } },
    {
      title: "One host only",
      args: { principal: "agent:news", skill: "web.fetch", scope: { hosts: ["example.org"] } },
    },
  ],
  event: "grant.given",
  subjects: { grant: "id" },
  undo: "mh grant revoke",
});

export const grantRevoke = defineContract({
  name: "grant.revoke",
  kind: "admin",
  recovery: true,
  title: "Take a grant back",
  input: () => z.strictObject({ id: z.string().describe("Id of a grant or a plan, or a beginning or an end of one") }),
  output: given,
  examples: [{ title: "By the end of its id", args: { id: "7f3a" } }],
  event: "grant.revoked",
  subjects: { grant: "id" },
  undo: "mh grant give",
});

export const grantList = defineContract({
  name: "grant.list",
  kind: "query",
  recovery: true,
  title: "List grants",
  input: () =>
    z.strictObject({
      all: z
        .boolean()
        .optional()
        .describe("Also those that were revoked, used up or have expired; left out, only live ones"),
    }),
  output: () =>
    z.strictObject({
      grants: z.array(grantRowSchema()).describe("The oldest first"),
      plans: z.array(shownPlanSchema()).describe("The oldest first, each with how much of its steps is used"),
    }),
  examples: [{ title: "What is granted now", args: {} }],
});

const task = "0199c1a2-0000-7000-8000-000000000000";

const wantedPlan = () =>
  z
    .strictObject({
      principal: principal(),
      task: taskId().describe("Id of the task that the plan is for"),
      title: title(),
      sources: sources(),
      steps: steps(),
      forMinutes: forMinutes().optional().describe("How long it holds; left out, until it is used up or revoked"),
    })
    .superRefine(checkPlan);

export const grantPlan = defineContract({
  name: "grant.plan",
  kind: "admin",
  title: "Approve a plan",
  input: wantedPlan,
  output: given,
  examples: [
    {
      title: "Three notes in one task",
      args: { principal: "agent:mail", task, title: "Tea", steps: [{ skill: "memory.capture", times: 3 }] },
    },
  ],
  event: "grant.planned",
  subjects: { grant: "id" },
  undo: "mh grant revoke",
});

export const planPreview = defineContract({
  name: "plan.preview",
  kind: "query",
  title: "Show a plan as it would be approved, without approving it",
  input: wantedPlan,
  output: planCardSchema,
  examples: [
    {
      title: "Three notes in one task",
      args: { principal: "agent:mail", task, title: "Tea", steps: [{ skill: "memory.capture", times: 3 }] },
    },
  ],
});

export const planShow = defineContract({
  name: "plan.show",
  kind: "query",
  recovery: true,
  title: "Show a plan that was approved, with what is left of it",
  input: () => z.strictObject({ id: z.string().describe("Id of a plan, or a beginning or an end of one") }),
  output: () => z.strictObject({ plan: shownPlanSchema(), card: planCardSchema() }),
  examples: [{ title: "By the end of its id", args: { id: "7f3a" } }],
});

export const planPropose = defineContract({
  name: "plan.propose",
  kind: "own",
  title: "Do what a plan says, without an approval for each step",
  input: () =>
    z
      .strictObject({
        title: title(),
        sources: sources(),
        steps: steps(),
        forMinutes: forMinutes()
          .optional()
          .describe("How long it should hold; left out, until it is used up or revoked"),
      })
      .superRefine(checkPlan),
  output: given,
  examples: [
    { title: "Three notes", args: { title: "Tea", steps: [{ skill: "memory.capture", times: 3 }] } },
    {
      title: "An answer to everybody who wrote about the offer",
      args: {
        title: "Answer the offer",
        sources: { offers: { skill: "mail.search", args: { query: "offer" } } },
        steps: [{ skill: "mail.send", slots: { to: { from: "offers", field: "from", kind: "email" } } }],
      },
    },
  ],
  control: ["steps", "sources"],
  pointers: { steps: "pinned", sources: "pinned" },
  event: "plan.approved",
  subjects: { grant: "id" },
  undo: "mh grant revoke",
});

const level = () =>
  z
    .enum(trustLevels)
    .describe("How far they may act alone: observe, suggest, supervised_auto, bounded_auto, adaptive_auto");

export const trustSet = defineContract({
  name: "trust.set",
  kind: "admin",
  title: "Set how far somebody may act alone",
  input: () => z.strictObject({ principal: principal(), level: level() }),
  output: () => z.strictObject({ principal: principal(), level: level() }),
  examples: [{ title: "Only suggest", args: { principal: "agent:mail", level: "suggest" } }],
  event: "trust.changed",
  subjects: { principal: "principal" },
  undo: "mh trust",
});

export const trustList = defineContract({
  name: "trust.list",
  kind: "query",
  recovery: true,
  title: "List trust levels",
  input: () => z.strictObject({ principal: principal().optional().describe("Only theirs; left out, everyone's") }),
  output: () => z.strictObject({ levels: z.array(z.strictObject({ principal: z.string(), level: level() })) }),
  examples: [{ title: "Everyone's", args: {} }],
});
