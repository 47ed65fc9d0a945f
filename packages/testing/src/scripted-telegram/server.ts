import * as http from "node:http";
import { bodyOf, startScriptedServer } from "../scripted-server.ts";
import { type Entity, liveParts } from "./live.ts";

type Json = Record<string, unknown>;

export interface Button {
  text: string;
  callback_data: string;
}

/** A message as it stands in a chat. */
export interface ShownMessage {
  id: number;
  chat: number;
  text: string;
  /** Every text that it had, the first first. */
  texts: string[];
  entities: Entity[];
  buttons: Button[];
  /** What a tap on the text would do something for, buttons aside. */
  live: string[];
  previews: boolean;
}

/** How the next requests of a method are answered, one each; `drop` closes the connection, done or not. */
export type Trouble =
  | { status: number; retryAfter?: number; description?: string }
  | { drop: "before" | "after" }
  | { garbage: string };

/** Telegram's Bot API for one bot, as a person with a phone sees it from the other side. */
export interface ScriptedTelegram extends AsyncDisposable {
  url: string;
  token: string;
  bot: { id: number; username: string };
  /** Method and what it was given, in order. */
  calls: { method: string; given: Json }[];
  messages: ShownMessage[];
  /** What was shown to the person who pressed a button. */
  toasts: { press: string; text: string }[];
  /** What the next requests of a method meet. */
  trouble: Map<string, Trouble[]>;
  /** Updates that are not confirmed. */
  readonly waiting: number;
  /** Update ids as they go out; at first, one after the other. */
  nextUpdate: number;
  /** Whether a request waits for updates now. */
  readonly isPolled: boolean;
  /** Something happens: an update without its number. */
  happens(update: Json, id?: number): number;
  /** A person types in their private chat with the bot. */
  types(person: number, text: string, more?: Json): number;
  /** Presses the button with that label below the last message that has one, or what is given. */
  presses(person: number, label: string, more?: { data?: string; message?: Json; absent?: true }): number;
  /** The messages of a chat. */
  chat(id: number): ShownMessage[];
}

const textMax = 4_096;

