import { Argument } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { type MovedProgram, type MoveItem, movedPrograms } from "@mh/contract/move.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { shellWord } from "@mh/core/model/shell-word.ts";
import { absolutePath } from "@mh/host/places.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { consent } from "../consent.ts";
import { counted } from "../numbers.ts";
import { hang, wrap } from "../print.ts";

interface MoveOptions {
  dryRun?: boolean;
  yes?: boolean;
}

export const command: CommandModule = {
  uses: ["move.preview", "move.run"],
  build(parser, context) {
    parser
      .addArgument(new Argument("<program>", "whose home it is").choices([...movedPrograms]))
      .argument("<folder>", "its folder")
      .option("--dry-run", "show the plan and take nothing")
      .option("--yes", "do not ask")
      .addHelpText("after", `\n${help}`)
      .action((program, folder, options) => move(context, program, folder, options));
  },
};

const help = `One plan of memories, persona, skills, schedules, MCP servers and permissions, with
what is here already and what is in the way. What is here stays. Skills and the
agents that schedules become rest until you allow them; no tool of a server is
allowed and nothing is granted; what was forbidden or asked about becomes rules
at once. Keys are not read. \`mh undo\` takes all of it back together, and then
\`mh policy adopt\` lets go of its rules.

Examples:
  mh move openclaw ~/.openclaw --dry-run
  mh move claude ~/.claude`;

async function move(
  context: Context,
  program: MovedProgram,
  folder: string,
  { dryRun, yes }: MoveOptions,
): Promise<void> {
  const { print } = context;
  const args = { program, path: absolutePath(folder) };
  const plan = await actOnce(context, "move.preview", args);
  if (dryRun) {
    if (print.isJson) return print.json(plan);
    return tellPlan(context, plan);
  }
  const fresh = plan.items.filter(({ state }) => state === "new");
  if (fresh.length === 0 && !print.isJson) {
    tellPlan(context, plan);
    return print.line("There is nothing to take in.");
  }
  if (!print.isJson) tellPlan(context, plan);
  if (fresh.length > 0)
    await consent(context, {
      tell: () => undefined,
      question: `Take in ${counted(fresh.length, "thing")}?`,
      later: `mh move ${program} ${shellWord(folder)} --yes`,
      isDecided: yes ?? false,
    });
  const value = await actOnce(context, "move.run", { ...args, shown: plan.hash });
  if (print.isJson) return print.json(value);
  tellTaken(context, value);
}

const titles: Record<MoveItem["kind"], string> = {
  memories: "Memories",
  persona: "Persona",
  skill: "Skills, which wait for you",
  schedule: "Schedules, as agents that rest",
  server: "MCP servers, with no tool allowed",
  rule: "Rules, in force at once",
  permission: "Permissions: nothing is granted by itself",
  secret: "Keys and tokens, not read",
  other: "Stays where it is",
};

const marks: Record<MoveItem["state"], string> = { new: "+", same: "=", conflict: "!", left: "-" };

function tellPlan({ print }: Context, { program, path, items }: ValueFor<"move.preview">): void {
  const { bold, dim, green, yellow, red } = print.color;
  const paint = { new: green, same: dim, conflict: red, left: yellow };
  print.page();
  print.line(bold(`${program}, ${visible(path)}`));
  for (const [kind, title] of Object.entries(titles)) {
    const here = items.filter((each) => each.kind === kind);
    if (here.length === 0) continue;
    print.line(`\n${bold(title)}`);
    for (const { state, from, title: what, why, notes, command } of here) {
      const named = what === from ? visible(from) : `${visible(what)} ${dim(`(${visible(from)})`)}`;
      const tail = state === "same" ? " is here already" : why === undefined ? "" : `: ${visible(why)}`;
      print.line(hang(`  ${paint[state](marks[state])} `, `${named}${tail}`, print.width));
      for (const note of notes) print.line(hang("      ", dim(visible(note)), print.width));
      if (command !== undefined && state !== "same") print.line(hang("      ", dim(visible(command)), print.width));
    }
  }
  const count = (state: MoveItem["state"]) => items.filter((each) => each.state === state).length;
  print.line(
    wrap(
      `\n${count("new")} to take in, ${count("same")} here already, ${count("conflict")} in conflict, ${count("left")} not taken.`,
      print.width,
    ),
  );
}

function tellTaken({ print }: Context, { taken, memories, items }: ValueFor<"move.run">): void {
  print.line(`Taken in: ${counted(taken, "thing")}, of these ${counted(memories, "memory", "memories")}.`);
  const waiting = items.filter(({ state, kind }) => state === "new" && ["skill", "schedule", "server"].includes(kind));
  if (waiting.length > 0) print.line("What waits for you: `mh review`.");
  const hasRules = items.some(({ state, kind }) => state === "new" && kind === "rule");
  print.note(`\`mh undo\` takes all of it back${hasRules ? ", and `mh policy adopt` lets go of its rules then" : ""}.`);
}
