import { type AgentContext, defineAgent, type ValueFor } from "@mh/core/agent";

type Memory = ValueFor<"memory.timeline">["moments"][number]["memory"];

const dayMs = 24 * 3_600_000;
/** One note is no day to look back on. */
const notesMin = 2;
/** How much a model is given to read, and how much of what it writes is shown. */
const notesMax = 60;
const noteCharsMax = 200;
const answerCharsMax = 1_500;

export const agent = defineAgent({
  name: "reflector",
  title: "Proposes a reflection on your own notes: each evening on the day, on Sundays on the week",
  triggers: [{ cron: "0 21 * * *" }],
  may: ["memory.timeline", "proposal.make", "prompt.read", "llm.generate"],
  ensures: ["memory.timeline"],
  quietHours: "run",
  priority: "low",
  async run(agent) {
    const day = dateOf(agent, agent.trigger.at);
    await reflect(agent, day, day);
    if (new Date(day).getUTCDay() === 0)
      await reflect(agent, weekOf(day), new Date(Date.parse(day) - 6 * dayMs).toISOString().slice(0, 10));
  },
});

/** From the first day on, in the owner's time, to the time of the run. */
async function reflect(agent: AgentContext, period: string, firstDay: string): Promise<void> {
  const days = Math.round((Date.parse(dateOf(agent, agent.trigger.at)) - Date.parse(firstDay)) / dayMs);
  const from = new Date(Date.parse(agent.trigger.at) - (days + 1) * dayMs).toISOString();
  const range = { from, to: agent.trigger.at, limit: 1000, kinds: ["episodic" as const] };
  const { moments } = await agent.need("memory.timeline", range);
  const own = moments
    .filter(({ why, memory }) => why === "told" && memory.origins.every((origin) => origin === "owner"))
    .map(({ memory }) => memory)
    .filter(({ at }) => dateOf(agent, at) >= firstDay)
    .reverse();
  if (own.length < notesMin) return agent.log(`${period}: ${own.length} notes, nothing to look back on.`);
  const { text, memories } = (await byModel(agent, own)) ?? { text: byRule(own), memories: own };
  const sources = memories.slice(-50).map(({ id }) => id);
  const why = `You noted ${own.length} things.`;
  const outcome = await agent.act("proposal.make", { does: { type: "reflection", period, text }, why, sources });
  if (outcome.status !== "done") {
    return agent.log(`${period}: ${outcome.status === "failed" ? outcome.fault.message : outcome.status}`);
  }
  agent.log(
    `${period}: ${outcome.value.known ? "there is a reflection already." : "a reflection waits in your review list."}`,
  );
}

/** The model's words, where they name notes that they rest on; what it says is shown as a proposal and states no fact. */
async function byModel(agent: AgentContext, own: readonly Memory[]) {
  const notes = own.slice(-notesMax);
  const text = notes
    .map(({ at, content }, n) => `${n + 1} ${timeText(agent, at)} ${oneLine(content, noteCharsMax)}`)
    .join("\n");
  const answer = (await agent.ask({ prompt: "reflector", text, schema })) as
    | { text?: unknown; notes?: unknown }
    | undefined;
  const words = typeof answer?.text === "string" ? plain(answer.text) : "";
  const named = Array.isArray(answer?.notes)
    ? [...new Set(answer.notes)].flatMap((n) => notes[Number(n) - 1] ?? [])
    : [];
  if (words !== "" && named.length > 0) return { text: words, memories: named };
  if (answer !== undefined) agent.log("The model's words rest on none of your notes: done without.");
  return undefined;
}

function byRule(own: readonly Memory[]): string {
  const counts = new Map<string, number>();
  for (const { entities } of own) for (const { name } of entities) counts.set(name, (counts.get(name) ?? 0) + 1);
  const most = [...counts].filter(([, times]) => times > 1).sort((a, b) => b[1] - a[1]);
  const about = most.slice(0, 5).map(([name, times]) => `${name} (${times} times)`);
  return [
    `You noted ${own.length} things.`,
    ...(about.length > 0 ? [`Most was about ${about.join(", ")}.`] : []),
    `It began with: ${oneLine(own[0]?.content ?? "", 160)}`,
    `And ended with: ${oneLine(own.at(-1)?.content ?? "", 160)}`,
  ].join("\n");
}

/** ISO 8601: the week of the year that its Thursday is in. */
function weekOf(day: string): string {
  const date = new Date(day);
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * dayMs);
  const yearStart = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - yearStart) / (7 * dayMs)) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

/** As `2026-03-02`. */
const dateOf = ({ owner: { timeZone } }: AgentContext, at: string): string =>
  new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(new Date(at));

const timeText = ({ owner: { timeZone } }: AgentContext, at: string): string =>
  new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", timeZone }).format(
    new Date(at),
  );

function oneLine(text: string, charsMax: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > charsMax ? `${line.slice(0, charsMax - 1)}…`.toWellFormed() : line;
}

/** Without characters that cannot be seen or turn the direction of writing. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replace(/(?!\s)[\p{Cc}\p{Cf}\p{Co}]/gu, "")
    .trim()
    .slice(0, answerCharsMax)
    .toWellFormed();

const schema = {
  type: "object",
  properties: { text: { type: "string" }, notes: { type: "array", items: { type: "integer" } } },
  required: ["text", "notes"],
};
