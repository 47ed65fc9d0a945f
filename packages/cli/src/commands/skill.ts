import type { ValueFor } from "@mh/contract/contracts.ts";
import type { SkillView } from "@mh/contract/skill-packages.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { consent } from "../consent.ts";
import { counted } from "../numbers.ts";
import { table, wrap } from "../print.ts";
import { tellChanges, tellSkill } from "../skill-view.ts";

export const command: CommandModule = {
  uses: [
    "skill.list",
    "skill.show",
    "skill.read",
    "skill.fetch",
    "skill.add",
    "skill.allow",
    "skill.back",
    "skill.remove",
  ],
  build(parser, context) {
    parser.addHelpText(
      "after",
      "\nExamples:\n  mh skill add ./weather\n  mh skill add npm:@someone/weather\n  mh skill list",
    );
    parser
      .command("list", { isDefault: true })
      .description("Skills of others: which there are, and how they stand.")
      .addHelpText("after", "\nExample:\n  mh skill list")
      .action(() => list(context));
    parser
      .command("show <name>")
      .description("One skill: what it may do, and what changed of it.")
      .addHelpText("after", "\nExample:\n  mh skill show weather")
      .action((name: string) => show(context, name));
    parser
      .command("read <name> [file]")
      .description("The instructions of a skill, or another text of it.")
      .addHelpText("after", "\nExample:\n  mh skill read weather")
      .action((name: string, file: string | undefined) => read(context, name, file));
    parser
      .command("add <source>")
      .description(
        "Install a SKILL.md folder, a git repository or an npm package. Nothing of it runs while it is added.",
      )
      .option("--yes", "do not show its rights and ask")
      .addHelpText(
        "after",
        "\nExamples:\n  mh skill add https://example.org/skills.git#main:weather\n  mh skill add npm:@someone/weather",
      )
      .action((source: string, { yes }: { yes?: boolean }) => add(context, source, yes ?? false));
    parser
      .command("update <name>")
      .description(
        "What changed of a skill, here or where it came from; and, once it was tried, allow it as it is now.",
      )
      .option("--yes", "take it without asking, where it asks for nothing more")
      .addHelpText("after", "\nExample:\n  mh skill update weather")
      .action((name: string, { yes }: { yes?: boolean }) => update(context, name, yes ?? false));
    parser
      .command("allow <name>")
      .description("Allow what lies in brain/skills, as it lies there.")
      .option("--mine", "you wrote all of it: its texts count as your words, not as a third party's")
      .option("--yes", "do not show its rights and ask")
      .addHelpText("after", "\nExample:\n  mh skill allow weather")
      .action((name: string, { yes, mine }: { yes?: boolean; mine?: boolean }) =>
        allow(context, name, { isDecided: yes ?? false, mine: mine ?? false }),
      );
    parser
      .command("back <name>")
      .description("Put the version of before in place again. What it may do beyond this one is asked about anew.")
      .addHelpText("after", "\nExample:\n  mh skill back weather")
      .action((name: string) => back(context, name));
    parser
      .command("remove <name>")
      .description("Remove a skill: its files, its permissions, and everybody's grants to use it.")
      .addHelpText("after", "\nExample:\n  mh skill remove weather")
      .action((name: string) => remove(context, name));
  },
};

const nameOfState = { on: "on", changed: "changed", waiting: "off", broken: "broken", gone: "gone" };

async function list(context: Context): Promise<void> {
  const { print } = context;
  const { skills } = await actOnce(context, "skill.list", {});
  if (print.isJson) return print.json({ skills });
  if (skills.length === 0)
    return print.line("No skills of others. `mh skill add` installs one: a folder with a SKILL.md.");
  const { green, yellow, red, dim } = print.color;
  const colors = { on: green, changed: red, waiting: yellow, broken: red, gone: red };
  const rows = skills.map((skill) => [
    visible(skill.name),
    colors[skill.state](nameOfState[skill.state]),
    skill.version ?? "",
    skill.scripts.length > 0 ? counted(skill.scripts.length, "script") : "instructions",
    visible(skill.description),
  ]);
  print.page();
  print.line(table(rows, print.width, { head: ["skill", "state", "version", "", "what it is for"].map(dim) }));
  for (const { name, state } of skills) {
    if (state === "changed")
      print.note(`${visible(name)} is not what you allowed, and does not run: mh skill update ${visible(name)}`);
    if (state === "waiting") print.note(`${visible(name)} waits for your permission: mh skill allow ${visible(name)}`);
  }
}

async function show(context: Context, name: string): Promise<void> {
  const { print } = context;
  const { skill } = await actOnce(context, "skill.show", { name });
  if (print.isJson) return print.json({ skill });
  print.page();
  tellSkill(print, skill);
  tellChanges(print, skill.changes);
}

async function read(context: Context, name: string, file: string | undefined): Promise<void> {
  const { print } = context;
  const ask = (from: number) => actOnce(context, "skill.read", { name, from, ...(file && { file }) });
  const first = await ask(0);
  let text = first.text;
  for (let { next } = first; next !== null; ) {
    const more = await ask(next);
    text += more.text;
    next = more.next;
  }
  if (print.isJson) return print.json({ ...first, text, next: null });
  print.page();
  print.line(visible(text, { multiline: true }));
}

