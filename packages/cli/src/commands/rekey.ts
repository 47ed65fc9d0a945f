import { rewrap } from "@mh/host/encryption/envelope.ts";
import type { CommandModule } from "../command.ts";
import { encryptedFolder } from "../encryption.ts";
import { bothPassphrases } from "../unlock.ts";

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    const { print } = context;
    parser
      .description(
        "Another passphrase for the same key: nothing of the home is written anew. A copy of the old key file still opens with the old one.",
      )
      .addHelpText("after", "\nExamples:\n  mh rekey\n  printf '%s\\n%s\\n' OLD NEW | mh rekey")
      .action(async () => {
        const { folder } = encryptedFolder(context);
        const { before, after } = await bothPassphrases(context, "this home");
        await rewrap(folder, before, after);
        if (print.isJson) return print.json({ rekeyed: true });
        print.line("From now on the new passphrase opens it, and the old one does not.");
      });
  },
};
