import { type AgentContext, defineAgent, type ValueFor } from "@mh/core/agent";

type Task = ValueFor<"task.list">["tasks"][number];

/** A heading and what stands under it; `none` where there is nothing. */
interface Part {
  heading: string;
  lines: string[];
  none: string;
}

const dayMs = 24 * 3_600_000;
const shownOnPhone = 5;

export const agent = defineAgent({
  name: "morning-brief",
  title: "Tells you at seven what the day holds: events, tasks, and what yesterday brought",
  triggers: [{ cron: "0 7 * * *" }],
  may: [
    ...["memory.timeline", "task.list", "calendar.read", "memory.capture", "notify.send"],
    ...["prompt.read", "llm.generate"],
  ],
  ensures: ["memory.timeline", "task.list", "memory.capture"],
  quietHours: "run",
  async run(agent) {
    const today = { heading: "Today", lines: await eventsOf(agent), none: "Your calendar is free." };
    const toDo = { heading: "To do", lines: await tasksOf(agent), none: "Nothing is due." };
    const memories = await memoriesOf(agent);
    const since = { heading: "Since yesterday", lines: memories, none: "You noted nothing." };
    const title = `Your brief for ${dayText(agent, agent.trigger.at)}`;
    const parts = [today, toDo, since].map(whole);
    const summary = await summaryOf(agent, parts.join("\n\n"));
    const text = [`# ${title}`, ...summary, ...parts].join("\n\n");
    await agent.need("memory.capture", { text, tags: ["brief"] });
    const body = [...summary, short(today), short(toDo), counted(memories.length)].join("\n\n");
    const sent = await agent.act("notify.send", { title, body });
    if (sent.status === "done") return;
    agent.log(text);
    if (sent.status === "parked")
      return agent.log("It was kept; its notification waits for your answer. `mh approvals`");
    if (sent.status !== "failed" || sent.fault.code !== "notify.no-channel") {
      const why = sent.status === "failed" ? sent.fault.message : sent.status;
      throw new Error(`The brief was kept, and could not be sent: ${why}`);
    }
    agent.log("It was kept, and not sent: no channel is set up. `mh help notifications` shows how to have it sent.");
  },
});

/** Calendars that cannot be read are said to be so: a brief without them would look like a free day. */
async function eventsOf(agent: AgentContext): Promise<string[]> {
  // The day that the brief is for, also where it comes late.
  const from = dateOf(agent, agent.trigger.at);
  const outcome = await agent.act("calendar.read", { from });
  if (outcome.status !== "done") {
    const why = outcome.status === "failed" ? outcome.fault.message : outcome.status;
    agent.log(`Calendars: ${why}`);
    return [`Your calendars could not be read: ${why}`];
  }
  const { events, failed } = outcome.value;
  const lines = events.map(({ title, start, end, allDay, place }) => {
    const when = allDay ? "All day:" : spanText(agent, start, end);
    return `${when} ${title}${place ? `, ${place}` : ""}`;
  });
  return [...lines, ...failed.map(({ source, reason }) => `${source} could not be read: ${reason}`)];
}

async function tasksOf(agent: AgentContext): Promise<string[]> {
  const { tasks } = await agent.need("task.list", {});
  const pressing = tasks.filter(({ place }) => place === "now" || place === "overdue" || place === "today");
  const soon = tasks.filter(({ place, due }) => place === "later" && due !== null).slice(0, 3);
  return [...pressing, ...soon].map((task) => `${task.title}${dueText(agent, task)}`);
}

/** `due` is a day on the owner's wall, perhaps with a time: it needs no zone. */
function dueText(agent: AgentContext, { place, due }: Task): string {
  if (due === null) return "";
  const [date = "", time] = due.split("T");
  const at = Date.parse(agent.trigger.at);
  const near = new Map([
    [dateOf(agent, at), "today"],
    [dateOf(agent, at + dayMs), "tomorrow"],
  ]);
  const day = near.get(date) ?? dayText({ owner: { ...agent.owner, timeZone: "UTC" } }, date);
  return ` (${place === "overdue" ? "was due" : "due"} ${day}${time ? ` at ${time}` : ""})`;
}

/** The day up to the time that the run is for: a later try tells the same. */
async function memoriesOf(agent: AgentContext): Promise<string[]> {
  const to = Date.parse(agent.trigger.at);
  const range = { from: new Date(to - dayMs).toISOString(), to: new Date(to).toISOString() };
  const { moments } = await agent.need("memory.timeline", {
    ...range,
    limit: 50,
    forward: true,
  });
  // Told, and about the same day: once.
  const once = new Map(moments.toReversed().map((moment) => [moment.memory.id, moment]));
  return [...once.values()].reverse().map(({ at, memory }) => `${timeText(agent, at)} ${firstLine(memory.content)}`);
}

const summaryCharsMax = 400;

/**
 * What a model puts before the brief, in its words; none without one. It adds nothing: a number, a link or an address that
 * the brief does not hold is not passed on, and all that it speaks of stands below.
 */
async function summaryOf(agent: AgentContext, brief: string): Promise<string[]> {
  const answer = (await agent.ask({ prompt: "morning-brief", text: brief.slice(0, 12_000), schema })) as
    | { summary?: unknown }
    | undefined;
  if (typeof answer?.summary !== "string") return [];
  const summary = plain(answer.summary);
  if (summary === "" || summary.length > summaryCharsMax) return [];
  const named = summary.match(/\S*(?:[@\d]|:\/\/|www\.|\w\.\w)\S*/g) ?? [];
  const unknown = named
    .map((word) => word.replace(/^[("“]+|[)"”.,;:!?]+$/g, ""))
    .filter((word) => !brief.includes(word));
  if (unknown.length === 0) return [summary];
  agent.log(`The model's summary names what the brief does not: ${unknown.join(" ").slice(0, 200)}`);
  return [];
}

/** On one line, without characters that cannot be seen or turn the direction of writing. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replace(/(?!\s)[\p{Cc}\p{Cf}\p{Co}]/gu, "")
    .replace(/\s+/g, " ")
    .trim();

const schema = { type: "object", properties: { summary: { type: "string" } }, required: ["summary"] };

const whole = ({ heading, lines, none }: Part): string =>
  `## ${heading}\n${lines.length > 0 ? lines.map((line) => `- ${line}`).join("\n") : none}`;

function short({ heading, lines, none }: Part): string {
  if (lines.length === 0) return none;
  const more = lines.length > shownOnPhone ? [`… and ${lines.length - shownOnPhone} more`] : [];
  return [`${heading}:`, ...lines.slice(0, shownOnPhone), ...more].join("\n");
}

const counted = (memories: number): string =>
  memories === 1 ? "One memory since yesterday." : `${memories === 0 ? "No" : memories} memories since yesterday.`;

const firstLine = (text: string): string => {
  const [line = ""] = text.trim().split("\n");
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
};

const dayText = ({ owner: { timeZone } }: Pick<AgentContext, "owner">, at: string): string =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone }).format(new Date(at));

/** As `2026-03-02`. */
const dateOf = ({ owner: { timeZone } }: AgentContext, at: string | number): string =>
  new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(new Date(at));

function spanText(agent: AgentContext, start: string, end: string): string {
  const [from, to] = [timeText(agent, start), timeText(agent, end)];
  return from === to ? from : `${from}–${to}`;
}

const timeText = ({ owner: { timeZone } }: AgentContext, at: string): string =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(new Date(at));
