import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MessengerName, RefusalReason, TypedKind } from "@mh/contract/values/messenger.ts";
import { commandRow } from "../kernel/state.ts";
import { idOfHash } from "../model/hashed-id.ts";
import type { MessengerUpdate } from "../ports/messenger.ts";
import { type Came, type DeskDeps, idOfUpdate, stopFor } from "./came.ts";
import { openCode } from "./channels-table.ts";
import { isCodeLike } from "./codes.ts";
import type { Taken } from "./listen.ts";
import { browserOf, daemonPrincipal, type Paired, pairedWith } from "./paired.ts";
import { answerPress } from "./press.ts";
import type { PressWords } from "./words.ts";

const wordsMax = 100_000;
const triesMax = 3;

/**
 * Takes what comes by a messenger. Only what a paired person types or presses, there and then, in the private chat that was
 * paired, is the owner's; all else counts for nothing, and the log has it.
 */
export class Desk {
  readonly #deps: DeskDeps;
  /** Of what unknown senders send, one record stands for many: when the last was written, and how many came since. */
  readonly #counted = new Map<RefusalReason, { since: number; count: number }>();

  /** What could not be kept just now, and how often. */
  #failing = { id: "", times: 0 };

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  /** What cannot be kept, tried again and again, holds up nothing that came behind it: STOP may be there. */
  async take(channel: MessengerName, bot: string, update: MessengerUpdate): Promise<Taken> {
    const came = { channel, bot, update };
    try {
      return await this.#take(came);
    } catch (error) {
      const id = idOfUpdate(this.#deps, came, "take");
      this.#failing = { id, times: this.#failing.id === id ? this.#failing.times + 1 : 1 };
      if (this.#failing.times < triesMax) throw error;
      await this.#refuse(came, "not kept");
      return { ...(pairedAt(this.#deps, came) && { reply: "not kept" as const }), isRefused: true };
    }
  }

  /** Takes the tap on a button of a notification. Nobody is paired by it, and nothing typed comes that way. */
  async press(device: string, data: string): Promise<{ words: PressWords; isAccepted: boolean }> {
    const { crypto, reader, readObject } = this.#deps;
    const paired = browserOf({ db: reader, readObject }, device);
    // The same tap is the same update, however often it is sent.
    const id = Number.parseInt(crypto.sha256Hex(`${device} ${data}`).slice(0, 12), 16);
    const update = { id, content: { kind: "press" as const, id: "", data } };
    const came: Came = { channel: "webPush", bot: "webPush", update };
    const press = paired ? await answerPress(this.#deps, came, paired, data) : "button: not of this request";
    if (!isRefused(press)) return { words: press, isAccepted: true };
    // A caller that guesses cannot fill the log; what was made here and is refused is written each time.
    if (press === "button: not of this request") await this.#refuseUnknown(came, press);
    else await this.#refuse(came, press);
    return { words: press, isAccepted: false };
  }

  async #take(came: Came): Promise<Taken> {
    const { update } = came;
    const paired = pairedAt(this.#deps, came);
    if (update.content.kind === "none") return this.#notTyped(came, paired, update.content.reason);
    if (!paired) return this.#fromUnknown(came);
    if (update.content.kind === "text") return this.#typed(came, paired, update.content.text);
    const press = await answerPress(this.#deps, came, paired, update.content.data);
    if (!isRefused(press)) return { press, isRefused: false };
    await this.#refuse(came, press);
    return { press, isRefused: true };
  }

  async #notTyped(came: Came, paired: Paired | undefined, reason: RefusalReason): Promise<Taken> {
    if (!paired) return this.#refuseUnknown(came, reason);
    await this.#refuse(came, reason);
    return { reply: "not typed", isRefused: true };
  }

  /** The one thing that somebody unknown may say is a code. */
  async #fromUnknown(came: Came): Promise<Taken> {
    const { channel, bot, update } = came;
    const { reader, clock } = this.#deps;
    const { chat, sender, content } = update;
    const code = openCode(reader, channel, clock.now());
    const text = content.kind === "text" ? content.text.trim().replace(/^\/start\s+/i, "") : "";
    if (!code || chat === undefined || sender === undefined) return this.#refuseUnknown(came, "unknown sender");
    if (!isCodeLike(text)) return this.#greetOnce(came, code.id);
    const args = { channel, bot, chat, sender, code: text };
    const { end } = await this.#own<ValueFor<"channel.join">>(came, "channel.join", args);
    if (end === "paired") return { reply: "paired", isRefused: false };
    await this.#refuseUnknown(came, "wrong code");
    return { ...(end === "wrong" && { reply: "wrong code" as const }), isRefused: true };
  }

  /** While a code waits, an unknown sender is answered once, with nothing in it; else not at all. */
  async #greetOnce(came: Came, code: string): Promise<Taken> {
    const { crypto, reader } = this.#deps;
    const { channel, update } = came;
    const id = idOfHash(crypto, ["channel greets", code, update.sender]);
    const isNew = commandRow(reader, id) === undefined;
    if (!isNew) return this.#refuseUnknown(came, "unknown sender");
    const args = { channel, update: update.id, reason: "unknown sender", sender: update.sender };
    await this.#deps.act({ id, principal: daemonPrincipal, skill: "channel.refuse", args });
    return { reply: "unknown", isRefused: true };
  }

  async #typed(came: Came, paired: Paired, given: string): Promise<Taken> {
    const text = given.trim();
    if (/^\/?stop[.!]*$/i.test(text)) {
      await stopFor(this.#deps, came, paired);
      return { reply: "stopped", isRefused: false };
    }
    if (/^\/(start|help)$/i.test(text)) return { reply: "help", isRefused: false };
    if (this.#deps.isStopped()) return { reply: "stop stands", isRefused: false };
    if (text.length > wordsMax) {
      await this.#refuse(came, "too long");
      return { reply: "too long", isRefused: true };
    }
    const [, command = "", rest = ""] = /^\/(note|new|approvals)(?:\s+(.*))?$/is.exec(text) ?? [];
    const wanted = (command.toLowerCase() || "say") as TypedKind;
    const words = command === "" ? text : rest.trim();
    // A note without words would keep nothing.
    if (wanted === "note" && words === "") return { reply: "help", isRefused: false };
    const args = { channel: came.channel, device: paired.device.id, update: came.update.id, what: wanted, text: words };
    await this.#own(came, "channel.take", args);
    return { isRefused: false };
  }

  /** A command of the daemon's, named after what came: that it came twice does nothing twice. Throws where it was not done. */
  async #own<Value>(came: Came, skill: string, args: object): Promise<Value> {
    const id = idOfUpdate(this.#deps, came, skill);
    const outcome = await this.#deps.act({ id, principal: daemonPrincipal, skill, args });
    if (outcome.status === "done") return outcome.value as Value;
    if (outcome.status === "failed") throw new Fault(outcome.fault.code, outcome.fault.message);
    throw new Fault("channel.failed", `${skill} was not done (${outcome.status}). \`mh why ${outcome.id}\` says why.`);
  }

  #refuse(came: Came, reason: RefusalReason, count = 1): Promise<unknown> {
    const { sender, id } = came.update;
    const args = { channel: came.channel, update: id, reason, count, ...(sender !== undefined && { sender }) };
    return this.#own(came, "channel.refuse", args);
  }

  /** Unknown senders cannot fill the log: the first is written, and later ones every ten minutes, counted. */
  async #refuseUnknown(came: Came, reason: RefusalReason): Promise<Taken> {
    const now = this.#deps.clock.now();
    const known = this.#counted.get(reason);
    const count = (known?.count ?? 0) + 1;
    const isDue = !known || Math.abs(now - known.since) > countEveryMs;
    this.#counted.set(reason, isDue ? { since: now, count: 0 } : { ...known, count });
    if (isDue) await this.#refuse(came, reason, count);
    return { isRefused: true };
  }
}

const countEveryMs = 10 * 60_000;

const isRefused = (press: PressWords): press is PressWords & RefusalReason => press.startsWith("button:");

/** The device that something came from: this bot, this chat and this person, as they were paired. */
function pairedAt(deps: DeskDeps, { channel, bot, update }: Came): Paired | undefined {
  const { chat, sender } = update;
  return pairedWith({ db: deps.reader, readObject: deps.readObject }, channel).find(
    ({ place }) => place.bot === bot && place.chat === chat && place.sender === sender,
  );
}
