import { visible } from "@mh/core/model/visible.ts";
import type { GrantRow } from "@mh/core/spine/state.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { instant } from "../options.ts";
import { shortId, table } from "../print.ts";

interface GiveOptions {
  path?: string[];
  host?: string[];
  recipient?: string[];
  until?: string;
  task?: string;
}

export const command: CommandModule = {
  uses: ["grant.list", "grant.give", "grant.revoke"],
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
      .option("--path <folder...>", "where its low-risk actions need no question")
      .option("--host <name...>", "the same for hosts")
      .option("--recipient <address...>", "the same for recipients")
      .option("--until <time>", "until then", instant)
      .option("--task <id>", "for one task")
      .addHelpText("after", "\nExample:\n  mh grant give agent:organizer memory.capture --until 2027-01-01")
      .action(async (principal: string, skill: string, options: GiveOptions) => {
        const { path: paths, host: hosts, recipient: recipients, until: expiresAt, task } = options;
        const scope = { ...(paths && { paths }), ...(hosts && { hosts }), ...(recipients && { recipients }) };
        const args = { principal, skill, scope, ...(expiresAt && { expiresAt }), ...(task && { task }) };
        const value = await actOnce<{ id: string }>(context, "grant.give", args);
        if (print.isJson) return print.json(value);
        print.line(
          `${visible(principal)} may use ${visible(skill)}. Take it back: mh grant revoke ${shortId(value.id)}`,
        );
      });
    parser
      .command("revoke <id>")
      .description("Take a grant back, at once.")
      .addHelpText("after", "\nExample:\n  mh grant revoke 0199c1a2")
      .action(async (id: string) => {
        const value = await actOnce<{ id: string }>(context, "grant.revoke", { id });
        if (print.isJson) return print.json(value);
        print.line(`Revoked: ${shortId(value.id)}.`);
      });
  },
};

async function list(context: Context, all: boolean): Promise<void> {
  const { print } = context;
  const { grants } = await actOnce<{ grants: GrantRow[] }>(context, "grant.list", { all });
  const shown = grants.map((grant) => ({ ...grant, scope: JSON.parse(grant.scope) as Record<string, string[]> }));
  if (print.isJson) return print.json({ grants: shown });
  if (shown.length === 0) return print.line("No grants. An agent's first use of a skill asks you.");
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
      until(g.expires_ms),
    ]
      .filter(Boolean)
      .join(", "),
  ]);
  print.page();
  print.line(table(rows, print.width));
}
