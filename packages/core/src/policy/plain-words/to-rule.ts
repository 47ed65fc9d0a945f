import { type RequestPart, withParts } from "../probe.ts";
import type { Sentence } from "./sentence.ts";

/** What a case of a rule comes to, judged by that rule alone. */
export type Expected = "deny" | "ask" | "allow" | "pass";

export interface RuleCase {
  expected: Expected;
  request: RequestPart;
}

/** A sentence as a file of the owner's: its rule, and the cases that hold it to its words. */
export interface DraftedRule {
  /** Names the file. */
  slug: string;
  title: string;
  cedar: string;
  cases: RuleCase[];
  /** The whole file. */
  text: string;
}

export function toRule(sentence: Sentence): DraftedRule {
  const title = titleOf(sentence);
  const slug = slugOf(sentence);
  const cedar = cedarOf(sentence, title);
  const cases = casesOf(sentence);
  const lines = cases.map(({ expected, request }) => `// test ${expected}: ${JSON.stringify(request)}`);
  const text = `// Written by mh. The lines below are what \`mh policy test\` holds the rule to.\n${lines.join("\n")}\n\n${cedar}`;
  return { slug, title, cedar, cases, text };
}

function titleOf({ kind, who, what, conditions }: Sentence): string {
  const rest = [what.words, ...conditions.map(({ words }) => words)].join(" ");
  if (kind === "allow") return `${who.subject} may ${rest}`;
  if (kind === "forbid") return `${who.forbidden} ${rest}`;
  return `${who.subject} must ask before they ${rest}`.replace("You must ask before they", "You are asked before you");
}

/** As in `forbid-agents-run-programs`. */
function slugOf({ kind, who, what, conditions }: Sentence): string {
  const whom = who.isNamed ? who.subject : "";
  return [kind, whom, what.words, ...conditions.map(({ words }) => words)]
    .join(" ")
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 70)
    .replaceAll(/^-|-$/g, "");
}

function cedarOf({ kind, who, what, conditions }: Sentence, title: string): string {
  const { effect, skills = [] } = what;
  const action = effect ? `action == mh::Action::"${effect}"` : "action";
  const resource = skills.length === 1 ? `resource == mh::Skill::"${skills[0]}"` : "resource";
  const several =
    skills.length > 1 ? [`[${skills.map((name) => `mh::Skill::"${name}"`).join(", ")}].contains(resource)`] : [];
  const when = [who.cedar, ...several, ...conditions.map(({ cedar }) => cedar)].filter(Boolean);
  const head = `${kind === "allow" ? "permit" : "forbid"} (principal, ${action}, ${resource})`;
  const clauses = [
    ...(when.length > 0 ? [`when { ${when.join(" && ")} }`] : []),
    ...(kind === "ask" ? ["unless { context.approved }"] : []),
  ];
  return `${[`@title(${JSON.stringify(title)})`, head, ...clauses].join("\n")};\n`;
}

/** One case that the rule is for, and for each of its parts one that it only just is not for. */
function casesOf({ kind, who, what, conditions }: Sentence): RuleCase[] {
  const parts = [what, who, ...conditions];
  const hit = withParts<RequestPart>({}, ...parts.map((part) => part.hit));
  const expected = kind === "forbid" ? "deny" : kind;
  const misses = parts.flatMap(({ miss }) => (miss ? [withParts(hit, miss)] : []));
  return [{ expected, request: hit }, ...misses.map((request) => ({ expected: "pass" as const, request }))];
}
