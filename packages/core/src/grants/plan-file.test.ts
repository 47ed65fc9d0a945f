import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { examplePlan as plan, readPlanFile } from "./plan-file.ts";

const beside = { principal: "agent:mail", task: "0199c1a2-0000-7000-8000-000000000001" } as const;
const read = (text: string) => readPlanFile("plan.yaml", text, beside);

test("K11 a plan is written as YAML or JSON; whom it is for and its task may be said beside it", () => {
  const whole = read(plan);
  expect(whole).toMatchObject({ ...beside, title: "Pay this month's bills", steps: [{ skill: "bank.pay" }] });
  expect(read(JSON.stringify(whole))).toEqual(whole);
  expect(readPlanFile("p", `${plan}task: other\n`, beside).task).toBe("0199c1a2-0000-7000-8000-000000000001");
});

test("K11 the plan in docs/plans.md is one", () => {
  const page = fs.readFileSync(path.join(import.meta.dirname, "../../../../docs/plans.md"), "utf8");
  const [, shown = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  expect(read(shown).steps).toHaveLength(2);
});

test.for<[string, string, string]>([
  ["no YAML", "steps: [a", "Flow sequence"],
  ["a list", "- a\n- b", "it is no plan"],
  ["nothing", "", "it is no plan"],
  ["a key twice", `${plan}title: Again\n`, "Map keys must be unique"],
  ["an alias", "title: &a T\nsteps: *a", "names of YAML"],
  ["too deep", `title: ${"[".repeat(40)}`, "brackets more than 32 deep"],
  ["no steps", "title: T", "steps: it is missing"],
  ["a part that there is not", plan.replace("kind: iban", "type: iban"), 'step 1: slots.to: unknown: "type"'],
  ["a kind that there is not", plan.replace("kind: iban", "kind: account"), "step 1: slots.to.kind: it must be one of"],
  ["a source that there is not", plan.replace("from: bills", "from: mails"), "step 1 is filled from mails"],
  ["a number as a name", plan.replace("bills: {", "1bills: {"), "a source is named in letters"],
])("K11 a plan that is wrong is refused, and it says where: %s", ([, text, says]) => {
  expect(() => read(text)).toThrow(says);
});
