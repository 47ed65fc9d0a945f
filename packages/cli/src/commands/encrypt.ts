import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import { encryptionOf, homeDisk } from "@mh/host/encryption/home-disk.ts";
import { encryptHome } from "@mh/host/encryption/switch-on.ts";
import type { CommandModule, Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { wrap } from "../print.ts";
import { makeProgress } from "../progress.ts";
import { givenPassphrase, newPassphrase } from "../unlock.ts";

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    parser
      .description("Encrypt the home: what is written from now on, and what lies in it. Asks for a passphrase.")
      .option("--show <file>", "print one file of an unlocked home as it was meant")
      .addHelpText("after", "\nExamples:\n  mh encrypt\n  mh encrypt --show persona/persona.md")
      .action(({ show }) => (show === undefined ? encrypt(context) : showFile(context, show)));
  },
};

async function encrypt(context: Context): Promise<void> {
  const { print, root, environment } = context;
  // A second time seals what was put there in the clear since.
  const isEncrypted = encryptionOf(root, environment).state !== "off";
  const passphrase = isEncrypted
    ? await givenPassphrase(context, "The passphrase of this home, which is encrypted already")
    : await newPassphrase(context, "this home");
  const { sealed, openLog } = await encrypted(context, passphrase);
  if (print.isJson) return print.json({ sealed, openLog });
  print.line(
    `Encrypted: ${counted(sealed, "file")} now, and whatever is written from here on. It is unlocked; \`mh lock\` closes it.`,
  );
  const kept = `${counted(openLog.length, "day")} of the log from before stay as they were, for the log does not add up: \`mh audit verify\` says where.`;
  if (openLog.length > 0) print.note(wrap(kept, print.width));
  print.note(
    wrap(
      "Copies, and the disk's free space, may still hold what lay there in the clear. Keep a copy of the key folder (`mh doctor` names it): the passphrase alone opens nothing.",
      print.width,
    ),
  );
}

async function encrypted({ print, root, environment }: Context, passphrase: string) {
  using files = makeProgress(print, { doing: "Sealing files", unit: "files" });
  using records = makeProgress(print, { doing: "Sealing the log", unit: "records" });
  return await encryptHome(root, environment, passphrase, (what, count, fraction) =>
    (what === "files" ? files : records).update({ fraction, count }),
  );
}

function showFile({ print, root, environment }: Context, file: string): void {
  const bytes = homeDisk(root, environment).files.read(file);
  if (!bytes) throw new Fault("file.not-found", `There is no ${visible(file)} in the home.`);
  if (print.isJson) return print.json({ file, text: decodeLossy(bytes) });
  print.line(visible(decodeLossy(bytes), { multiline: true }));
}
