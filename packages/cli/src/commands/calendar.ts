import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { clock } from "../dates.ts";
import { counted } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { hang } from "../print.ts";

interface ShowOptions {
  from?: string;
  to?: string;
  calendar?: string;
  n: number;
}

interface AddOptions {
  start: string;
  end?: string;
  minutes?: number;
  place?: string;
  notes?: string;
  calendar?: string;
}

type Event = ValueFor<"calendar.read">["events"][number];

export const command: CommandModule = {
  uses: ["calendar.read", "calendar.write", "calendar.keep", "config.show"],
  build(parser, context) {
    parser.addHelpText("after", "\nExamples:\n  mh calendar\n  mh calendar --from monday --to friday");
    parser
      .command("show", { isDefault: true })
      .description("What is in your calendars, today where no time is told.")
      .option("--from <when>", "from when on, in plain words")
      .option("--to <when>", "until when; a day counts whole")
      .option("--calendar <name>", "of one calendar only")
      .option("-n <number>", "how many at most", wholeNumber(1, 1000), 200)
      .addHelpText("after", "\nExample:\n  mh calendar show --from tomorrow --to 2026-05-08")
      .action((options: ShowOptions) => show(context, options));
    parser
      .command("add <title...>")
      .description("Put an event into a calendar.")
      .requiredOption("--start <when>", "when it begins; a mere day is a whole day")
      .option("--end <when>", "when it ends; of whole days the last")
      .option("--minutes <number>", "how long it takes; an hour where nothing is said", wholeNumber(1, 527_040))
      .option("--place <text>", "where it is")
      .option("--notes <text>", "more words")
      .option("--calendar <name>", "into which calendar, where there are several")
      .addHelpText("after", '\nExample:\n  mh calendar add "Dentist" --start "friday 3pm" --minutes 30')
      .action((words: string[], options: AddOptions) => add(context, words.join(" "), options));
    parser
      .command("keep")
      .description("Keep what is in your calendars with your memories, as it now stands there.")
      .option("--calendar <name>", "of one calendar only")
      .addHelpText("after", "\nThe agent calendar-sync does it every half hour.\n\nExample:\n  mh calendar keep")
      .action((options: { calendar?: string }) => keep(context, options));
  },
};

async function show(context: Context, { from, to, calendar, n }: ShowOptions): Promise<void> {
  const { print } = context;
  const args = { limit: n, ...(from && { from }), ...(to && { to }), ...(calendar && { source: calendar }) };
  const view = await actOnce(context, "calendar.read", args);
  if (print.isJson) return print.json(view);
  const { bold, dim } = print.color;
  if (view.sources.length === 0) return sayNone(context);
  if (view.events.length === 0) print.line("Nothing in that time.");
  print.page();
  let last = "";
  for (const event of view.events) {
    const day = dayName(print, Math.max(startOf(event), Date.parse(view.from)));
    if (day !== last) print.line(bold(day));
    last = day;
    const more = [event.place && visible(event.place), view.sources.length > 1 && visible(event.source)];
    const said = more.filter(Boolean).join(", ");
    const title = `${visible(event.title)}${event.tentative ? "?" : ""}`;
    print.line(hang(`  ${dim(hours(print, event).padEnd(13))} `, title + (said && dim(`  ${said}`)), print.width));
  }
  if (view.more) print.note("There is more: -n, --from and --to.");
  for (const { reason } of view.failed) print.note(visible(reason));
  if (view.notes.length > 0) print.note(`${counted(view.notes.length, "remark")} on what cannot be read: --json.`);
}

/** One that was named by hand waits in the review list until the owner adopts it. */
async function sayNone(context: Context): Promise<void> {
  const { pending } = await actOnce(context, "config.show", {});
  const isWaiting = pending.some(({ name }) => name.startsWith("calendar."));
  context.print.line(
    isWaiting
      ? "A calendar stands in config.yaml and waits for you: `mh review --adopt` takes it."
      : "There is no calendar yet. `mh help settings` says how to name one.",
  );
}

async function add(context: Context, title: string, options: AddOptions): Promise<void> {
  const { print } = context;
  const { start, end, minutes, place, notes, calendar } = options;
  const args = {
    ...{ title, start },
    ...(end && { end }),
    ...(minutes && { durationMinutes: minutes }),
    ...(place && { place }),
    ...(notes && { description: notes }),
    ...(calendar && { source: calendar }),
  };
  const written = await actOnce(context, "calendar.write", args);
  if (print.isJson) return print.json(written);
  const at = print.moment(startOf(written));
  print.line(`${print.color.green("Put down")} for ${at} in ${visible(written.source)}: ${visible(title)}`);
}

async function keep(context: Context, { calendar }: { calendar?: string }): Promise<void> {
  const { print } = context;
  const kept = await actOnce(context, "calendar.keep", calendar ? { source: calendar } : {});
  if (print.isJson) return print.json(kept);
  if (kept.sources.length === 0) return sayNone(context);
  const { added, updated, gone, same, refused } = kept;
  const left = refused > 0 ? `, ${refused} as you left them` : "";
  print.line(`${added} new, ${updated} changed, ${gone} gone, ${same} as before${left}`);
  for (const { reason } of kept.failed) print.note(visible(reason));
  for (const { source, note } of kept.notes) print.note(visible(`${source}: ${note}`));
}

/** A day is the owner's, in the time zone of this process. */
const startOf = ({ start, allDay }: Pick<Event, "start" | "allDay">): number =>
  (allDay ? new Date(`${start}T00:00`) : new Date(start)).getTime();

const dayName = (print: Context["print"], at: number): string => print.moment(new Date(at).setHours(0, 0, 0, 0));

/** "09:00–10:00"; what ends on another day says when. */
function hours(print: Context["print"], event: Event): string {
  if (event.allDay)
    return event.end === event.start ? "all day" : `to ${print.day(startOf({ ...event, start: event.end }))}`;
  const [start, end] = [new Date(event.start), new Date(event.end)];
  if (start.toDateString() === end.toDateString() || end.getTime() - start.getTime() < 86_400_000) {
    return event.start === event.end ? clock(start) : `${clock(start)}–${clock(end)}`;
  }
  return `${clock(start)} to ${print.day(event.end)}`;
}
