import type { Command } from "@commander-js/extra-typings";
import type { TaskBrief, TaskView } from "@mh/contract/tasks.ts";
import type { TaskPlace } from "@mh/contract/values/task-place.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import { counted, thousands } from "../numbers.ts";
import { each, wholeNumber } from "../options.ts";
import { hang, shortId, wrap } from "../print.ts";

interface Fields {
  title?: string;
  project?: string;
  goal?: string;
  due?: string;
  start?: string;
  after?: string[];
  tag?: string[];
  notes?: string;
}

interface ListOptions {
  n: number;
  all?: boolean;
  project?: string;
  goal?: string;
  tag?: string;
}

export const command: CommandModule = {
  uses: [
    "task.add",
    "task.edit",
    "task.start",
    "task.finish",
    "task.drop",
    "task.reopen",
    "task.list",
    "task.count",
    "task.show",
  ],
  build(parser, context) {
    parser.addHelpText(
      "after",
      '\nExamples:\n  mh task add "Send Sarah the cost sheet" --due "next friday" --project ML\n  mh task done a1b2c3d4',
    );
    parser
      .command("list", { isDefault: true })
      .description("What wants to be done, the most pressing first.")
      .option("-n <number>", "how many", wholeNumber(1, 1_000_000), 100)
      .option("--all", "what is done and dropped, too")
      .option("--project <name>", "of one project")
      .option("--goal <goal>", "that serve this goal")
      .option("--tag <tag>", "with this tag")
      .addHelpText("after", "\nExample:\n  mh task list --project ML -n 500")
      .action((options) => list(context, options));
    fields(parser.command("add <title...>").description("Write down something to do."))
      .addHelpText("after", '\nExample:\n  mh task add "Call the garage" --due tomorrow --start "in 2 hours"')
      .action((words, options) => write(context, "task.add", { title: words.join(" "), ...given(options) }));
    parser
      .command("show <id>")
      .description("One task, whole.")
      .addHelpText("after", "\nExample:\n  mh task show a1b2c3d4")
      .action((id) => show(context, id));
    fields(parser.command("edit <id>").description('Change what a task says; "" takes something away.'))
      .option("--title <text>", "its words")
      .addHelpText("after", '\nExample:\n  mh task edit a1b2c3d4 --due "end of month" --project ""')
      .action((id, options) => write(context, "task.edit", { id, ...given(options) }));
    const verbs = [
      ["start", "task.start", "Begin a task."],
      ["done", "task.finish", "Say that tasks are done."],
      ["drop", "task.drop", "Give tasks up; they are kept."],
      ["reopen", "task.reopen", "Take tasks up again."],
    ] as const;
    for (const [verb, skill, description] of verbs) {
      parser
        .command(`${verb} <id...>`)
        .description(description)
        .addHelpText("after", `\nExample:\n  mh task ${verb} a1b2c3d4`)
        .action((ids) => setStatus(context, skill, ids));
    }
  },
};

function fields<Args extends unknown[]>(command: Command<Args>) {
  return command
    .option("--due <when>", "until when, in plain words")
    .option("--start <when>", "not before then")
    .option("--project <name>", "what it belongs to")
    .option("--goal <goal>", "the goal that it serves, of `mh goal list`")
    .option("--after <id>", "what must be done first; several: say it again", each)
    .option("--tag <tag>", "a tag; several: say it again", each)
    .option("--notes <text>", "more words");
}

function given({ tag, after, ...rest }: Fields) {
  const list = (values: string[]) => values.filter((value) => value !== "");
  return { ...rest, ...(tag && { tags: list(tag) }), ...(after && { after: list(after) }) };
}

async function write(context: Context, skill: string, args: Record<string, unknown>): Promise<void> {
  const { print } = context;
  const task = await actOnce<TaskBrief>(context, skill, args, { make: true });
  if (print.isJson) return print.json(task);
  print.line(line(context, task));
}

async function setStatus(context: Context, skill: string, ids: readonly string[]): Promise<void> {
  const { print } = context;
  await using client = await context.connect();
  for (const id of ids) {
    const task = valueFrom<TaskBrief>(context, await client.act(skill, { id }));
    if (print.isJson) print.json(task);
    else print.line(line(context, task));
  }
}

function line({ print }: Context, { id, title, status, due, project }: TaskBrief): string {
  const { dim } = print.color;
  const more = [due && `due ${whenText(print, due)}`, project && visible(project)].filter(Boolean).join(", ");
  return hang(
    `${dim(shortId(id))}  ${status.padEnd(8)} `,
    visible(title) + (more ? dim(`  ${more}`) : ""),
    print.width,
  );
}

