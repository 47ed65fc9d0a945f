import { visible } from "@mh/contract/visible/visible.ts";
import type { DaemonReport } from "@mh/host/daemon/daemon.ts";
import type { SecretMemory } from "@mh/host/secrets/vault.ts";
import type { CommandModule, Context } from "../command.ts";
import { invalidFileNote } from "../connect.ts";
import { shortId } from "../print.ts";

export const command: CommandModule = {
  uses: ["agent.run", "secret.unlock"],
  build(parser, context) {
    parser
      .addHelpText("after", "\nExample:\n  mh up        (Ctrl-C ends it; mh daemon start runs it in the background)")
      .action(async () => {
        const { makeHome } = await import("../connect.ts");
        const isNew = await makeHome(context, context.print);
        const { runDaemon } = await import("../daemon-run.ts");
        await runDaemon(context, (report) => tellReport(context, report, isNew), await openedSecrets(context));
      });
  },
};

/** Asks for the passphrase before anything runs; whoever cannot be asked starts without secrets, and is told. */
async function openedSecrets(context: Context): Promise<SecretMemory> {
  const { newSecretMemory } = await import("@mh/host/secrets/vault.ts");
  const { passphraseOpener } = await import("@mh/host/secrets/open-passphrase.ts");
  const memory = newSecretMemory();
  const opens = context.print.canAsk && passphraseOpener(context.root, context.environment, memory);
  const { untilRight } = await import("../unlock.ts");
  if (opens) await untilRight(context, "The passphrase of your secrets", opens);
  return memory;
}

/** Where it is to be seen; of a home that was just made, the page that begins it. */
export function tellReport({ print }: Context, report: DaemonReport, isNew: boolean): void {
  if (print.isJson) return print.json(report);
  const page = new URL(report.page);
  if (isNew) page.pathname = "/welcome";
  print.line(`mh is up: ${print.color.bold(page.href)}`);
  if (isNew)
    print.note(
      "Open that page in a browser: it takes you through the first run. `mh open` makes such a link at any time.",
    );
  if (report.secretsLocked !== null) print.note(visible(report.secretsLocked));
  if (report.pendingSettings.length > 0)
    print.note(
      `Written by hand and not in force yet: ${visible(report.pendingSettings.join(", "))}. \`mh review\` shows them.`,
    );
  for (const text of report.invalidFiles) print.note(invalidFileNote(text));
  for (const { id, skill, principal } of report.interrupted)
    print.note(
      `Interrupted when the last process ended: ${visible(skill)} by ${visible(principal)}. \`mh why ${shortId(id)}\``,
    );
}