async function add(context: Context, source: string, isDecided: boolean): Promise<void> {
  const found = await fetched(context, await sourceOf(source));
  if (found.skill.pinned !== null) {
    const { name } = found.skill;
    throw new Fault("usage", `${name} is there already. \`mh skill update ${name}\` shows what differs.`);
  }
  await addMissing(context, found.skill, 0);
  await install(context, found, isDecided);
}

/**
 * What it builds on comes first, each with an approval of its own: approving one package approves none that it names.
 */
async function addMissing(context: Context, skill: SkillView, depth: number): Promise<void> {
  for (const { name, version, from } of skill.missing) {
    const what = `${visible(skill.name)} builds on ${visible(name)} ${version} or later`;
    if (from === undefined || depth >= 4 || from.startsWith("/") || from.startsWith("."))
      throw new Fault("skill.refused", `${what}. Add that first.`);
    if (!context.print.isJson) context.print.note(`${what}: ${visible(from)}`);
    const found = await fetched(context, from);
    if (found.skill.name !== name)
      throw new Fault("skill.refused", `${visible(from)} is ${found.skill.name}, not ${name}.`);
    await addMissing(context, found.skill, depth + 1);
    await install(context, found, false);
  }
}

/** A path is meant from where the person stands; the holder of the home may stand elsewhere. */
async function sourceOf(source: string): Promise<string> {
  const { absoluteFolder } = await import("@mh/host/places.ts");
  return absoluteFolder(source) ?? source;
}

const fetched = (context: Context, source: string): Promise<ValueFor<"skill.fetch">> =>
  actOnce(context, "skill.fetch", { source }, { make: true });

async function install(context: Context, { stage, skill }: ValueFor<"skill.fetch">, isDecided: boolean): Promise<void> {
  const { print } = context;
  await consent(context, {
    tell: () => {
      tellSkill(print, skill);
      tellChanges(print, skill.changes);
    },
    question: skill.pinned === null ? "Install it?" : "Take it as it is now?",
    later: `mh skill ${skill.pinned === null ? `add ${skill.source ?? ""}` : `update ${skill.name}`} --yes`,
    isDecided,
  });
  const replaces = skill.pinned === null ? {} : { replaces: skill.pinned };
  done(context, await actOnce(context, "skill.add", { stage, hash: skill.hash, ...replaces }));
}

function done({ print }: Context, value: ValueFor<"skill.add">): void {
  if (print.isJson) return print.json(value);
  const what =
    value.scripts.length > 0 ? ` It brings ${visible(value.scripts.join(", "))}.` : " It is instructions alone.";
  print.line(wrap(`${visible(value.name)} is in.${what}`, print.width));
}

/** What was changed here is shown first; what came anew where it came from, next. */
async function update(context: Context, name: string, isDecided: boolean): Promise<void> {
  const { skill } = await actOnce(context, "skill.show", { name });
  if (skill.state === "changed") return letIn(context, skill, { isDecided: isDecided && skill.wider.length === 0 });
  if (skill.source === null || skill.pinned === null)
    throw new Fault("skill.unknown", `${name} was never allowed. \`mh skill allow ${name}\``);
  const found = await fetched(
    context,
    skill.source.startsWith("brain/") ? await ownFolder(context, name) : skill.source,
  );
  if (found.skill.name !== name)
    throw new Fault("skill.refused", `${skill.source} is ${found.skill.name} now, not ${name}.`);
  if (found.skill.hash === skill.pinned) {
    if (context.print.isJson) return context.print.json({ name, hash: skill.pinned, changed: false });
    return context.print.line(`${visible(name)} is as it was.`);
  }
  await addMissing(context, found.skill, 0);
  await install(context, found, isDecided && found.skill.wider.length === 0);
}

async function ownFolder({ root }: Context, name: string): Promise<string> {
  const { absoluteFolder } = await import("@mh/host/places.ts");
  return absoluteFolder(`${root}/brain/skills/${name}`) ?? name;
}

interface Allowing {
  isDecided: boolean;
  mine?: boolean;
}

async function allow(context: Context, name: string, how: Allowing): Promise<void> {
  const { skill } = await actOnce(context, "skill.show", { name });
  if (skill.fault !== null) throw new Fault("skill.misdeclared", skill.fault);
  await letIn(context, skill, how);
}

async function letIn(context: Context, skill: SkillView, { isDecided, mine = false }: Allowing): Promise<void> {
  const { print } = context;
  await consent(context, {
    tell: () => {
      tellSkill(print, skill);
      tellChanges(print, skill.changes);
    },
    question: "Allow it as it lies there?",
    later: `mh skill allow ${skill.name} --yes`,
    isDecided,
  });
  const args = { name: skill.name, hash: skill.hash, ...(mine && { mine }) };
  done(context, await actOnce(context, "skill.allow", args));
}

async function back(context: Context, name: string): Promise<void> {
  done(context, await actOnce(context, "skill.back", { name }));
}

async function remove(context: Context, name: string): Promise<void> {
  const value = await actOnce(context, "skill.remove", { name });
  if (context.print.isJson) return context.print.json(value);
  context.print.line(`${visible(value.name)} is out, and nobody may use it any more.`);
}
