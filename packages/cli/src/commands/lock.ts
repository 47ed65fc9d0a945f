import { stopDaemon } from "@mh/host/daemon/background.ts";
import { lockHome } from "@mh/host/encryption/switch-on.ts";
import { type CommandModule, exitCodes } from "../command.ts";
import { encryptedFolder } from "../encryption.ts";

const withinMs = 10_000;

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    const { print, root, environment } = context;
    parser
      .description(
        `Take the key away, and end the daemon. What needs the home ends with ${exitCodes.locked} until \`mh unlock\`.`,
      )
      .addHelpText("after", "\nExample:\n  mh lock")
      .action(async () => {
        encryptedFolder(context);
        const ended = await stopDaemon(root, withinMs);
        lockHome(root, environment);
        if (print.isJson) return print.json({ locked: true, daemonEnded: ended });
        print.line(`Locked.${ended ? " The daemon was ended." : ""} \`mh unlock\` opens it.`);
      });
  },
};
