import { Fault } from "@mh/contract/values/fault.ts";
import { openEnvelope } from "@mh/host/encryption/envelope.ts";
import { leaveKey, leftKey, unlockedKeyPlace } from "@mh/host/encryption/unlocked-key.ts";
import type { CommandModule, Context } from "../command.ts";
import { encryptedFolder } from "../encryption.ts";
import { wrap } from "../print.ts";
import { untilRight } from "../unlock.ts";

interface Options {
  remember?: true;
  keychain?: true;
  forget?: true;
}

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    const { print, environment } = context;
    parser
      .description("Open an encrypted home until `mh lock`: asks for its passphrase, or reads it from standard input.")
      .option("--remember", "keep its key in this machine's keychain, for --keychain")
      .option("--keychain", "take the key from the keychain, and ask nobody")
      .option("--forget", "take the key out of the keychain, and open nothing")
      .addHelpText(
        "after",
        "\nExamples:\n  mh unlock\n  pass show mh | mh unlock\n  mh unlock --remember      once; then, logged in:\n  mh unlock --keychain",
      )
      .action(async (options: Options) => {
        const { folder, isLocked } = encryptedFolder(context);
        if (options.forget) return forget(context, folder);
        if (isLocked) await open(context, folder, options);
        if (options.remember) await remember(context, folder);
        const { file, isOnDisk } = unlockedKeyPlace(folder, environment);
        if (print.isJson) return print.json({ locked: false, key: file, isOnDisk });
        print.line(isLocked ? "Unlocked. `mh lock` closes it." : "It is unlocked already.");
        if (options.remember)
          print.line("Its key is in the keychain: `mh unlock --keychain` opens it, --forget takes it out.");
        const onDisk = `Until then its key lies in ${file}: this system has no session folder in memory, so anyone with the disk can read the home.`;
        if (isOnDisk) print.note(wrap(onDisk, print.width));
      });
  },
};

async function open(context: Context, folder: string, { keychain }: Options): Promise<void> {
  const { environment } = context;
  if (keychain) {
    const { rememberedKey } = await import("@mh/host/encryption/keychain-key.ts");
    return leaveKey(folder, environment, await rememberedKey(folder, environment));
  }
  await untilRight(context, "The passphrase of this home", async (passphrase) =>
    leaveKey(folder, environment, await openEnvelope(folder, passphrase)),
  );
}

async function remember({ environment }: Context, folder: string): Promise<void> {
  const { rememberKey } = await import("@mh/host/encryption/keychain-key.ts");
  const dataKey = leftKey(folder, environment);
  if (!dataKey) {
    const next = "Run `mh lock`, then `mh unlock --remember`.";
    throw new Fault("home.locked", `The key of this home could not be read back. ${next}`);
  }
  await rememberKey(folder, environment, dataKey);
}

async function forget({ print, environment }: Context, folder: string): Promise<void> {
  const { forgetRememberedKey } = await import("@mh/host/encryption/keychain-key.ts");
  await forgetRememberedKey(folder, environment);
  if (print.isJson) return print.json({ remembered: false });
  print.line("The key is in the keychain no longer. The passphrase opens the home.");
}
