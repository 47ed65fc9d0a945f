import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { addPlanCommand } from "../grant-plan.ts";
import { duration, each, uuid } from "../options.ts";
import { showPlans } from "../plan-view.ts";
import { shortId, table } from "../print.ts";
import { beginsAt } from "../told-time.ts";

interface GiveOptions {
  path?: string[];
  host?: string[];
  recipient?: string[];
  until?: string;
  for?: number;
  task?: string;
}

export const command: CommandModule = {
  uses: ["grant.list", "grant.give", "grant.plan", "grant.revoke", "plan.preview", "plan.show"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText(
      "after",
      "\nExamples:\n  mh grant give agent:organizer memory.capture\n  mh grant revoke 0199c1a2",
    );
    parser
      .command("list", { isDefault: true })
      .description("Who may use which skill.")
      .option("--all", "revoked and ended ones, too")
      .addHelpText("after", "\nExample:\n  mh grant list --all")
      .action(({ all }: { all?: boolean }) => list(context, all ?? false));
    parser
      .command("give <principal> <skill>")
      .description("Let somebody use a skill.")
      .option("--path <folder>", "where its low-risk actions need no approval", each)
      .option("--host <name>", "the same for hosts; several: say it again", each)
      .option("--recipient <address>", "the same for recipients", each)
      .option("--until <time>", "until then; a day ends it as it begins")
      .option("--for <time>", "that long, as in 2h", duration)
      .option("--task <uuid>", "for one task", uuid)
      .addHelpText("after", "\nExample:\n  mh grant give agent:organizer memory.capture --for 2h")
      .action(async (principal: string, skill: string, options: GiveOptions) => {
        const { path: paths, host: hosts, recipient: recipients, until: expiresAt, for: forMinutes, task } = options;
        const scope = { ...(paths && { paths }), ...(hosts && { hosts }), ...(recipients && { recipients }) };
        const lasts = {
          ...(expiresAt && { expiresAt: await beginsAt(expiresAt, "future") }),
          ...(forMinutes && { forMinutes }),
          ...(task && { task }),
        };
        const args = { principal, skill, scope, ...lasts };
        const value = await actOnce(context, "grant.give", args);
        if (print.isJson) return print.json(value);
        print.line(
          `${visible(principal)} may use ${visible(skill)}. Take it back: mh grant revoke ${shortId(value.id)}`,
        );
      });
    addPlanCommand(parser, context);
    parser
      .command("revoke <id>")
      .description("Take a grant back, at once.")
      .addHelpText("after", "\nExample:\n  mh grant revoke 0199c1a2")
      .action(async (id: string) => {
        const value = await actOnce(context, "grant.revoke", { id });
        if (print.isJson) return print.json(value);
        print.line(`Revoked: ${shortId(value.id)}.`);
      });
  },
};

async function list(context: Context, all: boolean): Promise<void> {
  const { print } = context;
  const { grants, plans } = await actOnce(context, "grant.list", { all });
  const shown = grants.map((grant) => ({ ...grant, scope: JSON.parse(grant.scope) as Record<string, string[]> }));
  if (print.isJson) return print.json({ grants: shown, plans });
  if (shown.length + plans.length === 0) return print.line("No grants. An agent's first use of a skill asks you.");
  const until = (ms: number | null) => (ms === null ? "" : `until ${print.day(ms)}`);
  const rows = shown.map((g) => [
    shortId(g.id),
    g.status,
    visible(g.principal),
    visible(g.skill),
    [
      ...Object.values(g.scope)
        .flat()
        .map((s) => visible(s)),
      g.task ? `task ${visible(g.task)}` : "",
      until(g.expires_ms),
    ]
      .filter(Boolean)
      .join(", "),
  ]);
  print.page();
  if (rows.length > 0) print.line(table(rows, print.width));
  if (plans.length > 0) print.line(`${rows.length > 0 ? "\n" : ""}${print.color.bold("Plans")}`);
  showPlans(print, plans);
}
