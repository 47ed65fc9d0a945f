import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/core/model/visible.ts";
import { fileOf } from "@mh/core/policy/rule-file.ts";
import { actOnce, actUnlocked, type CommandModule, type Context, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import { textOf } from "../input.ts";
import { wholeNumber } from "../options.ts";
import { clip, shortId, table, wrap } from "../print.ts";
import { Streamed } from "../streamed.ts";

type Turn = ValueFor<"chat.say">;

export const command: CommandModule = {
  uses: ["chat.start", "chat.say", "chat.list", "chat.show", "chat.rename", "chat.fork", "chat.allow"],
  build(parser, context) {
    parser.addHelpText("after", '\nExamples:\n  mh chat\n  mh chat say "What did Sarah say about the offer?"');
    parser
      .command("talk [chat]", { isDefault: true })
      .description("Talk; an empty line, or Ctrl-C, ends it. With a chat, goes on with it.")
      .addHelpText("after", "\nExample:\n  mh chat talk a1b2c3d4")
      .action((chat?: string) => talk(context, chat));
    parser
      .command("say <words...>")
      .description("Say one thing; - reads standard input.")
      .option("--chat <id>", "go on with this chat; left out, a new one begins")
      .addHelpText("after", '\nExample:\n  mh chat say "What is to be done today?"')
      .action(async (words: string[], options: { chat?: string }) => {
        await using client = await context.connect({ make: true });
        const chat = options.chat ?? valueFrom(context, await client.act("chat.start", {})).id;
        await turn(context, client, { chat, text: textOf(words) });
      });
    parser
      .command("go-on <chat>")
      .description("Go on with what waits for an answer; what was done is not done twice.")
      .addHelpText("after", "\nExample:\n  mh chat go-on a1b2c3d4")
      .action(async (chat: string) => {
        await using client = await context.connect();
        await turn(context, client, { chat });
      });
    parser
      .command("list")
      .description("Your chats, the latest first.")
      .option("-n <number>", "how many", wholeNumber(1, 500), 50)
      .addHelpText("after", "\nExample:\n  mh chat list")
      .action(({ n }: { n: number }) => list(context, n));
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
      .command("fork <chat> [message]")
      .description("Begin another chat as this one was, up to a message of it.")
      .addHelpText("after", "\nExample:\n  mh chat fork a1b2c3d4")
      .action(async (chat: string, through?: string) => {
        const { id } = await actOnce(context, "chat.fork", { chat, ...(through !== undefined && { through }) });
        context.print.isJson ? context.print.json({ id }) : context.print.line(`Next: mh chat talk ${shortId(id)}`);
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
  await using client = await context.connect({ make: true });
  const chat = known ?? valueFrom(context, await client.act("chat.start", {})).id;
  print.note(print.color.dim(`Chat ${shortId(chat)}. An empty line ends it.`));
  const { askWords } = await import("../prompt.ts");
  while (!context.signal.aborted) {
    const words = await askWords("Ask, or say what is to be done");
    if (words === undefined || words.trim() === "") break;
    await turn(context, client, { chat, text: words.trim() });
  }
  print.note(print.color.dim(`Go on: mh chat talk ${shortId(chat)}`));
}

/** One turn, shown while it is written; then what the log knows of it, whatever it says. */
async function turn(context: Context, client: Client, args: { chat: string; text?: string }): Promise<void> {
  const { print } = context;
  const streamed = new Streamed(print);
  const outcome = await actUnlocked(context, client, "chat.say", args, {
    doing: "Thinking",
    onProgress: ({ text }) => text !== undefined && !print.isJson && streamed.update(text),
  });
  if (outcome.status !== "done" && !print.isJson) {
    print.piece("\n");
    print.note(`Go on with it: mh chat go-on ${shortId(args.chat)}`);
  }
  const value = valueFrom(context, outcome);
  if (print.isJson) return print.json(value);
  streamed.end(value.text);
  for (const line of turnLines(value)) print.line(print.color.dim(wrap(line, print.width)));
}

/** What the log knows, what waits and what was refused, each with the next step. */
function turnLines({ end, acts, refusals, chat }: Turn): string[] {
  const changes = acts.filter(({ changes, status }) => changes && status === "done");
  const done = changes.map(({ skill, command }) => `${skill} [${shortId(command)}]`);
  return [
    end === "no-model"
      ? "Without a model, `mh search`, `mh ask`, `mh capture` and `mh task` work as ever. `mh help models` says how to get one."
      : `The log: ${done.length > 0 ? `done ${done.join(", ")}` : "nothing was changed or sent"}.`,
    ...refusals.map(({ status, skill, reason, approval, command, rules }) =>
      status === "waiting"
        ? `${visible(skill)} waits for you (${visible(reason)}): mh approvals show ${shortId(approval ?? command)}, then mh chat go-on ${shortId(chat)}`
        : `${visible(skill)} was denied: ${visible(reason)}. ${next(command, rules)}`,
    ),
    ...(end === "guard" || end === "failed" ? [`Go on with it: mh chat go-on ${shortId(chat)}`] : []),
  ];
}

/** A rule of the owner's may ask instead. */
const next = (command: string, rules: readonly string[]): string =>
  rules.every((rule) => fileOf(rule) !== undefined)
    ? `Ask me instead: mh approvals ask-instead ${shortId(command)}`
    : `mh why ${shortId(command)}`;

async function list(context: Context, limit: number): Promise<void> {
  const { print } = context;
  const { chats } = await actOnce(context, "chat.list", { limit });
  if (print.isJson) return print.json({ chats });
  if (chats.length === 0) return print.line("Nothing was talked about yet. `mh chat` begins.");
  const rows = chats.map(({ id, lastAt, messages, title }) => [
    ...[shortId(id), print.day(lastAt), String(messages), clip(visible(title ?? "(nothing said)"), 200)],
  ]);
  print.page();
  print.line(table(rows, print.width));
}

async function show(context: Context, id: string): Promise<void> {
  const { print } = context;
  const chat = await actOnce(context, "chat.show", { chat: id });
  if (print.isJson) return print.json(chat);
  const { bold, dim } = print.color;
  print.page();
  print.line(bold(visible(chat.title ?? "(nothing said)")));
  for (const { by, at, text, acts, id: message } of chat.messages) {
    print.line();
    print.line(dim(`${by === "owner" ? "You" : "mh"}, ${print.moment(at)}  [${shortId(message)}]`));
    print.line(wrap(visible(text, { multiline: true }), print.width));
    for (const { skill, status, command } of acts.filter(({ changes }) => changes))
      print.line(dim(`  ${visible(skill)}: ${status} [${shortId(command)}]`));
  }
}
