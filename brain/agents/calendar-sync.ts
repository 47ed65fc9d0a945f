import { defineAgent, type ValueFor } from "@mh/core/agent";

type Event = ValueFor<"calendar.read">["events"][number];

const daysAhead = 30;
/**
 * More than fifty at once is no small change, and would wait for approval; these fit in one command whatever a third
 * party wrote.
 */
const perCommand = 20;
const textMax = 5_000;

export const agent = defineAgent({
  name: "calendar-sync",
  title: "Keeps the events of the next 30 days with your memories, each once and where it now is",
  triggers: [{ every: "30m" }],
  may: ["calendar.read", "memory.import"],
  ensures: ["calendar.read"],
  quietHours: "run",
  priority: "low",
  async run(agent) {
    const from = Date.parse(agent.trigger.at);
    const range = { from: new Date(from).toISOString(), to: new Date(from + daysAhead * 86_400_000).toISOString() };
    const { events, failed } = await agent.need("calendar.read", { ...range, limit: 500 });
    for (const { source, reason } of failed) agent.log(`${source} could not be read: ${reason}`);
    const items = events.map((event) => ({
      // An event that was moved is the same; one of a series is another each time.
      externalId: [event.source, event.uid, ...(event.repeats ? [event.start] : [])].join(" ").slice(0, 2000),
      content: textOf(event, agent.owner.timeZone).slice(0, textMax).toWellFormed(),
      origin: `file:calendar ${event.source}`,
      kind: "artifact",
      tags: ["event"],
      eventAt: [{ ...spanOf(event, agent.owner.timeZone), text: event.title, grain: event.allDay ? "day" : "minute" }],
    }));
    for (let at = 0; at < items.length; at += perCommand) {
      const some = items.slice(at, at + perCommand);
      await agent.need("memory.import", { source: "calendar", from: "calendar.read", items: some, update: true });
    }
    agent.log(`${events.length} events from ${range.from.slice(0, 10)} to ${range.to.slice(0, 10)}`);
  },
});

function textOf(event: Event, timeZone: string): string {
  const { title, place, people = [], description } = event;
  const lines = [
    `${title}: ${whenText(event, timeZone)}${place ? `, at ${place}` : ""}`,
    ...(people.length > 0 ? [`With ${people.join(", ")}`] : []),
    ...(description ? [description.slice(0, 2000)] : []),
  ];
  return lines.join("\n");
}

/** A whole day is no instant: its name is the same in every zone. */
function whenText({ start, end, allDay }: Event, timeZone: string): string {
  const zone = allDay ? "UTC" : timeZone;
  const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: zone });
  const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: zone });
  const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone });
  const [from, to] = [new Date(start), new Date(end)];
  const [first = "", last] = [from, to].map((each) => `${weekday.format(each)} ${date.format(each)}`);
  if (allDay) return first === last ? first : `${first} to ${last}`;
  if (start === end) return `${first}, ${time.format(from)}`;
  return `${first}, ${time.format(from)} to ${first === last ? "" : `${last}, `}${time.format(to)}`;
}

function spanOf({ start, end, allDay }: Event, timeZone: string): { from: string; to: string } {
  if (!allDay) return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
  const next = new Date(Date.parse(end) + 86_400_000).toISOString().slice(0, 10);
  return { from: midnight(start.slice(0, 10), timeZone), to: midnight(next, timeZone) };
}

/** When a day begins in a zone: at midnight, or where a clock change skips that, at the change. */
function midnight(day: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset" });
  const beginsBy = (clocks: number) => {
    const shown = format.formatToParts(new Date(clocks)).find(({ type }) => type === "timeZoneName");
    return Date.parse(`${day}T00:00:00${shown?.value.replace("GMT", "") || "Z"}`);
  };
  const asUtc = Date.parse(`${day}T00:00:00Z`);
  const [before, after] = [beginsBy(asUtc - 86_400_000), beginsBy(asUtc + 86_400_000)];
  const isShown = (at: number) => beginsBy(at) === at;
  return new Date(isShown(before) || !isShown(after) ? before : after).toISOString();
}
