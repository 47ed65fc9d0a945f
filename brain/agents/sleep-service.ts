import { type AgentContext, defineAgent, type ValueFor } from "@mh/core/agent";

type Memory = ValueFor<"memory.timeline">["moments"][number]["memory"];

interface Fact {
  subject: string;
  predicate: string;
  object: string;
  memories: Memory[];
  /** The notes state it in a sentence. Else they name the subject and the object, and the predicate is a model's. */
  isStated: boolean;
}

const dayMs = 24 * 3_600_000;
const daysBack = 30;
/** How much a model is given to read. */
const notesMax = 60;
const noteCharsMax = 200;
const proposalsMax = 10;
/** So many days make a habit; so many tell of a fact. */
const routineDays = 3;
const factDays = 2;

export const agent = defineAgent({
  name: "sleep-service",
  title: "Finds at night what your own notes say again and again, and proposes it as facts and routines",
  triggers: [{ cron: "30 2 * * *" }],
  may: ["memory.timeline", "proposal.make", "prompt.read", "llm.generate"],
  ensures: ["memory.timeline"],
  quietHours: "run",
  priority: "low",
  limits: { timeMs: 10 * 60_000 },
  async run(agent) {
    const memories = await ownMemories(agent);
    const facts = distinct([...(await factsByModel(agent, memories)), ...factsByRule(agent, memories)]);
    let made = 0;
    for (const { memories: sources, isStated, ...fact } of facts.slice(0, proposalsMax)) {
      const days = daysText(agent, sources);
      const why = isStated
        ? `You said so on ${days}.`
        : `Your notes of ${days} name both; what they say of them is a model's reading.`;
      made += await propose(agent, { type: "fact", ...fact }, why, sources);
    }
    for (const sources of routines(agent, memories).slice(0, proposalsMax)) {
      const days = daysText(agent, sources);
      const title = clip(sources.at(-1)?.content ?? "", 200);
      const text = `${rhythmOf(agent, sources)}: ${title}`;
      made += await propose(agent, { type: "routine", title, text }, `You noted it on ${days}.`, sources);
    }
    agent.log(`${memories.length} notes of ${daysBack} days, ${made} new proposals.`);
  },
});

/** What the owner told in their own words. Mail, imports and what agents wrote is evidence of nothing here. */
async function ownMemories(agent: AgentContext): Promise<Memory[]> {
  const to = new Date(agent.trigger.at);
  const from = new Date(to.getTime() - daysBack * dayMs);
  const range = { from: from.toISOString(), to: to.toISOString(), limit: 1000 };
  const { moments } = await agent.need("memory.timeline", { ...range, kinds: ["episodic"] });
  const own = moments
    .filter(({ why, memory }) => why === "told" && memory.origins.every((origin) => origin === "owner"))
    .map(({ memory }) => memory)
    .filter(({ speaker }) => speaker === undefined);
  return own.reverse();
}

async function propose(agent: AgentContext, does: object, why: string, sources: readonly Memory[]): Promise<number> {
  const ids = sources.slice(0, 20).map(({ id }) => id);
  const args = { does, why, sources: ids } as Parameters<typeof agent.act<"proposal.make">>[1];
  const outcome = await agent.act("proposal.make", args);
  if (outcome.status === "done") return outcome.value.known ? 0 : 1;
  agent.log(`Not proposed (${outcome.status === "failed" ? outcome.fault.message : outcome.status})`);
  return 0;
}

/** Sentences that state a fact, as the owner writes them. */
const sentences: readonly [predicate: string, sentence: RegExp][] = [
  ["works-at", /^(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)*) works (?:at|for) ([^.,;!?]{2,80})$/u],
  ["lives-in", /^(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)*) (?:lives in|moved to) ([^.,;!?]{2,80})$/u],
  ["allergic-to", /^(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)*) is allergic to ([^.,;!?]{2,80})$/u],
  ["likes", /^(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)*) likes ([^.,;!?]{2,80})$/u],
  ["birthday", /^(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)*)(?:'s|’s) birthday is (?:on )?([^.,;!?]{2,80})$/u],
];

function factsByRule(agent: AgentContext, memories: readonly Memory[]): Fact[] {
  const found = new Map<string, Fact>();
  for (const memory of memories) {
    for (const sentence of memory.content.split(/[.!?\n]+/).map((each) => each.trim())) {
      for (const [predicate, pattern] of sentences) {
        const [, subject, object] = pattern.exec(sentence) ?? [];
        if (!subject || !object) continue;
        const key = JSON.stringify([subject, predicate, object].map((each) => each.toLowerCase()));
        const fact = found.get(key) ?? { subject, predicate, object: object.trim(), memories: [], isStated: true };
        fact.memories.push(memory);
        found.set(key, fact);
      }
    }
  }
  return [...found.values()].filter((fact) => daysOf(agent, fact.memories).length >= factDays);
}

