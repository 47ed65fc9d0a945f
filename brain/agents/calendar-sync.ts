import { defineAgent } from "@mh/core/agent.ts";

interface Event {
  source: string;
  uid: string;
  title: string;
  start: string;
  end: string;
  allDay: boolean;
  place?: string;
  description?: string;
  people?: string[];
}

const daysAhead = 30;
/** More at once is no longer a small change, and would wait for a yes. */
const perCommand = 50;

export const agent = defineAgent({
  name: "calendar-sync",
  title: "Keeps the events of the next 30 days in your memory, so that questions find them",
  triggers: [{ every: "30m" }],
  may: ["calendar.read", "memory.import"],
  ensures: ["calendar.read"],
  quietHours: "run",
  priority: "low",
  async run(agent) {
    const from = Date.parse(agent.trigger.at);
    const range = { from: new Date(from).toISOString(), to: new Date(from + daysAhead * 86_400_000).toISOString() };
    const { events, failed } = await agent.need<{ events: Event[]; failed: { source: string; reason: string }[] }>(
      "calendar.read",
      { ...range, limit: 500 },
    );
    for (const { source, reason } of failed) agent.log(`${source} could not be read: ${reason}`);
    const items = events.map((event) => ({
      externalId: `${event.source} ${event.uid} ${event.start}`,
      content: textOf(event, agent.owner.timeZone),
      origin: `file:calendar ${event.source}`,
      kind: "artifact",
      tags: ["event"],
      eventAt: [
        { from: new Date(event.start).toISOString(), to: new Date(event.end).toISOString(), text: event.title },
      ],
    }));
    for (let at = 0; at < items.length; at += perCommand) {
      const some = items.slice(at, at + perCommand);
      await agent.need("memory.import", { source: "calendar", from: "calendar.read", items: some, update: true });
    }
    agent.log(`${events.length} events from ${range.from.slice(0, 10)} to ${range.to.slice(0, 10)}`);
  },
});

function textOf({ title, start, end, allDay, place, people = [], description }: Event, timeZone: string): string {
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone });
  const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone });
  const [from, to] = [new Date(start), new Date(end)];
  const when = allDay ? day.format(from) : `${day.format(from)}, ${time.format(from)} to ${time.format(to)}`;
  const lines = [
    `${title}: ${when}${place ? `, at ${place}` : ""}`,
    ...(people.length > 0 ? [`With ${people.join(", ")}`] : []),
    ...(description ? [description.slice(0, 2000)] : []),
  ];
  return lines.join("\n");
}
