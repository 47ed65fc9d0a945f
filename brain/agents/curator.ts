import { type AgentContext, type ArgsFor, defineAgent, type ValueFor } from "@mh/core/agent";

type Proposal = ValueFor<"proposal.list">["proposals"][number];
type Does = ArgsFor<"proposal.make">["does"];

const dayMs = 24 * 3_600_000;
const staleDaysUsual = 30;
const shownMax = 100;

export const agent = defineAgent({
  name: "curator",
  title: "Keeps your review list short: proposes what to dismiss at once, and which of two facts to retire",
  triggers: [{ cron: "30 5 * * *" }],
  may: ["proposal.list", "memory.propose", "proposal.make", "prompt.read", "llm.generate"],
  ensures: ["proposal.list", "memory.propose"],
  quietHours: "run",
  priority: "low",
  async run(agent) {
    const { proposals } = await agent.need("proposal.list", {});
    const { contradictions } = await agent.need("memory.propose", { limit: 1 });
    // What another would dismiss is shown with that one already.
    const open = proposals.filter(({ does, foldedInto }) => does.type !== "dismiss" && foldedInto === null);
    const stale = open.filter((each) => isStale(agent, each));
    if (stale.length > 0) {
      const ids = stale.slice(0, shownMax).map(({ id }) => id);
      await propose(agent, { type: "dismiss", proposals: ids }, "They are old, or what they rest on is gone.");
    }
    const fresh = open.filter((each) => !stale.includes(each));
    for (const group of joined([...sameByRule(fresh), ...(await sameByModel(agent, fresh))])) {
      const [first, ...others] = group.sort((a, b) => (a.id < b.id ? -1 : 1));
      const why = `They say the same as ${first?.id}: ${clip(first?.text ?? "")}`;
      await propose(agent, { type: "dismiss", proposals: others.map(({ id }) => id) }, why);
    }
    for (const { earlier, later, instead } of contradictions) {
      await propose(agent, { type: "retire", fact: earlier }, `A later fact says otherwise: ${clip(instead)}`, [later]);
    }
    agent.log(`${open.length} proposals, ${stale.length} of them stale; ${contradictions.length} contradictions.`);
  },
});

async function propose(agent: AgentContext, does: Does, why: string, sources: string[] = []): Promise<void> {
  const outcome = await agent.act("proposal.make", { does, why, sources });
  if (outcome.status !== "done") {
    agent.log(`Not proposed: ${outcome.status === "failed" ? outcome.fault.message : outcome.status}`);
  }
}

function isStale({ config, trigger }: AgentContext, { at, sources, lost }: Proposal): boolean {
  const days = typeof config.staleDays === "number" ? config.staleDays : staleDaysUsual;
  return (lost > 0 && sources.length === 0) || Date.parse(trigger.at) - Date.parse(at) > days * dayMs;
}

/** Facts whose objects are the same but for what is added, and texts that share most of their words. */
function sameByRule(proposals: readonly Proposal[]): Proposal[][] {
  return proposals.flatMap((one, n) =>
    proposals
      .slice(n + 1)
      .filter((other) => isSame(one, other))
      .map((other) => [one, other]),
  );
}

function isSame(one: Proposal, other: Proposal): boolean {
  if (one.does.type !== other.does.type || one.does.type === "reflection") return false;
  if (one.does.type === "fact" && other.does.type === "fact") {
    const sameKind =
      one.does.subject.toLowerCase() === other.does.subject.toLowerCase() &&
      one.does.predicate === other.does.predicate;
    return sameKind && isPart(wordsOf(one.does.object), wordsOf(other.does.object));
  }
  const [a, b] = [wordsOf(one.text), wordsOf(other.text)];
  const shared = a.intersection(b).size;
  return shared > 0 && shared / a.union(b).size >= 0.8;
}

const isPart = (a: Set<string>, b: Set<string>): boolean =>
  a.size > 0 && b.size > 0 && (a.isSubsetOf(b) || b.isSubsetOf(a));
const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** A model says what is the same in other words. It only proposes to dismiss: the owner sees what, and answers. */
async function sameByModel(agent: AgentContext, proposals: readonly Proposal[]): Promise<Proposal[][]> {
  const shown = proposals.slice(0, shownMax);
  if (shown.length < 2) return [];
  const text = shown.map(({ does, text: words }, n) => `${n + 1} ${does.type} ${clip(words)}`).join("\n");
  const answer = (await agent.ask({ prompt: "curator", text, schema })) as { same?: unknown } | undefined;
  const groups = Array.isArray(answer?.same) ? answer.same : [];
  return groups.flatMap((group: unknown) => {
    const found = Array.isArray(group) ? [...new Set(group)].flatMap((n) => shown[Number(n) - 1] ?? []) : [];
    const type = found[0]?.does.type;
    const isSound = found.length > 1 && type !== "reflection" && found.every(({ does }) => does.type === type);
    return isSound ? [found] : [];
  });
}

/** Groups that share one are one. */
function joined(groups: readonly Proposal[][]): Proposal[][] {
  const whole: Set<Proposal>[] = [];
  for (const group of groups) {
    const touching = whole.filter((set) => group.some((each) => set.has(each)));
    const union = new Set([...touching.flatMap((set) => [...set]), ...group]);
    for (const set of touching) whole.splice(whole.indexOf(set), 1);
    whole.push(union);
  }
  return whole.map((set) => [...set]);
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 299)}…`.toWellFormed() : line;
}

const schema = {
  type: "object",
  properties: { same: { type: "array", items: { type: "array", items: { type: "integer" } } } },
  required: ["same"],
};
