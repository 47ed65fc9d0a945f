import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { clip, hang, table, wrap } from "../print.ts";

interface Place {
  account?: string;
  folder?: string;
}

interface ListOptions extends Place {
  unread?: boolean;
  n: number;
}

export const command: CommandModule = {
  uses: ["mail.read"],
  build(parser, context) {
    parser.addHelpText("after", "\nExamples:\n  mh mail --unread\n  mh mail read 4711");
    parser
      .command("list", { isDefault: true })
      .description("The mails that came last, the newest first.")
      .option("--unread", "only what you have not read")
      .option("--folder <name>", "of another folder than INBOX")
      .option("--account <name>", "of another account than the first")
      .option("-n <number>", "how many at most", wholeNumber(1, 50), 20)
      .addHelpText("after", "\nExample:\n  mh mail list --unread -n 5")
      .action((options: ListOptions) => list(context, options));
    parser
      .command("read <number>")
      .description("One mail, by its number in the list. It stays unread on the server.")
      .option("--folder <name>", "of another folder than INBOX")
      .option("--account <name>", "of another account than the first")
      .addHelpText("after", "\nExample:\n  mh mail read 4711 --folder Archive")
      .action((number: string, options: Place) => read(context, wholeNumber(1, 2 ** 32 - 1)(number), options));
  },
};

async function list(context: Context, { unread, n, account, folder }: ListOptions): Promise<void> {
  const { print } = context;
  const args = { limit: n, ...(unread && { unseenOnly: true }), ...place({ account, folder }) };
  const found = await actOnce(context, "mail.read", args);
  if (print.isJson) return print.json(found);
  if (found.messages.length === 0) return print.line(`No ${unread ? "unread " : ""}mail in ${visible(found.folder)}.`);
  const { bold, dim } = print.color;
  print.page();
  const rows = found.messages.map((mail) => {
    const subject = visible(mail.subject) || "(no subject)";
    const sender = clip(senderOf(mail), 24);
    return [dim(String(mail.uid)), dim(dayOf(print, mail)), sender, mail.seen ? subject : bold(subject)];
  });
  print.line(table(rows, print.width));
  const more = found.more ? ", and there are more" : "";
  print.note(`\n${counted(found.messages.length, "mail")} in ${visible(found.folder)}${more}.`);
}

async function read(context: Context, uid: number, where: Place): Promise<void> {
  const { print } = context;
  const found = await actOnce(context, "mail.read", { uid, ...place(where) });
  if (print.isJson) return print.json(found);
  const [mail] = found.messages;
  if (!mail) return;
  const { bold, dim } = print.color;
  print.page();
  print.line(wrap(bold(visible(mail.subject) || "(no subject)"), print.width));
  const date = mail.date ?? mail.receivedAt;
  const rows: [string, string][] = [
    ["From", people(mail.from ? [mail.from] : [])],
    ["To", people(mail.to)],
    ["Copies", people(mail.cc)],
    ["Date", date === null ? "" : print.moment(date)],
    ["Attached", mail.attachments.map((name) => visible(name)).join(", ")],
    ["Beware", warningsOf(mail).join("; ")],
  ];
  for (const [label, text] of rows.filter(([, value]) => value !== ""))
    print.line(hang(dim(label.padEnd(9)), text, print.width));
  print.line();
  print.line(wrap(visible(mail.text, { multiline: true }), print.width));
  if (mail.isCut) print.note("\nThis is the beginning; the rest is on the server.");
}

function warningsOf({ isForged, problem }: MailMessage): string[] {
  return [
    ...(isForged ? ["your mail server found that the sender is not who it says"] : []),
    ...(problem === null ? [] : [problem]),
  ];
}

const place = ({ account, folder }: { [name in keyof Place]: string | undefined }) => ({
  ...(account !== undefined && { account }),
  ...(folder !== undefined && { folder }),
});

const senderOf = ({ from }: MailMessage): string => visible(from ? from.name || from.address : "(nobody)");

function dayOf(print: Context["print"], { receivedAt, date }: MailMessage): string {
  const at = receivedAt ?? date;
  return at === null ? "" : print.day(at);
}

/** With the address always: a name alone can be anybody's. */
const people = (all: MailMessage["to"]): string =>
  all.map(({ name, address }) => visible(name ? `${name} <${address}>` : address)).join(", ");