export async function startScriptedTelegram(token = "4242:scripted-token"): Promise<ScriptedTelegram> {
  const server = await startScriptedServer(answer);
  const updates: (Json & { update_id: number })[] = [];
  let poll: { end: (status: number, value: Json) => void } | undefined;
  let messageId = 100;
  let pressId = 0;

  const telegram: ScriptedTelegram = {
    url: server.url,
    ...{ token, bot: { id: 4242, username: "scripted_bot" }, calls: [], messages: [], toasts: [] },
    ...{ trouble: new Map(), nextUpdate: 1000 },
    get waiting() {
      return updates.length;
    },
    get isPolled() {
      return poll !== undefined;
    },
    happens(update, id = telegram.nextUpdate++) {
      updates.push({ update_id: id, ...update });
      poll?.end(200, { ok: true, result: [...updates] });
      return id;
    },
    types(person, text, more = {}) {
      messageId += 1;
      const from = { id: person, is_bot: false, first_name: "Ada" };
      const chat = { id: person, type: "private", first_name: "Ada" };
      const message = { message_id: messageId, from, chat, date: 1_772_000_000, text, ...more };
      return telegram.happens({ message });
    },
    presses(person, label, { data, message, absent } = {}) {
      const shown = telegram.chat(person).findLast(({ buttons }) => buttons.some(({ text }) => text === label));
      const carried = data ?? shown?.buttons.find(({ text }) => text === label)?.callback_data;
      if (carried === undefined) throw new Error(`No button is called ${label}.`);
      pressId += 1;
      const under = { message_id: shown?.id ?? 1, chat: { id: person, type: "private" }, date: 1_772_000_000 };
      const from = { id: person, is_bot: false, first_name: "Ada" };
      const press = { id: `press-${pressId}`, from, chat_instance: "1", data: carried };
      return telegram.happens({ callback_query: { ...press, ...(!absent && { message: message ?? under }) } });
    },
    chat: (id) => telegram.messages.filter(({ chat }) => chat === id),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const [, given = "", method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    const body = JSON.parse((await bodyOf(request)).toString() || "{}") as Json;
    const say = (status: number, value: Json) => {
      if (response.writableEnded || response.destroyed) return;
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    telegram.calls.push({ method, given: body });
    if (given !== telegram.token) return say(401, { ok: false, error_code: 401, description: "Unauthorized" });
    const trouble = telegram.trouble.get(method)?.shift();
    if (trouble && "garbage" in trouble) return void response.writeHead(200).end(trouble.garbage);
    if (trouble && "status" in trouble) {
      const parameters = trouble.retryAfter === undefined ? {} : { parameters: { retry_after: trouble.retryAfter } };
      const description = trouble.description ?? http.STATUS_CODES[trouble.status] ?? "";
      return say(trouble.status, { ok: false, error_code: trouble.status, description, ...parameters });
    }
    if (trouble?.drop === "before") return void response.destroy();
    if (method === "getUpdates") return getUpdates(body, response, say, trouble?.drop === "after");
    const refused = (description: string) => say(400, { ok: false, error_code: 400, description });
    const result = run(method, body);
    if (trouble?.drop === "after") return void response.destroy();
    if (typeof result === "string") return refused(`Bad Request: ${result}`);
    say(200, { ok: true, result });
  }

  function getUpdates(
    { offset = 0, timeout = 0, limit = 100 }: { offset?: number; timeout?: number; limit?: number },
    response: http.ServerResponse,
    say: (status: number, value: Json) => void,
    isDropped: boolean,
  ): void {
    const description =
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    poll?.end(409, { ok: false, error_code: 409, description });
    // An offset confirms all that stands before it; whatever the order in which it came.
    for (let at = updates.length - 1; at >= 0; at -= 1)
      if ((updates[at]?.update_id ?? 0) < offset) updates.splice(at, 1);
    if (isDropped) return void response.destroy();
    const ready = updates.slice(0, limit);
    if (ready.length > 0 || timeout === 0) return say(200, { ok: true, result: ready });
    const own = {
      end(status: number, value: Json) {
        clearTimeout(timer);
        if (poll === own) poll = undefined;
        say(status, value);
      },
    };
    const timer = setTimeout(() => own.end(200, { ok: true, result: [] }), timeout * 1000);
    response.on("close", () => {
      clearTimeout(timer);
      if (poll === own) poll = undefined;
    });
    poll = own;
  }

  /** What a method gives, or why it is refused. */
  function run(method: string, given: Json): unknown {
    switch (method) {
      case "getMe":
        return { ...telegram.bot, is_bot: true, first_name: "mh" };
      case "sendMessage": {
        const why = textRefused(given) ?? keyboardRefused(given);
        if (why !== undefined) return why;
        messageId += 1;
        const message = { id: messageId, chat: Number(given.chat_id), texts: [] as string[] };
        telegram.messages.push(shownAs(message, given));
        return { message_id: messageId, chat: { id: given.chat_id, type: "private" }, date: 1, text: given.text };
      }
      case "editMessageText": {
        const known = telegram.messages.find(({ id, chat }) => id === given.message_id && chat === given.chat_id);
        if (!known) return "message to edit not found";
        const why = textRefused(given) ?? keyboardRefused(given);
        if (why !== undefined) return why;
        const next = shownAs(known, given);
        if (next.text === known.text && JSON.stringify(next.buttons) === JSON.stringify(known.buttons))
          return "message is not modified: specified new message content and reply markup are exactly the same";
        Object.assign(known, next);
        return { message_id: known.id, chat: { id: known.chat, type: "private" }, date: 1, text: known.text };
      }
      case "answerCallbackQuery":
        telegram.toasts.push({ press: String(given.callback_query_id), text: String(given.text ?? "") });
        return true;
      default:
        return "method not found";
    }
  }
  return telegram;
}

function textRefused({ text, parse_mode: mode }: Json): string | undefined {
  if (mode !== undefined) return "can't parse entities: this bot promised plain text";
  if (typeof text !== "string" || text.trim() === "") return "message text is empty";
  return text.length > textMax ? "message is too long" : undefined;
}

function keyboardRefused(given: Json): string | undefined {
  const wrong = buttonsOf(given).find(({ callback_data: data }) => data === "" || Buffer.byteLength(data) > 64);
  return wrong ? "BUTTON_DATA_INVALID" : undefined;
}

const buttonsOf = (given: Json): Button[] =>
  ((given.reply_markup as { inline_keyboard?: Button[][] } | undefined)?.inline_keyboard ?? []).flat();

function shownAs(before: Pick<ShownMessage, "id" | "chat" | "texts">, given: Json): ShownMessage {
  const text = String(given.text).trim();
  const entities = (given.entities as Entity[] | undefined) ?? [];
  const { is_disabled: isOff } = (given.link_preview_options as { is_disabled?: boolean } | undefined) ?? {};
  return {
    ...{ id: before.id, chat: before.chat, text, texts: [...before.texts, text], entities },
    ...{ buttons: buttonsOf(given), live: liveParts(String(given.text), entities), previews: isOff !== true },
  };
}