/** What a model finds counts only where each note that it names has both its subject and its object, on two days at least. */
async function factsByModel(agent: AgentContext, memories: readonly Memory[]): Promise<Fact[]> {
  const notes = memories.slice(-notesMax);
  if (notes.length < factDays) return [];
  const text = notes.map((each, n) => `${n + 1} ${dayOf(agent, each)} ${clip(each.content, noteCharsMax)}`).join("\n");
  const answer = (await agent.ask({ prompt: "sleep-service", text, schema })) as { facts?: unknown } | undefined;
  const facts = Array.isArray(answer?.facts) ? (answer.facts as Record<string, unknown>[]) : [];
  const sound = facts.slice(0, proposalsMax).flatMap((fact) => groundedIn(agent, notes, fact) ?? []);
  if (sound.length < facts.length)
    agent.log(`${facts.length - sound.length} facts of the model stand in no two notes.`);
  return sound;
}

function groundedIn(agent: AgentContext, notes: readonly Memory[], fact: Record<string, unknown>): Fact | undefined {
  const { subject, predicate, object, notes: numbers } = fact ?? {};
  if (typeof subject !== "string" || typeof object !== "string" || typeof predicate !== "string") return undefined;
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(predicate) || !isWord(subject) || !isWord(object)) return undefined;
  const named = Array.isArray(numbers) ? [...new Set(numbers)].flatMap((n) => notes[Number(n) - 1] ?? []) : [];
  const memories = named.filter(({ content }) => says(content, subject) && says(content, object));
  if (daysOf(agent, memories).length < factDays) return undefined;
  return { subject, predicate, object, memories, isStated: false };
}

const isWord = (text: string): boolean => text.trim() === text && text.length >= 2 && text.length <= 100;

/** Whole words. */
function says(content: string, words: string): boolean {
  const at = content.toLowerCase().indexOf(words.toLowerCase());
  const around = [content[at - 1] ?? " ", content[at + words.length] ?? " "];
  return at >= 0 && around.every((letter) => !/[\p{L}\p{N}]/u.test(letter));
}

/** The same words on several days, the numbers in them aside. */
function routines(agent: AgentContext, memories: readonly Memory[]): Memory[][] {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[\d\p{P}\s]+/gu, " ")
      .trim();
  const groups = Map.groupBy(memories, ({ content }) => plain(content));
  return [...groups]
    .filter(([words, group]) => words !== "" && daysOf(agent, group).length >= routineDays)
    .map(([, group]) => group);
}

function rhythmOf(agent: AgentContext, memories: readonly Memory[]): string {
  const days = new Set(daysOf(agent, memories).map((day) => weekday(day)));
  const [day] = days;
  return days.size === 1 ? `Every ${day}` : `On ${daysOf(agent, memories).length} days of ${daysBack}`;
}

const weekday = (day: string): string =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" }).format(new Date(day));

function distinct(facts: readonly Fact[]): Fact[] {
  const key = ({ subject, predicate, object }: Fact) => JSON.stringify([subject, predicate, object]).toLowerCase();
  return [...new Map(facts.toReversed().map((fact) => [key(fact), fact])).values()].reverse();
}

const dayOf = ({ owner: { timeZone } }: AgentContext, { at }: Memory): string =>
  new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(new Date(at));
const daysOf = (agent: AgentContext, memories: readonly Memory[]): string[] => [
  ...new Set(memories.map((memory) => dayOf(agent, memory))),
];
const daysText = (agent: AgentContext, memories: readonly Memory[]): string =>
  daysOf(agent, memories).slice(-5).join(", ");

/** On one line. */
function clip(text: string, charsMax: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > charsMax ? `${line.slice(0, charsMax - 1)}…`.toWellFormed() : line;
}

const schema = {
  type: "object",
  properties: {
    facts: {
      type: "array",
      items: {
        type: "object",
        properties: {
          subject: { type: "string" },
          predicate: { type: "string" },
          object: { type: "string" },
          notes: { type: "array", items: { type: "integer" } },
        },
        required: ["subject", "predicate", "object", "notes"],
      },
    },
  },
  required: ["facts"],
};
