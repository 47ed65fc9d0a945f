import { type AgentContext, defineAgent, type ValueFor } from "@mh/core/agent";

type Memory = ValueFor<"memory.timeline">["moments"][number]["memory"];

const dayMs = 24 * 3_600_000;
const daysBack = 7;
/** How much a model is given to read, and how many of what it finds are proposed. */
const notesMax = 80;
const noteCharsMax = 200;
const proposalsMax = 5;
/** So much of their words two memories share that are merged. */
const sharedMin = 0.4;

export const agent = defineAgent({
  name: "organizer",
  title: "Merges memories that say the same while you are away, and proposes those that only mean the same",
  triggers: [{ idle: "30m" }],
  may: ["memory.propose", "memory.consolidate", "memory.timeline", "proposal.make", "prompt.read", "llm.generate"],
  ensures: ["memory.propose"],
  priority: "low",
  async run(agent) {
    await mergeSame(agent);
    await proposeAlike(agent);
  },
});

/** Word for word the same: every merge can be undone. */
async function mergeSame(agent: AgentContext): Promise<void> {
  const { merges } = await agent.need("memory.propose", { limit: 50 });
  if (merges.length === 0) return agent.log("Nothing says the same as anything else.");
  const outcome = await agent.act("memory.consolidate", { limit: 50 });
  if (outcome.status === "done") {
    for (const { content, others } of merges) agent.log(`Merged ${others.length + 1}: ${content}`);
  } else if (outcome.status === "parked") agent.log(`${merges.length} merges wait for your approval.`);
  else throw new Error(`memory.consolidate: ${outcome.status}`);
}

/** A model finds what is told twice in other words. It may be wrong: the words must bear it out, and the owner answers. */
async function proposeAlike(agent: AgentContext): Promise<void> {
  const to = Date.parse(agent.trigger.at);
  const range = { from: new Date(to - daysBack * dayMs).toISOString(), to: new Date(to).toISOString() };
  const { moments } = await agent.need("memory.timeline", { ...range, kinds: ["episodic"], limit: 500 });
  const own = moments
    .filter(({ why, memory }) => why === "told" && memory.origins.every((origin) => origin === "owner"))
    .map(({ memory }) => memory);
  const notes = own.slice(0, notesMax).reverse();
  if (notes.length < 2) return;
  const text = notes.map((each, n) => `${n + 1} ${dayOf(agent, each)} ${oneLine(each.content)}`).join("\n");
  const answer = (await agent.ask({ prompt: "organizer", text, schema })) as { same?: unknown } | undefined;
  const groups = Array.isArray(answer?.same) ? answer.same.flatMap((group) => alikeIn(agent, notes, group)) : [];
  for (const [keep, ...others] of groups.slice(0, proposalsMax)) {
    const does = { type: "merge" as const, keep: keep?.id ?? "", others: others.map(({ id }) => id) };
    const why = "They tell of the same, on the same day.";
    const outcome = await agent.act("proposal.make", { does, why });
    if (outcome.status !== "done") agent.log(`Not proposed: ${outcome.status}`);
    else if (!outcome.value.known) agent.log(`A merge waits in your review list: ${oneLine(keep?.content ?? "")}`);
  }
}

/** The earliest first; nothing where they are of several days, or share too few words. */
function alikeIn(agent: AgentContext, notes: readonly Memory[], group: unknown): Memory[][] {
  const named = Array.isArray(group) ? [...new Set(group)].flatMap((n) => notes[Number(n) - 1] ?? []) : [];
  const [first, ...others] = named.sort((a, b) => (a.id < b.id ? -1 : 1));
  if (!first || others.length === 0) return [];
  return others.every((other) => dayOf(agent, other) === dayOf(agent, first) && share(first, other) >= sharedMin)
    ? [[first, ...others]]
    : [];
}

function share(one: Memory, other: Memory): number {
  const [a, b] = [wordsOf(one.content), wordsOf(other.content)];
  return a.intersection(b).size / Math.max(1, Math.min(a.size, b.size));
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);

const dayOf = ({ owner: { timeZone } }: AgentContext, { at }: Memory): string =>
  new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(new Date(at));

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > noteCharsMax ? `${line.slice(0, noteCharsMax - 1)}…`.toWellFormed() : line;
}

const schema = {
  type: "object",
  properties: { same: { type: "array", items: { type: "array", items: { type: "integer" } } } },
  required: ["same"],
};
