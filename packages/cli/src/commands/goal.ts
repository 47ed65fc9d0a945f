import { Argument, Option } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import type { Goal } from "@mh/contract/values/goal.ts";
import { type Horizon, horizons } from "@mh/contract/values/horizons.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { hang, type Printer, shortId } from "../print.ts";

const goal = () => new Argument("<goal...>", "its name or its words, or a part of them that fits no other");
const horizon = (what: string) => new Option("--horizon <horizon>", what).choices([...horizons]);

export const command: CommandModule = {
  uses: ["goal.list", "goal.show", "goal.add", "goal.finish", "goal.drop", "goal.reopen"],
  build(parser, context) {
    parser.addHelpText(
      "after",
      '\nExamples:\n  mh goal add "Ship the ML project" --horizon medium --due "end of may"\n  mh task add "Write the cost sheet" --goal ship',
    );
    parser
      .command("list", { isDefault: true })
      .description("What you want to reach, with how far your tasks and its parts have brought it.")
      .option("--all", "what is done and given up, too")
      .addOption(horizon("only those of this horizon"))
      .addHelpText("after", "\nExample:\n  mh goal list --horizon short")
      .action((options) => list(context, options));
    parser
      .command("show")
      .addArgument(goal())
      .description("One goal with its parts and its tasks.")
      .addHelpText("after", "\nExample:\n  mh goal show ship")
      .action((words) => show(context, words.join(" ")));
    parser
      .command("add")
      .argument("<title...>", "what you want to reach, in a line")
      .addOption(horizon("how far ahead it lies; medium, or that of the goal whose part it is, without"))
      .option("--under <goal>", "the goal whose part it is")
      .option("--due <when>", "by when, in plain words")
      .option("--reason <text>", "why; it stands in `mh persona history`")
      .description("Write a goal down; it stands in persona/goals.md.")
      .addHelpText("after", '\nExample:\n  mh goal add "Beta with ten users" --under ship --horizon short')
      .action(async (words, options) =>
        told(context, await actOnce(context, "goal.add", { title: words.join(" "), ...options })),
      );
    const verbs = [
      ["done", "goal.finish", "Say that a goal is reached."],
      ["drop", "goal.drop", "Give a goal up; it stays in its file."],
      ["reopen", "goal.reopen", "Take a goal up again."],
    ] as const;
    for (const [verb, skill, description] of verbs) {
      parser
        .command(verb)
        .addArgument(goal())
        .option("--reason <text>", "why; it stands in `mh persona history`")
        .description(description)
        .addHelpText("after", `\nExample:\n  mh goal ${verb} ship`)
        .action(async (words, options) =>
          told(context, await actOnce(context, skill, { goal: words.join(" "), ...options })),
        );
    }
  },
};

function told({ print }: Context, value: ValueFor<"goal.add">): void {
  if (print.isJson) return print.json(value);
  printGoal(print, value.goal, "");
  print.note(`Written: ${value.path}. mh undo takes it back.`);
}

const titles: Record<Horizon, string> = { short: "Short term", medium: "Medium term", long: "Long term" };

async function list(context: Context, options: { all?: true; horizon?: Horizon }): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "goal.list", options);
  if (print.isJson) return print.json(value);
  const { goals, strays } = value;
  if (goals.length === 0) print.line('No goal yet. `mh goal add "…"` writes one.');
  else print.page();
  const shown = new Set(goals.map(({ key }) => key));
  const tops = goals.filter(({ parent }) => parent === null || !shown.has(parent));
  for (const each of horizons.toReversed()) {
    const group = tops.filter((top) => top.horizon === each);
    if (group.length > 0) print.line(print.color.bold(titles[each]));
    for (const top of group) printTree(print, goals, top, "  ");
  }
  for (const { id, title, goal } of strays)
    print.note(`The task “${visible(title)}” [${shortId(id)}] names a goal that is not there: ${visible(goal)}.`);
}

function printTree(print: Printer, goals: readonly Goal[], goal: Goal, indent: string): void {
  printGoal(print, goal, indent);
  for (const part of goals.filter(({ parent }) => parent === goal.key)) printTree(print, goals, part, `${indent}  `);
}

function printGoal(
  print: Printer,
  { title, key, status, due, horizon, progress, tasks, parent }: Goal,
  indent: string,
): void {
  const all = tasks.done + tasks.open;
  const more = [
    status !== "open" && status,
    progress !== null && status === "open" && `${Math.round(progress * 100)} %`,
    all > 0 && `${tasks.done} of ${counted(all, "task")} done`,
    parent !== null && horizon,
    due && `by ${print.day(`${due}T12:00`)}`,
    visible(key),
  ].filter(Boolean);
  print.line(hang(indent, `${visible(title)}  ${print.color.dim(more.join(", "))}`, print.width));
}

async function show(context: Context, words: string): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "goal.show", { goal: words });
  if (print.isJson) return print.json(value);
  const { goal, parts, tasks } = value;
  printGoal(print, goal, "");
  for (const part of parts) printGoal(print, part, "  ");
  for (const { id, title, status } of tasks)
    print.line(hang(`  ${print.color.dim(shortId(id))}  ${status.padEnd(8)} `, visible(title), print.width));
  if (tasks.length === 0) print.note(`No task names it: mh task add "…" --goal ${visible(goal.key)}`);
}
