import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { textOf } from "../input.ts";
import { counted } from "../numbers.ts";
import { hang, shortId, wrap } from "../print.ts";

type Standing = ValueFor<"standing.list">["standing"][number];
type Match = NonNullable<Standing["last"]>;

export const command: CommandModule = {
  uses: [
    ...["standing.add", "standing.list", "standing.show", "standing.pause", "standing.resume", "standing.remove"],
    "standing.look",
  ],
  build(parser, context) {
    parser.addHelpText(
      "after",
      [
        "\nExamples:",
        '  mh when "Sarah writes" "remind me of the cost sheet"',
        '  mh when "every friday at 16:00, remind me to water the plants"',
        "  mh when",
        "\nRules read it, no model does; what they understood is shown. `mh help reminders` says what can be waited for.",
      ].join("\n"),
    );
    parser
      .argument("[words...]", "when, and what then; without words, all that you wait for")
      .action((words: string[]) => (words.length === 0 ? list(context) : add(context, words)));
    parser
      .command("list")
      .description("What you wait for, and when it last came.")
      .addHelpText("after", "\nExample:\n  mh when list")
      .action(() => list(context));
    parser
      .command("show <id>")
      .description("One of them, with when it matched and why.")
      .addHelpText("after", "\nExample:\n  mh when show a1b2c3d4")
      .action((id: string) => show(context, id));
    parser
      .command("pause <id>")
      .description("Let it rest.")
      .addHelpText("after", "\nExample:\n  mh when pause a1b2c3d4")
      .action(async (id: string) => told(context, "Paused", await actOnce(context, "standing.pause", { id })));
    parser
      .command("resume <id>")
      .description("Let it go on, as it now stands in its file.")
      .addHelpText("after", "\nExample:\n  mh when resume a1b2c3d4")
      .action(async (id: string) => told(context, "On again", await actOnce(context, "standing.resume", { id })));
    parser
      .command("remove <id>")
      .description("Take it away; `mh undo` brings it back.")
      .addHelpText("after", "\nExample:\n  mh when remove a1b2c3d4")
      .action(async (id: string) => {
        const value = await actOnce(context, "standing.remove", { id });
        if (context.print.isJson) return context.print.json(value);
        context.print.line(`Removed: ${visible(value.text)}`);
      });
    parser
      .command("look")
      .description("Look now whether it came; the daemon does that by itself.")
      .addHelpText("after", "\nExample:\n  mh when look")
      .action(async () => {
        const { print } = context;
        const value = await actOnce(context, "standing.look", {});
        if (print.isJson) return print.json(value);
        print.line(`${counted(value.matched, "match", "matches")}, ${counted(value.told, "reminder")}.`);
        for (const why of value.failed) print.note(wrap(visible(why), print.width));
      });
  },
};

/** Two texts are a condition and what is done then. */
async function add(context: Context, words: string[]): Promise<void> {
  const [first = "", second] = words;
  const isParted = words.length === 2 && first.includes(" ");
  const lead =
    /^(?:\d|(?:when|whenever|if|every|each|before|at|on|in|today|tonight|tomorrow|this|next|as soon|wenn|sobald|immer wenn|bevor|jeden?|heute|morgen|übermorgen|um|am)(?!\p{L}))/iu.test(
      first,
    );
  const text = isParted ? `${lead ? "" : "when "}${first}, ${second}` : textOf(words);
  told(context, "Kept", await actOnce(context, "standing.add", { text }, { make: true }));
}

function told({ print }: Context, what: string, standing: Standing): void {
  if (print.isJson) return print.json(standing);
  print.line(`${print.color.green(`${what}.`)} ${print.color.dim(shortId(standing.id))}`);
  for (const [label, text] of facts(standing)) print.line(hang(`  ${label.padEnd(6)} `, visible(text), print.width));
  if (what === "Kept") print.note("`mh undo` takes it back; `mh when` lists what you wait for.");
}

async function list(context: Context): Promise<void> {
  const { print } = context;
  const { standing } = await actOnce(context, "standing.list", {});
  if (print.isJson) return print.json({ standing });
  if (standing.length === 0) {
    return print.line('You wait for nothing. `mh when "Sarah writes" "remind me of the cost sheet"`');
  }
  print.page();
  for (const each of standing) {
    const { dim } = print.color;
    print.line(hang(`${dim(shortId(each.id))}  `, `${visible(each.text)}${stand(each)}`, print.width));
    const last = each.last === null ? "It has not come yet." : `Last: ${matchText(context, each.last)}`;
    print.line(hang("          ", dim(visible(last)), print.width));
    if (each.note !== null) print.line(hang("          ", visible(each.note), print.width));
  }
}

const stand = ({ status }: Standing): string => (status === "on" ? "" : `  (${status})`);

async function show(context: Context, id: string): Promise<void> {
  const { print } = context;
  const standing = await actOnce(context, "standing.show", { id });
  if (print.isJson) return print.json(standing);
  print.page();
  print.line(`${visible(standing.text)}${stand(standing)}`);
  for (const [label, text] of facts(standing)) print.line(hang(`  ${label.padEnd(6)} `, visible(text), print.width));
  print.line(hang("  file   ", visible(standing.path), print.width));
  if (standing.matches === 0) return print.line("It has not come yet.");
  print.line(`It came ${standing.matches === 1 ? "once" : `${standing.matches} times`}:`);
  for (const match of standing.matched) print.line(hang("  ", visible(matchText(context, match)), print.width));
}

const ends: Record<Match["told"], string> = {
  sent: "you were told",
  held: "held for the end of your quiet hours",
  task: "a task was there or added",
  "cut off": "telling you was cut off",
  failed: "it could not be told",
  "not yet": "not told yet",
};

const matchText = ({ print }: Context, { at, why, subject, told: end }: Match): string =>
  `${print.moment(at)}: ${why}${subject === null ? "" : ` (${subject.slice(0, subject.indexOf(":"))} ${shortId(subject)})`}; ${ends[end]}`;

/** How its words were read. */
function facts({ condition, action, people, note }: Standing): [string, string][] {
  const rows: [string, string][] = [];
  if (condition) rows.push(["when", conditionText(condition)]);
  for (const { name, address } of people) rows.push(["from", `${name} <${address}>`]);
  if (action)
    rows.push(["then", action.type === "task" ? `a task: ${action.text}` : `you are reminded: ${action.text}`]);
  if (note !== null) rows.push(["note", note]);
  return rows;
}

function conditionText(condition: NonNullable<Standing["condition"]>): string {
  switch (condition.type) {
    case "mail":
      return `a mail comes from ${condition.who}${condition.about === undefined ? "" : ` about ${condition.about}`}`;
    case "memory":
      return `you capture something about ${condition.about}`;
    case "event":
      return `in ${condition.minutes} minutes an event of your calendars begins that names ${condition.who}`;
    case "task":
      return `a task is done: ${condition.title}`;
    case "time":
      return `it is ${condition.at.replace("T", " ")}, once`;
    case "times":
      return `by the clock, again and again (${condition.cron})`;
  }
}
