import { type AgentContext, defineAgent, type ValueFor } from "@mh/core/agent";

type Moment = ValueFor<"memory.timeline">["moments"][number];

const dayMs = 24 * 3_600_000;
const linesMax = 20;

export const agent = defineAgent({
  name: "digest",
  title: "Looks back on the week every Sunday evening: what was done, who was in it, what is left",
  triggers: [{ cron: "0 18 * * 0" }],
  may: ["memory.timeline", "task.list", "memory.capture", "notify.send"],
  ensures: ["memory.timeline", "task.list", "memory.capture", "notify.send"],
  async run(agent) {
    const to = Date.parse(agent.trigger.at);
    const from = to - 7 * dayMs;
    const moments = await momentsOf(agent, from, to);
    const { tasks } = await agent.need("task.list", { all: true });
    const isIn = (at: string | null) => at !== null && Date.parse(at) >= from && Date.parse(at) < to;
    const done = tasks.filter(({ status, closed }) => status === "done" && isIn(closed));
    const open = tasks.filter(({ status }) => status === "open" || status === "started");
    const people = peopleIn(moments);
    const title = `Your week up to ${dayText(agent)}`;
    const figures = `${counted(moments.length, "memory", "memories")}, ${counted(done.length, "task", "tasks")} done, ${open.length} still open.`;
    const text = [
      `# ${title}`,
      figures,
      part(
        "Done",
        done.map((task) => task.title),
      ),
      part(
        "People",
        people.slice(0, 10).map(([name, times]) => `${name} (${times})`),
      ),
      part("Still open", listed(open.map((task) => task.title))),
    ].join("\n\n");
    await agent.need("memory.capture", { text, tags: ["digest"] });
    const most = people.slice(0, 3).map(([name]) => name);
    const body = [
      figures,
      ...(most.length > 0 ? [`Most on your mind: ${new Intl.ListFormat("en-GB").format(most)}.`] : []),
    ].join("\n");
    await agent.need("notify.send", { title, body, urgency: "low" });
  },
});

async function momentsOf(agent: AgentContext, from: number, to: number): Promise<Moment[]> {
  const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const { moments } = await agent.need("memory.timeline", { ...range, limit: 1000 });
  // Told, and about the same week: once.
  return [...new Map(moments.map((moment) => [moment.memory.id, moment])).values()];
}

/** Who was spoken of, the most often first. */
function peopleIn(moments: readonly Moment[]): [name: string, times: number][] {
  const times = new Map<string, number>();
  for (const { memory } of moments) {
    const names = new Set(memory.entities.filter(({ kind }) => kind === "person").map(({ name }) => name));
    for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  }
  return [...times].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
}

const counted = (count: number, one: string, many: string): string => `${count || "no"} ${count === 1 ? one : many}`;

const listed = (lines: readonly string[]): string[] =>
  lines.length > linesMax ? [...lines.slice(0, linesMax), `… and ${lines.length - linesMax} more`] : [...lines];

const part = (title: string, lines: readonly string[]): string =>
  `## ${title}\n${lines.length > 0 ? lines.map((line) => `- ${line}`).join("\n") : "Nothing."}`;

const dayText = ({ owner, trigger }: AgentContext): string =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: owner.timeZone }).format(
    new Date(trigger.at),
  );
