import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { Talk } from "@mh/cli/chat/talk.ts";
import { takeTurn } from "@mh/cli/chat/turn.ts";
import type { Context } from "@mh/cli/command.ts";
import { makePrinter } from "@mh/cli/printer.ts";
import { clientOf } from "@mh/host/connect/client.ts";
import { askLocally } from "@mh/host/serve/socket/answer.ts";
import { expect, test } from "vitest";
import { type ChatHome, calls, chatHome, inTurn, says } from "../support/chat-home.ts";

interface Typed extends AsyncDisposable {
  made: ChatHome;
  /** Everything that was printed. */
  text(): string;
  /** A line that the person types. */
  type(line: string): void;
  pressCtrlC(): void;
  /** Id of the chat that the person was in when they left. */
  left: Promise<string>;
}

/** A conversation as on a terminal, with what is typed given as lines. */
async function talking(): Promise<Typed> {
  const made = await chatHome();
  const pieces: string[] = [];
  const print = makePrinter({ json: false, quiet: false, write: (_fd, piece) => void pieces.push(piece) });
  const end = new AbortController();
  const client = { ...clientOf(askLocally(made.home.host, end.signal)), [Symbol.asyncDispose]: async () => undefined };
  const input = new PassThrough();
  const lines = createInterface({ input, output: new PassThrough() });
  const context = { print, signal: end.signal, root: made.home.root } as Context;
  const left = new Talk(context, client as never, { chat: made.chat, lines }).run();
  return {
    ...{ made, left, text: () => pieces.join("") },
    type: (line) => void input.write(`${line}\n`),
    pressCtrlC: () => void lines.emit("SIGINT"),
    async [Symbol.asyncDispose]() {
      lines.close();
      await left;
      end.abort();
      await made[Symbol.asyncDispose]();
    },
  };
}

test("H24 on a terminal Ctrl-C ends only the answer that is written; what was typed since is answered, and then it ends the talk", async () => {
  await using typed = await talking();
  const { made } = typed;
  made.scripted.script = ({ messages }) =>
    /short/.test(messages.at(-1)?.text ?? "") ? says("Briefly, then.") : { ...says("Once upon "), after: "hang" };
  typed.type("Tell me a long story");
  await expect.poll(typed.text).toContain("Once upon");
  typed.type("Make it short");
  await expect.poll(typed.text).toContain("Taken up at its next step");
  typed.pressCtrlC();
  await expect.poll(typed.text).toContain("Briefly, then.");
  expect(typed.text()).toContain("The answer was cut off there, and is not kept.\nGo on with it: /go-on");
  expect(made.scripted.open).toBe(0);
  typed.pressCtrlC();
  expect(await typed.left).toBe(made.chat);
});

test("H24 on a terminal a chat is renamed and forked, and what is no command says which there are", async () => {
  await using typed = await talking();
  const { home, chat } = typed.made;
  typed.type("One");
  await expect.poll(typed.text).toContain("nothing was changed or sent");
  typed.type("/rename Numbers");
  await expect.poll(typed.text).toContain("Renamed.");
  typed.type("/nonsense");
  await expect.poll(typed.text).toMatch(/There is no \/nonsense\.\n\/go-on/);
  typed.type("/go-on");
  await expect.poll(typed.text).toContain("Nothing in this chat waits for an answer");
  typed.type("/fork");
  await expect.poll(typed.text).toContain("from here on");
  typed.type("Two");
  await expect.poll(async () => (await home.own("chat.show", { chat })).messages.length).toBe(2);
  typed.type("/quit");
  const fork = await typed.left;
  expect((await home.own("chat.list", {})).chats.map(({ id, title }) => [id === chat, title])).toEqual(
    expect.arrayContaining([
      [true, "Numbers"],
      [false, "One"],
    ]),
  );
  expect((await home.own("chat.show", { chat: fork })).forkedFrom).toBe(chat);
});

test("H24 on a terminal what is approved elsewhere is gone on with at once", async () => {
  await using typed = await talking();
  const { home, scripted } = typed.made;
  await home.own("grant.give", { principal: "module:chat", skill: "outbox.append" });
  scripted.script = inTurn(
    calls(["outbox_append", { text: "hello", to: "ann" }]),
    says("It waits."),
    says("It is done."),
  );
  typed.type("Append a line to the outbox");
  await expect.poll(typed.text).toContain("mh approvals show");
  const [request] = (await home.own("approval.list", {})).approvals;
  await home.approve(request?.id ?? "", request?.object ?? "");
  await expect.poll(typed.text).toContain("It is done.");
  expect(home.outbox()).toEqual(["hello"]);
});

test("H24 a chat that is not there is told as that, and not as one to go on with", async () => {
  await using made = await chatHome();
  const said: string[] = [];
  const print = makePrinter({ json: false, quiet: false, write: (_fd, piece) => void said.push(piece) });
  const { signal } = new AbortController();
  const client = clientOf(askLocally(made.home.host, signal));
  const context = { print, signal, root: made.home.root } as Context;
  const turn = takeTurn(context, client as never, { chat: "nope" });
  await expect(turn).rejects.toThrow("There is no chat nope. `mh chat list` shows them.");
  expect(said.join("")).not.toContain("go-on");
});
