import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { OpenedWith } from "@mh/host/backup/age.ts";
import type { BackupProgress } from "@mh/host/backup/facts.ts";
import type { Restored } from "@mh/host/backup/restore.ts";
import { refuseShortPassphrase } from "@mh/host/secrets/passphrase-key.ts";
import type { CommandModule, Context } from "../command.ts";
import { answered } from "../consent.ts";
import { counted, thousands } from "../numbers.ts";
import { type Printer, wrap } from "../print.ts";
import { makeProgress } from "../progress.ts";
import { givenPassphrase, newPassphrase } from "../unlock.ts";

const examples =
  "\nExamples:\n  mh backup create ~/mh.age\n  mh backup create ~/mh.age --to age1…\n  mh backup show ~/mh.age\n  mh --home ~/mh backup restore ~/mh.age";

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    parser
      .description("The whole home and its keys in one encrypted file, in the format of age; and back.")
      .addHelpText("after", examples);
    parser
      .command("create <file>")
      .description(
        "Write one. Asks for a passphrase, or seals it for recipients of age. Nothing may hold the home meanwhile.",
      )
      .option("--to <recipient...>", "who can open it, as `age-keygen` prints them")
      .addHelpText("after", "\nExample:\n  mh backup create ~/mh.age")
      .action((file, { to }) => create(context, file, to));
    parser
      .command("show <file>")
      .description("Read one to its end, check its log, and say what it holds. Changes nothing.")
      .option("--identity <file>", "opens it, as `age-keygen` wrote it; else a passphrase is asked for")
      .addHelpText("after", "\nExample:\n  mh backup show ~/mh.age")
      .action(async (file, { identity }) => {
        const by = await opener(context, identity);
        tell(context, await preview(context, file, by), "It holds");
      });
    parser
      .command("restore <file>")
      .description("Make a home of one, where there is none. Shows what it holds, and asks.")
      .option("--identity <file>", "opens it, as `age-keygen` wrote it; else a passphrase is asked for")
      .option("--yes", "do not ask")
      .addHelpText("after", "\nExample:\n  mh --home ~/mh backup restore ~/mh.age")
      .action((file, options) => restore(context, file, options));
  },
};

async function create(context: Context, file: string, recipients: readonly string[] | undefined): Promise<void> {
  const { print, root, environment } = context;
  const to = recipients ? { recipients } : { passphrase: await newPassphrase(context, "this backup") };
  if ("passphrase" in to) refuseShortPassphrase(to.passphrase);
  const { createBackup } = await import("@mh/host/backup/create.ts");
  const made = await shownAs(print, "Packing", (progress) => createBackup(root, environment, file, to, progress));
  if (print.isJson) return print.json({ file, ...made });
  print.line(wrap(`${visible(file)}: ${counted(made.files, "file")}, ${thousands(made.size)} bytes.`, print.width));
  print.note(
    "It holds the home and its keys. `mh backup show` reads it to its end; `age -d FILE | tar tz` does without mh.",
  );
}

async function restore(
  context: Context,
  file: string,
  { identity, yes }: { identity?: string; yes?: true },
): Promise<void> {
  const { print, root, environment } = context;
  const { restoreBackup } = await import("@mh/host/backup/restore.ts");
  const by = await opener(context, identity);
  if (!yes) {
    if (!print.canAsk)
      throw new Fault("usage", "Nobody can be asked here. `mh backup show` says what it holds; then --yes.");
    tell(context, await preview(context, file, by), "It holds");
    if (!(await answered(print, `Make a home of it at ${root}?`, ""))) return print.note("Not done.");
  }
  const restored = await shownAs(print, "Restoring", (progress) =>
    restoreBackup(file, by, root, environment, progress),
  );
  tell(context, restored, `Restored at ${root}:`);
}

async function preview({ print, environment }: Context, file: string, by: OpenedWith): Promise<Restored> {
  const { previewBackup } = await import("@mh/host/backup/restore.ts");
  return await shownAs(print, "Reading", (progress) => previewBackup(file, by, environment, progress));
}

async function shownAs<T>(print: Printer, doing: string, work: (onProgress: BackupProgress) => Promise<T>): Promise<T> {
  using progress = makeProgress(print, { doing, unit: "files" });
  return await work((at) => progress.update(at));
}

function tell({ print }: Context, { home, at, mh, files, bytes, records, keys }: Restored, what: string): void {
  if (print.isJson) return print.json({ home, at, mh, files, bytes, records, keys });
  const log = `a log of ${counted(records, "record")} that adds up`;
  print.line(
    wrap(
      `${what} the home ${home} of ${print.moment(at)} (mh ${visible(mh)}): ${counted(files, "file")}, ${log}.`,
      print.width,
    ),
  );
  print.note(`Its keys belong to ${keys}.`);
}

async function opener(context: Context, identity: string | undefined): Promise<OpenedWith> {
  if (identity === undefined) return { passphrase: await givenPassphrase(context, "The passphrase of the backup") };
  const { identitiesIn } = await import("@mh/host/backup/identities.ts");
  return { identities: identitiesIn(identity) };
}
