import type { Effect, Layer, Risk, TrustLevel } from "@mh/contract/values/effect.ts";
import { trustLevels } from "@mh/contract/values/effect.ts";

/** What a level may do with one effect: always this verdict, or `allow` under a condition and `ask` else. */
export type Cell = "allow" | "ask" | "deny" | { allowIf: { inScope?: true; riskMax?: Risk } };

const inScope: Cell = { allowIf: { inScope: true } };
const low: Cell = { allowIf: { riskMax: "low" } };
const medium: Cell = { allowIf: { riskMax: "medium" } };
const lowInScope: Cell = { allowIf: { riskMax: "low", inScope: true } };
const mediumInScope: Cell = { allowIf: { riskMax: "medium", inScope: true } };

/** A rule that comes with the package. */
export interface ShippedPolicy {
  id: string;
  effect: "permit" | "forbid";
  layer: Layer;
  title: string;
  text: string;
}

type Row = Record<Exclude<Effect, "admin">, Cell>;

/** The trust table (DESIGN §3). `admin` is not in it: nobody but the owner has that, at any level. */
const trustTable: Record<TrustLevel, Row> = {
  observe: row("allow", "deny", "deny", "deny", "deny", "deny", "deny"),
  suggest: row("allow", "allow", inScope, low, "ask", "ask", "ask"),
  supervised_auto: row("allow", "allow", inScope, medium, "ask", "ask", "ask"),
  bounded_auto: row("allow", "allow", inScope, medium, lowInScope, lowInScope, "ask"),
  adaptive_auto: row("allow", "allow", inScope, medium, mediumInScope, mediumInScope, "ask"),
};

function row(read: Cell, notify: Cell, fetch: Cell, write: Cell, local: Cell, send: Cell, forGood: Cell): Row {
  return { read, notify, fetch, write, local, send, spend: forGood, destroy: forGood };
}

/** What a higher level may do without asking that a lower one may not, mildest first. */
export function moreAt(higher: TrustLevel, lower: TrustLevel): { effect: Effect; when: string }[] {
  return Object.entries(trustTable[higher]).flatMap(([effect, cell]) => {
    const isSame = JSON.stringify(cell) === JSON.stringify(trustTable[lower][effect as keyof Row]);
    return isSame || cell === "ask" || cell === "deny" ? [] : [{ effect: effect as Effect, when: conditionOf(cell) }];
  });
}

/** Under which condition a cell allows, in words; empty where it always does. */
function conditionOf(cell: Cell): string {
  if (typeof cell === "string") return "";
  const { inScope, riskMax } = cell.allowIf;
  return [riskMax && `risk up to ${riskMax}`, inScope && "in scope"].filter(Boolean).join(", ");
}

/** What asks a model: of language, or of speech. What becomes of the answer is judged by itself. */
const modelSkills = ["llm.generate", "audio.next"];

/**
 * What the table would ask about each time: to ask a language model changes nothing, whatever its effect is called. On this
 * machine the grant is enough; one elsewhere is sent words, so that the grant has to name its host (ADR 0023).
 */
const modelPolicies: readonly ShippedPolicy[] = [
  {
    ...{ id: "table.model.here", effect: "permit", layer: "boundary" },
    title: "A model on this machine may be asked by all who act and were granted it",
    text: modelPermit('action == mh::Action::"local"', "context.riskLevel <= 0"),
  },
  {
    ...{ id: "table.model.elsewhere", effect: "permit", layer: "boundary" },
    title: "A model elsewhere may be asked where a grant names its host",
    text: modelPermit(
      'action in [mh::Action::"send", mh::Action::"spend"]',
      "context.inScope && context.riskLevel <= 1",
    ),
  },
];

function modelPermit(action: string, condition: string): string {
  const acts = `principal.trustLevel >= ${trustLevels.indexOf("suggest")}`;
  const asked = modelSkills.map((skill) => `resource == mh::Skill::"${skill}"`).join(" || ");
  return `permit (principal, ${action}, resource)
when { !principal.owner && (${asked}) && ${acts} && ${condition} };`;
}

/** The table as Cedar: one permit for each cell that allows, one more for each that may ask. */
export function trustTablePolicies(): ShippedPolicy[] {
  const cells = trustLevels.flatMap((level) =>
    Object.entries(trustTable[level]).flatMap(([effect, cell]) => cellPolicies(level, effect as Effect, cell)),
  );
  return [...cells, ...modelPolicies];
}

function cellPolicies(level: TrustLevel, effect: Effect, cell: Cell): ShippedPolicy[] {
  if (cell === "deny") return [];
  const permit = (kind: "allow" | "ask", title: string, conditions: string[]): ShippedPolicy => ({
    id: `table.${level}.${effect}.${kind}`,
    effect: "permit",
    layer: "boundary",
    title,
    text: [
      `permit (principal, action == mh::Action::"${effect}", resource)`,
      `when { ${[`principal.trust == mh::Trust::"${level}"`, "!principal.owner", ...conditions].join(" && ")} };`,
    ].join("\n"),
  });
  const ask = permit("ask", `Trust ${level}: ${effect} waits for your approval`, ["context.approved"]);
  if (cell === "ask") return [ask];
  if (cell === "allow") return [permit("allow", `Trust ${level}: ${effect} is allowed`, [])];
  const { inScope, riskMax } = cell.allowIf;
  const conditions = [
    ...(inScope ? ["context.inScope"] : []),
    ...(riskMax ? [`context.riskLevel <= ${riskMax === "low" ? 0 : 1}`] : []),
  ];
  return [permit("allow", `Trust ${level}: ${effect} is allowed (${conditionOf(cell)})`, conditions), ask];
}
