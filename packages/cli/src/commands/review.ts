import type { Waiting } from "@mh/contract/adoption.ts";
import type { Damage } from "@mh/contract/history.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { answered } from "../consent.ts";
import { counted } from "../numbers.ts";
import { showRuleWarnings } from "../policy/warnings.ts";
import { shortId, wrap } from "../print.ts";
import { pendingLine } from "../setting-view.ts";

interface Options {
  adopt?: boolean;
  restore?: boolean;
  accept?: boolean;
}

export const command: CommandModule = {
  uses: [
    "adoption.list",
    "policy.list",
    "policy.adopt",
    "config.show",
    "config.adopt",
    "damage.list",
    "damage.restore",
    "damage.accept",
    "proposal.list",
    "trust.evidence",
  ],
  build(parser, context) {
    parser
      .description(
        "What waits for you: what was changed by hand (rules, settings, agents, skills, MCP servers), what is missing, and what agents propose.",
      )
      .option("--adopt", "put looser rules and settings in force")
      .option("--restore", "put back what is missing")
      .option("--accept", "take what is missing as meant")
      .addHelpText("after", "\nExamples:\n  mh review\n  mh review --restore")
      .action((options: Options) => review(context, options));
  },
};

async function review(context: Context, options: Options): Promise<void> {
  const { print } = context;
  const { pending: rules, warnings, broken } = await actOnce(context, "policy.list", {});
  const { pending: settings } = await actOnce(context, "config.show", {});
  const { waiting } = await actOnce(context, "adoption.list", {});
  // Rules and settings are put in force here; each of the others is looked at by itself first.
  const others = waiting.filter(({ kind }) => kind !== "rule" && kind !== "setting");
  const damage = await actOnce(context, "damage.list", {});
  const { proposals } = await actOnce(context, "proposal.list", {});
  const { all } = await actOnce(context, "trust.evidence", {});
  const trust = all.filter(({ proposed }) => proposed !== null);
  const missing = damage.lines.length + damage.unknown.length + damage.documents.length;
  if (print.isJson && !options.adopt && !options.restore && !options.accept) {
    return print.json({ rules, settings, waiting, damage, proposals, trust, ...(warnings && { warnings }) });
  }
  if (!print.isJson) {
    if (broken) print.line(wrap(`Not taken: ${visible(broken)} The last good rules stay in force.`, print.width));
    showRuleWarnings(print, warnings);
  }
  if (!print.isJson && proposals.length > 0) {
    const shown = proposals.filter(({ foldedInto }) => foldedInto === null).length;
    print.line(`${counted(shown, "proposal waits", "proposals wait")} for your answer: \`mh proposal\``);
  }
  if (!print.isJson)
    for (const { principal, proposed } of trust)
      print.line(wrap(`Trust: ${visible(principal)} has earned ${proposed}. \`mh trust\` says by what.`, print.width));
  if (rules.length + settings.length + others.length + missing === 0) {
    if (print.isJson) return print.json({ rules, settings, waiting, damage, proposals, trust });
    return proposals.length + trust.length === 0 ? print.line("Nothing waits for you.") : undefined;
  }
  const isWanted = async (given: boolean | undefined, question: string) => given || (await isYes(context, question));
  if (!print.isJson) for (const each of others) showWaiting(context, each);
  if (rules.length + settings.length > 0) {
    for (const { what, rule } of rules)
      print.line(wrap(`Rule: ${what}: ${visible(rule.title)} (${visible(rule.id)})`, print.width));
    for (const each of settings) print.line(wrap(`Setting: ${pendingLine(each)}`, print.width));
    if (await isWanted(options.adopt, "Put these in force?")) {
      if (rules.length > 0) await actOnce(context, "policy.adopt", { shown: rules });
      if (settings.length > 0) await actOnce(context, "config.adopt", { shown: settings });
      tell(context, { adopted: rules.length + settings.length }, "In force now.");
    }
  }
  if (missing === 0) return;
  showDamage(context, damage);
  if (options.accept) return tell(context, await actOnce(context, "damage.accept", {}), "Accepted.");
  if (await isWanted(options.restore, "Put back what the index still knows?")) {
    return tell(context, await actOnce(context, "damage.restore", {}), "Put back.");
  }
  print.note("Left as it is. `mh review --accept` lets it go, `mh snapshot list` shows older copies.");
}

function tell({ print }: Context, value: unknown, text: string): void {
  if (print.isJson) print.json(value);
  else print.line(text);
}

function showWaiting({ print }: Context, { kind, name, state, wider, command }: Waiting): void {
  const what = {
    agent: "Agent",
    skill: "Skill",
    mcp: "MCP server",
    rule: "Rule",
    setting: "Setting",
    memory: "Memory by hand",
  }[kind];
  const more = wider.length > 0 ? `, would ${wider.join("; ")}` : "";
  print.line(wrap(visible(`${what}: ${name} is ${state}${more}. \`${command}\` shows it.`), print.width));
}

function showDamage({ print }: Context, { lines, unknown, documents }: Damage): void {
  const live = lines.filter(({ isLive }) => isLive);
  const byFile = Map.groupBy(lines, ({ file }) => file);
  for (const [file, gone] of byFile) print.line(`Missing: ${counted(gone.length, "line")} of ${visible(file)}`);
  for (const { path, isKept } of documents)
    print.line(`Missing: ${visible(path)}${isKept ? "" : " (and not in the index)"}`);
  for (const { cmd, lines: n } of unknown)
    print.line(`Missing: ${counted(n, "line")} that ${shortId(cmd)} wrote; not in the index`);
  if (live.length > 0)
    print.note(`${counted(live.length, "memory is", "memories are")} still known and can be put back.`);
}

/** Nobody here to ask: what waits goes on waiting, and the exit code says so. */
const isYes = ({ print }: Context, question: string): Promise<boolean> =>
  answered(print, question, "Nobody is here to answer: --adopt, --restore and --accept answer beforehand.");
