import { type AgentContext, defineAgent } from "@mh/core/agent.ts";

interface Task {
  title: string;
  due: string | null;
  place: "now" | "overdue" | "today" | "later" | "someday" | "waiting" | "over";
}

interface Event {
  title: string;
  start: string;
  end: string;
  allDay: boolean;
  place?: string;
}

interface Moment {
  at: string;
  memory: { content: string };
}

const dayMs = 24 * 3_600_000;

export const agent = defineAgent({
  name: "morning-brief",
  title: "Tells you at seven what the day holds: events, tasks, and what yesterday brought",
  triggers: [{ cron: "0 7 * * *" }],
  may: ["memory.timeline", "task.list", "calendar.read", "memory.capture", "notify.send"],
  ensures: ["memory.timeline", "task.list", "memory.capture", "notify.send"],
  quietHours: "run",
  async run(agent) {
    const events = await eventsOf(agent);
    const tasks = await tasksOf(agent);
    const memories = await memoriesOf(agent);
    const title = `Your brief for ${dayText(agent)}`;
    const parts = [part("Today", events), part("To do", tasks), part("Since yesterday", memories)];
    await agent.need("memory.capture", { text: [`# ${title}`, ...parts].join("\n\n"), tags: ["brief"] });
    const body = [brief("Today", events), brief("To do", tasks), counted(memories.length)].join("\n");
    await agent.need("notify.send", { title, body });
  },
});

/** Calendars that cannot be read are said to be so: a brief without them would look like a free day. */
async function eventsOf(agent: AgentContext): Promise<string[]> {
  const outcome = await agent.act("calendar.read", {});
  if (outcome.status !== "done") {
    const why = outcome.status === "failed" ? outcome.fault.message : outcome.status;
    agent.log(`Calendars: ${why}`);
    return [`Your calendars: ${why}`];
  }
  const { events, failed } = outcome.value as { events: Event[]; failed: { source: string; reason: string }[] };
  const lines = events.map(({ title, start, end, allDay, place }) => {
    const when = allDay ? "all day" : `${timeText(agent, start)}–${timeText(agent, end)}`;
    return `${when} ${title}${place ? `, ${place}` : ""}`;
  });
  return [...lines, ...failed.map(({ source, reason }) => `${source} could not be read: ${reason}`)];
}

async function tasksOf(agent: AgentContext): Promise<string[]> {
  const { tasks } = await agent.need<{ tasks: Task[] }>("task.list", {});
  const pressing = tasks.filter(({ place }) => place === "now" || place === "overdue" || place === "today");
  const soon = tasks.filter(({ place, due }) => place === "later" && due !== null).slice(0, 3);
  const dueText = ({ place, due }: Task) =>
    due === null ? "" : place === "overdue" ? ` (was due ${due})` : ` (due ${due})`;
  return [...pressing, ...soon].map((task) => `${task.title}${dueText(task)}`);
}

/** The day up to the time that the run is for: a later try tells the same. */
async function memoriesOf(agent: AgentContext): Promise<string[]> {
  const to = Date.parse(agent.trigger.at);
  const range = { from: new Date(to - dayMs).toISOString(), to: new Date(to).toISOString() };
  const { moments } = await agent.need<{ moments: Moment[] }>("memory.timeline", {
    ...range,
    limit: 50,
    forward: true,
  });
  return moments.map(({ at, memory }) => `${timeText(agent, at)} ${firstLine(memory.content)}`);
}

const part = (title: string, lines: readonly string[]): string =>
  `## ${title}\n${lines.length > 0 ? lines.map((line) => `- ${line}`).join("\n") : "Nothing."}`;

const brief = (title: string, lines: readonly string[]): string => {
  const more = lines.length > 4 ? `\n… and ${lines.length - 4} more` : "";
  return `${title}: ${lines.length === 0 ? "nothing" : lines.slice(0, 4).join("\n")}${more}`;
};

const counted = (memories: number): string =>
  memories === 1 ? "One memory since yesterday." : `${memories === 0 ? "No" : memories} memories since yesterday.`;

const firstLine = (text: string): string => {
  const [line = ""] = text.trim().split("\n");
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
};

const dayText = ({ owner, trigger }: AgentContext): string =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: owner.timeZone }).format(
    new Date(trigger.at),
  );

const timeText = ({ owner }: AgentContext, at: string): string =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: owner.timeZone }).format(
    new Date(at),
  );
