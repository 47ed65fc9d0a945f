import type { Command } from "@commander-js/extra-typings";
import type { Decision, Scope } from "@mh/contract/values/effect.ts";
import { initialTrust } from "@mh/contract/values/principal.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Replayed, ReplayedTwice, ReplayRights } from "@mh/host/audit/replay.ts";
import { exists, keyFolder } from "@mh/host/places.ts";
import { actOnce, type Context } from "../command.ts";
import { counted, thousands } from "../numbers.ts";
import { lesser } from "../options.ts";
import { hang, type Printer, table, wrap } from "../print.ts";

interface ReplayOptions {
  as?: string;
  calls?: boolean;
}

/** `mh policy replay`: what the gate would have said to the calls of another program's transcripts. */
export function addReplayCommand(parser: Command, context: Context): void {
  parser
    .command("replay <folder>")
    .description("What the gate would have said to each call in another program's transcripts; nothing is executed.")
    .option("--as <principal>", "with the trust and grants that somebody has here", lesser)
    .option("--calls", "a line for each call")
    .addHelpText("after", `\n${help}`)
    .action((folder, options) => run(context, folder, options));
}

const help = `Transcripts are files of JSON lines, or of JSON, as OpenClaw, Claude Code, Codex,
Hermes and others write them: messages with a role, calls with a name and
arguments, answers. A call is told by the shape of its arguments: a command, a
path with or without a text, an address, a recipient. What a tool answered is
others' text for all that comes after it; what the owner typed is the owner's.
Each request is taken to have been approved. Links are not followed. Roles, quiet
hours and how often something is done are not looked at; with \`--as\` of an agent,
what its file does not declare is refused.

Examples:
  mh policy replay ~/.claude/projects
  mh policy replay ~/.openclaw --as agent:main --calls`;

async function run(context: Context, folder: string, { as, calls = false }: ReplayOptions): Promise<void> {
  const { print, root, environment } = context;
  const here = exists(`${root}/home.json`) ? await rightsHere(context, as ?? "agent:replayed") : undefined;
  const { replayTranscripts } = await import("@mh/host/audit/replay.ts");
  const { closedPlaces } = await import("@mh/host/home/closed-places.ts");
  // The keys of all homes lie in one folder, which is closed whole: also where there is no home yet.
  const closed = closedPlaces(root, keyFolder("none", environment), environment);
  const replayed = replayTranscripts(folder, { environment, own: [root], closed, ...(here && { here }) });
  if (print.isJson) return print.json(replayed);
  print.page();
  showCounts(print, replayed);
  if (calls) showCalls(print, replayed.calls);
  else showGroups(print, replayed.calls);
  for (const { file, why } of replayed.unread)
    print.line(print.color.yellow(wrap(`Not read: ${visible(file)}: ${why}`, print.width)));
  if (!calls && replayed.calls.length > 0) print.note("`--calls` shows each call, `--json` all of it.");
}

async function rightsHere(context: Context, principal: string): Promise<ReplayRights> {
  const { inForce } = await actOnce(context, "policy.list", {});
  const { grants } = await actOnce(context, "grant.list", {});
  const { levels } = await actOnce(context, "trust.list", { principal });
  const own = grants.filter((grant) => grant.principal === principal && grant.task === null);
  const trust = levels.find((each) => each.principal === principal)?.level ?? initialTrust(principal);
  const scoped = own.map(({ skill, scope }) => ({ skill, scope: JSON.parse(scope) as Scope }));
  const { agents } = await actOnce(context, "agent.list", {});
  // A principal without a file declares nothing that is told here: then grants alone count.
  const may = agents.find(({ name }) => `agent:${name}` === principal)?.may;
  return { rules: inForce, as: { principal, trust, grants: scoped, ...(may && { may }) } };
}

const saying: Record<Decision, string> = { allow: "would have run", ask: "would have asked you", deny: "refused" };
const kinds = ["deny", "ask", "allow"] as const;

function showCounts(print: Printer, { calls, files, sessions, fresh, here }: Replayed): void {
  const { bold } = print.color;
  print.line(bold(`${counted(calls.length, "call")} in ${counted(sessions, "session")} of ${counted(files, "file")}`));
  const row = (title: string, counts: Record<Decision, number>) => [
    title,
    ...[...kinds].reverse().map((kind) => thousands(counts[kind])),
  ];
  const rows = [row("in a new home", fresh), ...(here ? [row("in this home", here)] : [])];
  print.line(table(rows, print.width, { head: ["", "run", "asked", "refused"] }));
}

const verdictOf = (call: ReplayedTwice): Pick<ReplayedTwice, "verdict" | "reasons" | "values"> => call.here ?? call;
const whyOf = (call: ReplayedTwice): string => verdictOf(call).reasons.join("; ");

/** What is refused first: alike calls in one line, with how many there are. */
function showGroups(print: Printer, calls: readonly ReplayedTwice[]): void {
  const { bold } = print.color;
  for (const kind of kinds) {
    const here = calls.filter((call) => verdictOf(call).verdict === kind);
    if (here.length === 0) continue;
    print.line(`\n${bold(`${counted(here.length, "call")} ${saying[kind]}`)}`);
    const groups = Map.groupBy(here, (call) => JSON.stringify([call.tool, call.skills, whyOf(call)]));
    const sorted = [...groups.values()].sort((a, b) => b.length - a.length);
    const rows = sorted.slice(0, groupsMax).map((group) => {
      const [first] = group as [ReplayedTwice];
      return [thousands(group.length), visible(first.tool), visible(first.skills.join(", ")), visible(whyOf(first))];
    });
    print.line(table(rows, print.width, { head: ["calls", "tool", "as", "why"] }));
    if (sorted.length > groupsMax) print.line(`… and ${counted(sorted.length - groupsMax, "kind")} more`);
  }
}

const groupsMax = 40;

function showCalls(print: Printer, calls: readonly ReplayedTwice[]): void {
  const { green, yellow, red } = print.color;
  const paint = { allow: green, ask: yellow, deny: red };
  for (const call of calls) {
    const { verdict, values } = verdictOf(call);
    const as = call.skills.join(", ");
    const what = `${visible(call.tool)}${as === call.tool ? "" : ` as ${visible(as)}`}`;
    const why = [whyOf(call), ...values].map((each) => visible(each)).join("; ");
    print.line(hang(`${paint[verdict](verdict.padEnd(5))} `, `${what}: ${why}`, print.width));
  }
}
