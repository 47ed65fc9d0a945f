import { z } from "zod";
import { contractKinds, defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { effects } from "./values/effect.ts";

/** A skill as a program or a model is offered it. All of it comes from the contract. */
const skillToolSchema = once(() =>
  z.strictObject({
    skill: z.string(),
    title: z.string().describe("What it does"),
    kind: z.enum(contractKinds),
    effects: z.array(z.enum(effects)).describe("Every effect that it can have"),
    reads: z.boolean().describe("It changes nothing, whatever it is asked"),
    undo: z.string().nullable().describe("How it is undone; null where it cannot be, or there is nothing to undo"),
    repeatable: z.boolean().describe("Doing it a second time does no harm"),
    input: z.record(z.string(), z.json()).describe("JSON Schema (2020-12) of its arguments"),
    output: z.record(z.string(), z.json()).describe("JSON Schema (2020-12) of its answer"),
  }),
);
export type SkillTool = z.infer<ReturnType<typeof skillToolSchema>>;

export const toolList = defineContract({
  name: "tool.list",
  kind: "query",
  title: "List the skills that you may use, or ask for",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ tools: z.array(skillToolSchema()).describe("By name") }),
  examples: [{ title: "All of them", args: {} }],
});
