import type { ArgsFor } from "@mh/contract/contracts.ts";
import type { PendingSetting } from "@mh/contract/settings.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { unknownSetting } from "@mh/core/settings/settings.ts";
import { actOnce, alsoTell, type CommandModule, type Context } from "../command.ts";
import { editText } from "../editor.ts";
import { table } from "../print.ts";
import { pendingLine, valueText } from "../setting-view.ts";

export const command: CommandModule = {
  uses: ["config.show", "config.set", "config.write"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText("after", "\nExamples:\n  mh config get timeZone\n  mh config set timeZone Europe/Berlin");
    parser
      .command("get [name]", { isDefault: true })
      .description("One setting as it is in force, or all of them.")
      .addHelpText("after", "\nExample:\n  mh config get rate.commandsPerHour")
      .action((name: string | undefined) => get(context, name));
    parser
      .command("set <name> [value]")
      .description("Change a setting; comments and order of config.yaml stay. Without a value its default holds again.")
      .addHelpText(
        "after",
        "\nExamples:\n  mh config set rate.commandsPerHour 200\n  mh config set self.addresses '[ada@example.org]'",
      )
      .action(async (name: string, value: string | undefined) => {
        const done = await actOnce(context, "config.set", {
          name,
          value: value === undefined ? null : given(value),
        });
        if (print.isJson) return print.json(done);
        print.line(`${name}: ${value === undefined ? "its default" : visible(value)}. mh undo takes it back.`);
        await noteWhatWaits(context);
      });
    parser
      .command("edit")
      .description("Open config.yaml in $VISUAL or $EDITOR; it is checked before it is taken.")
      .addHelpText("after", "\nExample:\n  EDITOR=nano mh config edit")
      .action(() => edit(context));
  },
};

type Value = ArgsFor<"config.set">["value"];

/** As YAML would read it; a list is `[a, b]`, and a group of values is JSON. */
function given(text: string): Value {
  if (/^\s*[[{]/.test(text)) return partsOf(text.trim());
  return scalar(text);
}

function partsOf(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    // Without quotes a shell leaves a list as it is.
    const [, inner] = /^\[([^[\]{}]*)\]$/.exec(text) ?? [];
    if (inner !== undefined) return inner.split(",").flatMap((each) => (each.trim() ? [scalar(unquoted(each))] : []));
    throw new Fault("usage", `${text} is no list. Write it as '["a", "b"]', or use \`mh config edit\`.`);
  }
}

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, "$2");

function scalar(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

async function get(context: Context, name: string | undefined): Promise<void> {
  const { print } = context;
  const { inForce, pending, broken, names } = await actOnce(context, "config.show", {});
  if (name !== undefined && !names.includes(name)) throw unknownSetting(names, name);
  const values = Object.fromEntries((name ? [name] : names).map((each) => [each, valueAt(inForce, each)]));
  if (print.isJson) return print.json({ values, pending, broken: broken ?? null });
  if (name) print.line(values[name] === undefined ? "" : valueText(values[name]));
  else
    print.line(
      table(
        Object.entries(values).map(([key, value]) => [key, valueText(value)]),
        print.width,
      ),
    );
  if (broken) print.note(`\nconfig.yaml is not taken: ${visible(broken)} The last good settings are in force.`);
  noteWaiting(context, pending);
}

/** What was written by hand stays out of force: the person who just looked at or changed the settings is told. */
function noteWaiting({ print }: Context, pending: readonly PendingSetting[]): void {
  for (const each of pending) print.note(`\nWaits for \`mh review --adopt\`: ${pendingLine(each)}`);
}

async function noteWhatWaits(context: Context): Promise<void> {
  await alsoTell(context, async () => noteWaiting(context, (await actOnce(context, "config.show", {})).pending));
}

function valueAt(config: unknown, name: string): unknown {
  return name.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], config);
}

async function edit(context: Context): Promise<void> {
  const { print } = context;
  // The home is let go while the person types.
  const { text } = await actOnce(context, "config.show", {});
  const changed = editText(text, "config.yaml", context.environment);
  if (changed === text) {
    print.note("Nothing was changed.");
    return noteWhatWaits(context);
  }
  const value = await actOnce(context, "config.write", { text: changed });
  if (print.isJson) return print.json(value);
  print.line("Settings taken. mh undo takes them back.");
  await noteWhatWaits(context);
}