const headings: Record<TaskPlace, string> = {
  now: "Now",
  overdue: "Overdue",
  today: "Today",
  later: "Later",
  someday: "Someday",
  waiting: "Waiting",
  over: "Over",
};

/** As many as one answer holds. */
const pageMax = 1000;

async function list(context: Context, { n, all, project, goal, tag }: ListOptions): Promise<void> {
  const { print } = context;
  const wanted = { ...(all && { all }), ...(project && { project }), ...(goal && { goal }), ...(tag && { tag }) };
  await using client = await context.connect();
  const tasks: TaskView[] = [];
  let after: string | null | undefined;
  do {
    const args = { limit: Math.min(n - tasks.length, pageMax), ...wanted, ...(after && { after }) };
    const page = valueFrom(context, await client.act("task.list", args));
    tasks.push(...page.tasks);
    after = page.next;
  } while (after !== null && tasks.length < n && !context.signal.aborted);
  const more = after !== null;
  if (print.isJson) return print.json({ tasks, more });
  if (tasks.length === 0) return print.line(`Nothing to do${project ? ` in ${visible(project)}` : ""}.`);
  const { bold, red } = print.color;
  print.page();
  for (const [place, group] of Map.groupBy(tasks, (task) => task.place)) {
    print.line(place === "overdue" ? red(headings[place]) : bold(headings[place]));
    for (const task of group) printTask(context, task);
  }
  if (!more) return print.note(`\n${counted(tasks.length, "task")}.`);
  // Only of all that are not over is it known how many there are, without reading each.
  const isAll = Object.keys(wanted).length === 0;
  const total = isAll ? await countOpen(context, client) : undefined;
  if (total === undefined) return print.note(`\n${counted(tasks.length, "task")}. There is more: -n shows it.`);
  print.note(`\n${thousands(tasks.length)} of ${counted(total, "task")}: \`mh task list -n ${total}\` shows all.`);
}

async function countOpen(context: Context, client: Client): Promise<number> {
  const { places } = valueFrom(context, await client.act("task.count", {}));
  const { over, ...open } = places;
  return Object.values(open).reduce((sum, each) => sum + each, 0);
}

function printTask({ print }: Context, task: TaskView): void {
  const { dim } = print.color;
  const more = [
    task.place === "over" ? task.status : undefined,
    task.due && `due ${whenText(print, task.due)}`,
    task.project && visible(task.project),
    task.goal && `for ${visible(task.goal)}`,
    ...task.tags.map((tag) => `#${visible(tag)}`),
    task.waitsFor.length > 0 && `after ${task.waitsFor.map(({ title }) => visible(title)).join(", ")}`,
    task.place === "waiting" && task.start && `from ${whenText(print, task.start)}`,
  ].filter(Boolean);
  const said = visible(task.title) + (more.length > 0 ? dim(`  ${more.join(", ")}`) : "");
  print.line(hang(`  ${dim(shortId(task.id))}  `, said, print.width));
}

/** Wall-clock words of a day or a time: `Fri 27 November 15:00`. */
function whenText(print: Context["print"], when: string): string {
  return print.moment(new Date(when.includes("T") ? when : `${when}T00:00`).getTime());
}

async function show(context: Context, id: string): Promise<void> {
  const { print } = context;
  const { task, before } = await actOnce(context, "task.show", { id });
  if (print.isJson) return print.json({ ...task, before });
  print.line(print.color.bold(wrap(visible(task.title), print.width)));
  const say = (label: string, text: string) => print.line(hang(`  ${label.padEnd(9)} `, visible(text), print.width));
  say("status", task.status);
  if (task.project) say("project", task.project);
  if (task.goal) say("goal", task.goal);
  if (task.due) say("due", whenText(print, task.due));
  if (task.start) say("start", whenText(print, task.start));
  if (task.tags.length > 0) say("tags", task.tags.join(", "));
  for (const each of task.waitsFor) say("after", `${each.title}  [${shortId(each.id)}]`);
  for (const each of before) say("before", `${each.title}  [${shortId(each.id)}]`);
  if (task.created) say("created", print.moment(task.created));
  if (task.closed) say("closed", print.moment(task.closed));
  say("file", task.path);
  say("id", task.id);
  if (task.notes) print.line(`\n${wrap(visible(task.notes, { multiline: true }), print.width, "  ")}`);
}
