import { openEnvelope } from "@mh/host/encryption/envelope.ts";
import { leaveKey, unlockedKeyPlace } from "@mh/host/encryption/unlocked-key.ts";
import type { CommandModule } from "../command.ts";
import { encryptedFolder } from "../encryption.ts";
import { wrap } from "../print.ts";
import { untilRight } from "../unlock.ts";

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    const { print, environment } = context;
    parser
      .description("Open an encrypted home until `mh lock`: asks for its passphrase, or reads it from standard input.")
      .addHelpText("after", "\nExamples:\n  mh unlock\n  pass show mh | mh unlock")
      .action(async () => {
        const { folder, isLocked } = encryptedFolder(context);
        if (isLocked) {
          await untilRight(context, "The passphrase of this home", async (passphrase) =>
            leaveKey(folder, environment, await openEnvelope(folder, passphrase)),
          );
        }
        const { file, isOnDisk } = unlockedKeyPlace(folder, environment);
        if (print.isJson) return print.json({ locked: false, key: file, isOnDisk });
        print.line(isLocked ? "Unlocked. `mh lock` closes it." : "It is unlocked already.");
        const onDisk = `Until then its key lies in ${file}: this system has no session folder in memory, so anyone with the disk can read the home.`;
        if (isOnDisk) print.note(wrap(onDisk, print.width));
      });
  },
};
