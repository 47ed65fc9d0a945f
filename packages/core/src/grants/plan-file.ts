import type { InputOf } from "@mh/contract/contract.ts";
import { grantPlan } from "@mh/contract/grants.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Document, parseDocument } from "yaml";
import { issueWords } from "../model/issue-words.ts";
import { tooMuchYaml } from "../model/yaml-bounds.ts";

/** A plan that pays bills by what mails say, as help shows it. */
export const examplePlan = `title: Pay this month's bills
principal: agent:mail
sources:
  bills: { skill: mail.search, args: { q: bill } }
steps:
  - skill: bank.pay
    each: { source: bills }
    slots:
      to: { from: bills, field: iban, kind: iban }
      amount: { from: bills, field: sum, kind: amount, atMost: 50 }
`;

/** A plan as people write it down; whatever is left out is said beside the file. */
export type PlanFile = InputOf<typeof grantPlan>;

/**
 * Reads a plan from YAML, or JSON, which is YAML. `beside`: whom it is for, its task and its title, where they are said
 * apart from the file; they go before what it says. Throws `args.invalid` with the first thing that is wrong, and where.
 */
export function readPlanFile(name: string, text: string, beside: Partial<PlanFile>): PlanFile {
  const wrong = (what: string, cause?: unknown) =>
    new Fault("args.invalid", `${name}: ${what}. \`mh grant plan --help\` shows a plan.`, { cause });
  const much = tooMuchYaml(text);
  if (much) throw wrong(`line ${much.line} has ${much.why}`);
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) throw wrong(error.message.split("\n", 1)[0]?.replace(/:$/, "") ?? "it is no YAML");
  const said = plainValue(document, wrong);
  if (typeof said !== "object" || said === null || Array.isArray(said))
    throw wrong("it is no plan: that begins with title, sources and steps");
  const whole = { ...said, ...beside };
  const parsed = grantPlan.input.safeParse(whole, { error: issueWords });
  if (parsed.success) return whole as PlanFile;
  const [issue] = parsed.error.issues;
  throw wrong(issue ? issueText(issue) : "it is no plan");
}

/** One value may stand for many by its name, and a plan is to be read as it is written. */
function plainValue(document: Document, wrong: (what: string, cause: unknown) => Fault): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    // How the library says that there are too many.
    if (!(error instanceof ReferenceError)) throw error;
    throw wrong("it uses names of YAML (& and *): write each value out", error);
  }
}

interface Issue {
  code?: string | undefined;
  message: string;
  path: PropertyKey[];
  errors?: Issue[][];
  issues?: Issue[];
}

/** Where it is wrong and why: of alternatives, the one that went furthest. */
function issueText(issue: Issue, before: PropertyKey[] = []): string {
  const at = [...before, ...issue.path];
  const inner = issue.errors?.flat().sort((a, b) => b.path.length - a.path.length)[0] ?? issue.issues?.[0];
  if (inner) return issueText(inner, at);
  const [first, n, ...rest] = at;
  const isStep = first === "steps" && typeof n === "number";
  const path = (isStep ? rest : at).map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return [isStep && `step ${n + 1}`, path.join("").replace(/^\./, ""), issue.message].filter(Boolean).join(": ");
}
