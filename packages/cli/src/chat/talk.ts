import type { Event } from "@mh/contract/wire/event.ts";
import { newId } from "@mh/host/connect/new-id.ts";
import { findDaemon } from "@mh/host/daemon/daemon-file.ts";
import { type Context, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import { explain } from "../explain.ts";
import type { TypedLines } from "../input.ts";
import { shortId } from "../print.ts";
import { showMessage, takeTurn } from "./turn.ts";

const help = `/go-on          go on with what was cut off, or was approved since
/stop           end the answer that is being written; Ctrl-C does as well
/rename TITLE   give this chat a name
/fork           go on in another chat that begins as this one
/show           all that was said here
/quit           end; so do Ctrl-D, and Ctrl-C while nothing is written
What you type while an answer is written steers it.`;

/** A conversation on a terminal. What is typed while an answer is written steers it, and Ctrl-C ends only the answer. */
export class Talk {
  readonly #context: Context;
  readonly #client: Client;
  readonly #lines: TypedLines;
  #chat: string;
  /** Turns that began here, by their ids: what others begin is shown when it is over. */
  readonly #own = new Set<string>();
  readonly #underWay = new Set<AbortController>();
  /** Commands of this chat that wait for approval. */
  readonly #waiting = new Set<string>();

  /** `lines`: what is typed. It is closed when the conversation ends. */
  constructor(context: Context, client: Client, { chat, lines }: { chat: string; lines: TypedLines }) {
    this.#context = context;
    this.#client = client;
    this.#lines = lines;
    this.#chat = chat;
  }

  /** Talks until the person leaves; gives the chat that they were in then. */
  async run(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { print, signal } = this.#context;
    await using _events = this.#client.follow({
      events: "**",
      onEvent: (event) => void this.#onEvent(event).catch(reject),
    });
    const onLine = async (line: string) => {
      await this.#take(line.trim()).catch((error: unknown) => void explain(error, print));
      if (this.#underWay.size === 0) this.#lines.prompt();
    };
    this.#lines.on("line", (line) => void onLine(line).catch(reject));
    this.#lines.on("SIGINT", () => (this.#underWay.size > 0 ? this.#stop() : this.#lines.close()));
    this.#lines.on("close", resolve);
    signal.addEventListener("abort", () => this.#lines.close(), { once: true });
    print.note(print.color.dim(`Chat ${shortId(this.#chat)}. /help says what else there is; Ctrl-D ends it.`));
    this.#lines.prompt();
    try {
      await promise;
    } finally {
      for (const stop of this.#underWay) stop.abort("You left");
      this.#lines.close();
    }
    return this.#chat;
  }

  async #take(line: string): Promise<void> {
    const [, name, rest = ""] = /^\/([a-z-]+)\s*(.*)$/.exec(line) ?? [];
    if (line === "") return;
    if (name === undefined) return this.#turn({ chat: this.#chat, text: line });
    const { print } = this.#context;
    switch (name) {
      case "go-on":
        return this.#turn({ chat: this.#chat });
      case "stop":
        return this.#stop();
      case "rename":
        if (rest === "") return print.note("Give it a name: /rename The trip to Lisbon");
        valueFrom(this.#context, await this.#client.act("chat.rename", { chat: this.#chat, title: rest }));
        return print.note("Renamed.");
      case "fork":
        this.#chat = valueFrom(this.#context, await this.#client.act("chat.fork", { chat: this.#chat })).id;
        return print.note(`This is chat ${shortId(this.#chat)} from here on.`);
      case "show":
        for (const message of await this.#messages()) showMessage(print, message);
        return;
      case "quit":
        return this.#lines.close();
      default:
        return print.note(name === "help" ? help : `There is no /${name}.\n${help}`);
    }
  }

  async #turn(args: { chat: string; text?: string }): Promise<void> {
    const { print, signal } = this.#context;
    const id = newId();
    const stop = new AbortController();
    if (this.#underWay.size > 0) print.note(print.color.dim("Taken up at its next step, or answered after it."));
    this.#own.add(id);
    this.#underWay.add(stop);
    const options = { id, signal: AbortSignal.any([signal, stop.signal]), doing: "", next: "/go-on" };
    try {
      const { value } = await takeTurn(this.#context, this.#client, args, options);
      for (const { status, command } of value?.refusals ?? []) if (status === "waiting") this.#waiting.add(command);
    } finally {
      this.#underWay.delete(stop);
    }
  }

  /** Ends the answer that is being written; what was said since is answered next. */
  #stop(): void {
    const [first] = this.#underWay;
    first?.abort("You ended it");
  }

  async #messages() {
    return valueFrom(this.#context, await this.#client.act("chat.show", { chat: this.#chat })).messages;
  }

  /** What was approved elsewhere goes on here; where a daemon runs, it does that, and its answer is shown. */
  async #onEvent({ name, command, subjects }: Event): Promise<void> {
    if (this.#waiting.delete(command) && this.#waiting.size === 0 && !findDaemon(this.#context.root)) {
      await this.#turn({ chat: this.#chat });
      return this.#lines.prompt();
    }
    if (name !== "chat.answered" || this.#own.has(command) || !subjects.includes(`chat:${this.#chat}`)) return;
    const answer = (await this.#messages()).find(({ turn }) => turn === command);
    if (answer) showMessage(this.#context.print, answer);
    if (answer) this.#lines.prompt();
  }
}
