import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { showMessage, takeTurn } from "../chat/turn.ts";
import { actOnce, type CommandModule, type Context, Exit, exitCodes, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import { confirmDestroy } from "../consent.ts";
import { readStdin, textOf, typedLines } from "../input.ts";
import { wholeNumber } from "../options.ts";
import { clip, shortId, table, wrap } from "../print.ts";

export const command: CommandModule = {
  uses: [
    "chat.start",
    "chat.say",
    "chat.list",
    "chat.show",
    "chat.rename",
    "chat.pin",
    "chat.search",
    "chat.fork",
    "chat.forget",
    "chat.allow",
  ],
  build(parser, context) {
    parser.addHelpText("after", '\nExamples:\n  mh chat\n  mh chat say "What did Sarah say about the offer?"');
    parser
      .command("talk [chat]", { isDefault: true })
      .description("Talk, until Ctrl-D; Ctrl-C ends an answer that is being written. With a chat, goes on with it.")
      .addHelpText("after", "\nExample:\n  mh chat talk a1b2c3d4")
      .action((chat?: string) => talk(context, chat));
    parser
      .command("say <words...>")
      .description("Say one thing; - reads standard input.")
      .option("--chat <id>", "go on with this chat; left out, a new one begins")
      .addHelpText("after", '\nExample:\n  mh chat say "What is to be done today?"')
      .action(async (words: string[], options: { chat?: string }) => {
        await say(context, textOf(words), options.chat);
      });
    parser
      .command("go-on <chat>")
      .description("Go on with what waits for an answer; what was done is not done twice.")
      .addHelpText("after", "\nExample:\n  mh chat go-on a1b2c3d4")
      .action(async (chat: string) => {
        await using client = await context.connect();
        await once(context, client, { chat });
      });
    parser
      .command("list")
      .description("Your chats, the latest first.")
      .option("-n <number>", "how many", wholeNumber(1, 500), 50)
      .addHelpText("after", "\nExample:\n  mh chat list")
      .action(({ n }: { n: number }) => list(context, n));
    parser
      .command("search <words...>")
      .description("Find what was said in any of your chats.")
      .option("-n <number>", "how many", wholeNumber(1, 200), 30)
      .addHelpText("after", "\nExample:\n  mh chat search Lisbon")
      .action((words: string[], { n }: { n: number }) => search(context, textOf(words), n));
    parser
      .command("show <chat>")
      .description("What was said, and what was done.")
      .addHelpText("after", "\nExample:\n  mh chat show a1b2c3d4")
      .action((chat: string) => show(context, chat));
    parser
      .command("rename <chat> <title...>")
      .description("Give a chat a name.")
      .addHelpText("after", '\nExample:\n  mh chat rename a1b2c3d4 "The trip to Lisbon"')
      .action(async (chat: string, title: string[]) => {
        const { id } = await actOnce(context, "chat.rename", { chat, title: title.join(" ") });
        context.print.isJson ? context.print.json({ id }) : context.print.line("Renamed.");
      });
    parser
      .command("pin <chat>")
      .description("Keep a chat at the head of the list.")
      .option("--off", "let it back into the list")
      .addHelpText("after", "\nExample:\n  mh chat pin a1b2c3d4")
      .action(async (chat: string, { off = false }: { off?: boolean }) => {
        const { id } = await actOnce(context, "chat.pin", { chat, isPinned: !off });
        context.print.isJson ? context.print.json({ id }) : context.print.line(off ? "Not pinned." : "Pinned.");
      });
    parser
      .command("fork <chat> [message]")
      .description("Begin another chat as this one was, up to a message of it.")
      .addHelpText("after", "\nExample:\n  mh chat fork a1b2c3d4")
      .action(async (chat: string, through?: string) => {
        const { id } = await actOnce(context, "chat.fork", { chat, ...(through !== undefined && { through }) });
        context.print.isJson ? context.print.json({ id }) : context.print.line(`Next: mh chat talk ${shortId(id)}`);
      });
    parser
      .command("forget <chat>")
      .description("Forget a chat for good. Asks first.")
      .option("--yes", "do not ask")
      .addHelpText("after", "\nExample:\n  mh chat forget a1b2c3d4")
      .action(async (chat: string, { yes }: { yes?: boolean }) => {
        const question = "Forget this chat? This cannot be undone.";
        const { messages } = await confirmDestroy(context, "chat.forget", { chat }, { yes: yes ?? false, question });
        if (context.print.isJson) return context.print.json({ messages });
        context.print.line(`Forgotten: ${messages} messages.`);
      });
    parser
      .command("allow")
      .description("Let the chat read, note and plan without asking for each skill's first use.")
      .addHelpText("after", "\nExample:\n  mh chat allow")
      .action(async () => {
        const { skills } = await actOnce(context, "chat.allow", {});
        if (context.print.isJson) return context.print.json({ skills });
        context.print.line(`It may use ${skills.join(", ")}. Whatever else it wants asks. \`mh grant list\` shows it.`);
      });
  },
};

async function talk(context: Context, known: string | undefined): Promise<void> {
  const { print } = context;
  // What comes through a pipe is one message.
  if (!print.canAsk) return say(context, readStdin(), known);
  await using client = await context.connect({ make: true });
  const chat = known ?? valueFrom(context, await client.act("chat.start", {})).id;
  // Before anything is typed: a chat that there is not.
  if (known !== undefined) valueFrom(context, await client.act("chat.show", { chat }));
  const { Talk } = await import("../chat/talk.ts");
  const last = await new Talk(context, client, { chat, lines: typedLines() }).run();
  print.note(print.color.dim(`\nGo on: mh chat talk ${shortId(last)}`));
}

async function say(context: Context, words: string, known: string | undefined): Promise<void> {
  const text = words.trim();
  if (text === "") throw new Fault("usage", 'Say something: mh chat say "What is to be done today?"');
  await using client = await context.connect({ make: true });
  const chat = known ?? valueFrom(context, await client.act("chat.start", {})).id;
  await once(context, client, { chat, text });
}

async function once(context: Context, client: Client, args: { chat: string; text?: string }): Promise<void> {
  const { value, code } = await takeTurn(context, client, args);
  if (!value) throw new Exit(code);
  if (value.end === "failed" || value.end === "guard") throw new Exit(exitCodes.failed);
  if (value.refusals.some(({ status }) => status === "waiting")) throw new Exit(exitCodes.waiting);
}

async function list(context: Context, limit: number): Promise<void> {
  const { print } = context;
  const { chats } = await actOnce(context, "chat.list", { limit });
  if (print.isJson) return print.json({ chats });
  if (chats.length === 0) return print.line("Nothing was talked about yet. `mh chat` begins.");
  const rows = chats.map(({ id, lastAt, messages, title, isPinned }) => {
    const name = `${isPinned ? "pinned: " : ""}${visible(title ?? "(nothing said)")}`;
    return [shortId(id), print.day(lastAt), String(messages), clip(name, 200)];
  });
  print.page();
  print.line(table(rows, print.width));
}

async function search(context: Context, q: string, limit: number): Promise<void> {
  const { print } = context;
  const { found } = await actOnce(context, "chat.search", { q, limit });
  if (print.isJson) return print.json({ found });
  if (found.length === 0) return print.line("No chat has these words.");
  print.page();
  for (const { chat, title, message, at, by, text } of found) {
    const where = message === null ? "its name" : `${by === "owner" ? "you" : "mh"}, ${print.day(at)}`;
    print.line(`${shortId(chat)}  ${clip(visible(title ?? "(nothing said)"), 60)}`);
    print.line(print.color.dim(wrap(`${where}: ${visible(text)}`, print.width, "  ")));
  }
}

async function show(context: Context, id: string): Promise<void> {
  const { print } = context;
  const chat = await actOnce(context, "chat.show", { chat: id });
  if (print.isJson) return print.json(chat);
  print.page();
  print.line(print.color.bold(visible(chat.title ?? "(nothing said)")));
  for (const message of chat.messages) showMessage(print, message);
}
