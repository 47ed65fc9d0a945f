import { type AgentContext, defineAgent, type ValueFor } from "@mh/core/agent";

type Memory = ValueFor<"memory.timeline">["moments"][number]["memory"];
type Statement = ValueFor<"fact.spot">["statements"][number];
type ToDo = ValueFor<"task.spot">["found"][number];
type Noted = Pick<Memory, "id" | "at">;

interface Fact {
  subject: string;
  predicate: string;
  object: string;
  validFrom?: string;
  memories: Noted[];
  /** The sentence that states it. Without one the notes name the subject and the object, and the predicate is a model's. */
  quote?: string;
}

const dayMs = 24 * 3_600_000;
const daysBack = 30;
/** How much a model is given to read. */
const notesMax = 60;
const noteCharsMax = 200;
const proposalsMax = 10;
const toDoDays = 7;
/** So many days make a habit; so many tell of a fact. */
const routineDays = 3;
const factDays = 2;

export const agent = defineAgent({
  name: "sleep-service",
  title: "Finds at night what your own notes say, and proposes it as facts, routines, preferences and tasks",
  triggers: [{ cron: "30 2 * * *" }],
  may: ["memory.timeline", "fact.spot", "task.spot", "memory.spot", "proposal.make", "prompt.read", "llm.generate"],
  ensures: ["memory.timeline"],
  quietHours: "run",
  priority: "low",
  limits: { timeMs: 10 * 60_000 },
  async run(agent) {
    const memories = await ownMemories(agent);
    const statements = await spotted(agent);
    const facts = distinct([...(await factsByModel(agent, memories)), ...factsByRule(agent, statements)]);
    let made = 0;
    for (const { memories: sources, quote, ...fact } of facts.slice(0, proposalsMax)) {
      const days = daysText(agent, sources);
      const why =
        quote !== undefined
          ? `You said so on ${days}: “${quote}”`
          : `Your notes of ${days} name both; what they say of them is a model's reading.`;
      made += await propose(agent, { type: "fact", ...fact }, why, sources);
    }
    for (const { fact, holds, quote, at, memory } of denied(statements).slice(0, proposalsMax)) {
      const source = { id: memory, at };
      const does = { type: "retire", fact, ...(holds === "over" && { on: dayOf(agent, source) }) };
      made += await propose(agent, does, `You said on ${dayOf(agent, source)}: “${quote}”`, [source]);
    }
    for (const sources of routines(agent, memories).slice(0, proposalsMax)) {
      const days = daysText(agent, sources);
      const title = clip(sources.at(-1)?.content ?? "", 200);
      const text = `${rhythmOf(agent, sources)}: ${title}`;
      made += await propose(agent, { type: "routine", title, text }, `You noted it on ${days}.`, sources);
    }
    for (const { text, source } of preferences(memories).slice(-proposalsMax)) {
      const why = `You said so on ${dayOf(agent, source)}.`;
      made += await propose(agent, { type: "preference", text }, why, [source]);
    }
    for (const { title, due, quote, at, memory } of await toDos(agent)) {
      const source = { id: memory, at };
      const does = { type: "task", title, ...(due !== undefined && { due }) };
      made += await propose(agent, does, `You said on ${dayOf(agent, source)}: “${quote}”`, [source]);
    }
    const { found: outgrown } = await agent.need("memory.spot", { limit: proposalsMax });
    for (const { why, memories: old, text, last } of outgrown) {
      const times = `You noted it ${old.length} times before ${last === null ? "" : dayOf(agent, { id: "", at: last })}, when you noted it last: that one stays.`;
      const because = why === "repeated" ? times : `What it says is over: ${clip(text, 200)}`;
      made += await propose(agent, { type: "archive", memories: old }, because, []);
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

async function propose(agent: AgentContext, does: object, why: string, sources: readonly Noted[]): Promise<number> {
  const ids = sources.slice(0, 20).map(({ id }) => id);
  const args = { does, why, sources: ids } as Parameters<typeof agent.act<"proposal.make">>[1];
  const outcome = await agent.act("proposal.make", args);
  if (outcome.status === "done") return outcome.value.known ? 0 : 1;
  agent.log(`Not proposed (${outcome.status === "failed" ? outcome.fault.message : outcome.status})`);
  return 0;
}

/** The sentences of the owner's own notes that state something, read by rule. */
async function spotted(agent: AgentContext): Promise<Statement[]> {
  const to = new Date(agent.trigger.at);
  const from = new Date(to.getTime() - daysBack * dayMs);
  return (await agent.need("fact.spot", { from: from.toISOString(), to: to.toISOString() })).statements;
}

/** What the owner said lately that is to be done, and is no task: older words were kept, or are over. */
async function toDos(agent: AgentContext): Promise<ToDo[]> {
  const to = new Date(agent.trigger.at);
  const from = new Date(to.getTime() - toDoDays * dayMs);
  const { found } = await agent.need("task.spot", { from: from.toISOString(), to: to.toISOString() });
  return found.filter(({ task }) => task === null).slice(-proposalsMax);
}

/** Of themselves and of who is theirs the owner's one sentence is enough; of others it takes two days. */
function factsByRule(agent: AgentContext, statements: readonly Statement[]): Fact[] {
  return [...Map.groupBy(statements, keyOf).values()].flatMap((all) => {
    const group = all.filter(({ holds }) => holds === "yes");
    const last = all.at(-1);
    if (last === undefined || last.holds !== "yes" || last.fact !== null) return [];
    const { subject, predicate, object, isOwn, quote } = last;
    const memories = group.map(({ memory, at }) => ({ id: memory, at }));
    if (!isOwn && daysOf(agent, memories).length < factDays) return [];
    const validFrom = group.findLast((each) => each.validFrom !== undefined)?.validFrom;
    return [{ subject, predicate, object, ...(validFrom !== undefined && { validFrom }), memories, quote }];
  });
}

/** Facts on record of which the owner's last word is that they are not so, or over. */
function denied(statements: readonly Statement[]): (Statement & { fact: string })[] {
  const last = [...Map.groupBy(statements, keyOf).values()].flatMap((group) => group.slice(-1));
  return last.flatMap((each) => (each.holds !== "yes" && each.fact !== null ? [{ ...each, fact: each.fact }] : []));
}

const keyOf = ({ subject, predicate, object }: Pick<Fact, "subject" | "predicate" | "object">): string =>
  JSON.stringify([subject, predicate, object]).toLowerCase();

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
  return { subject, predicate, object, memories };
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

/** Sentences by which the owner says what they would rather have. */
const preferring =
  /^(?:I(?: would|['’]d)? (?:(?:always|really|much|strongly|still) )?(?:prefer|rather)|ich (?:bevorzuge|(?:hätte|möchte|mag|esse|trinke|nehme) .*\blieber))\b/i;

/** Each said once at least: of what they like the owner's own word is enough. The latest of the same words counts. */
function preferences(memories: readonly Memory[]): { text: string; source: Noted }[] {
  const said = memories.flatMap(({ id, at, content }) =>
    content
      .split(/(?<=[.!?])\s+|\n+/)
      .map((sentence) => sentence.trim())
      .filter((sentence) => preferring.test(sentence) && !sentence.endsWith("?") && sentence.length <= 300)
      .map((text) => ({ text, source: { id, at } })),
  );
  return [...new Map(said.map((each) => [each.text.toLowerCase(), each])).values()];
}

function rhythmOf(agent: AgentContext, memories: readonly Memory[]): string {
  const days = new Set(daysOf(agent, memories).map((day) => weekday(day)));
  const [day] = days;
  return days.size === 1 ? `Every ${day}` : `On ${daysOf(agent, memories).length} days of ${daysBack}`;
}

const weekday = (day: string): string =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" }).format(new Date(day));

function distinct(facts: readonly Fact[]): Fact[] {
  return [...new Map(facts.toReversed().map((fact) => [keyOf(fact), fact])).values()].reverse();
}

const dayOf = ({ owner: { timeZone } }: AgentContext, { at }: Noted): string =>
  new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(new Date(at));
const daysOf = (agent: AgentContext, memories: readonly Noted[]): string[] => [
  ...new Set(memories.map((memory) => dayOf(agent, memory))),
];
const daysText = (agent: AgentContext, memories: readonly Noted[]): string =>
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
