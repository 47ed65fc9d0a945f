import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Bot } from "@mh/core/channels/settings.ts";
import type { Http } from "@mh/core/ports/http.ts";
import { type Messenger, type MessengerText, MessengerTrouble, type TroubleKind } from "@mh/core/ports/messenger.ts";
import { Api, GrammyError, HttpError } from "grammy/web";
import { inertStretches } from "./inert.ts";
import { fetchOverHttp } from "./telegram-fetch.ts";
import { updateOf } from "./telegram-update.ts";

type TelegramBot = Pick<Bot, "server"> & { token: string };

const textMax = 4_096;
const requestMs = 20_000;
const updatesMax = 20;

/** Telegram, by its Bot API (https://core.telegram.org/bots/api). Texts are plain: no parse mode reads them. */
export function telegram({ token, server }: TelegramBot, http: Http): Messenger {
  const reach = server.isOwn ? "any" : "public";
  // One for each request: the library's own signals are not those of the platform.
  const apiFor = (signal: AbortSignal, timeoutMs = requestMs) =>
    new Api(token, { apiRoot: server.url, fetch: fetchOverHttp(http, { reach, timeoutMs, signal }) });
  let bot: { id: string; name: string } | undefined;
  return {
    name: "telegram",
    textMax,
    async self(signal) {
      bot ??= await tried(signal, async () => {
        const { id, username } = await apiFor(signal).getMe();
        return { id: String(id), name: visible(username ?? "") };
      });
      return bot;
    },
    receive: (after, waitMs, signal) =>
      tried(signal, async () => {
        const updates: unknown[] = await apiFor(signal, requestMs + waitMs).getUpdates({
          ...(after !== undefined && { offset: after + 1 }),
          ...{ limit: updatesMax, timeout: Math.round(waitMs / 1000) },
          allowed_updates: ["message", "edited_message", "callback_query"],
        });
        const known = updates.flatMap((update) => updateOf(update) ?? []);
        return known.sort((a, b) => a.id - b.id);
      }),
    send: (chat, message, signal) =>
      tried(signal, async () => {
        const { message_id: id } = await apiFor(signal).sendMessage(Number(chat), message.text, optionsOf(message));
        return String(id);
      }),
    edit: (chat, id, message, signal) =>
      tried(signal, async () => {
        try {
          await apiFor(signal).editMessageText(Number(chat), Number(id), message.text, optionsOf(message));
        } catch (error) {
          if (!(error instanceof GrammyError && /message is not modified/.test(error.description))) throw error;
        }
      }),
    acknowledge: (press, text, signal) =>
      tried(signal, async () => {
        try {
          await apiFor(signal).answerCallbackQuery(press, { text: text.slice(0, 200) });
        } catch (error) {
          if (!(error instanceof GrammyError && /query is too old|QUERY_ID_INVALID/i.test(error.description)))
            throw error;
        }
      }),
  };
}

function optionsOf({ text, buttons }: MessengerText) {
  const keyboard = buttons?.map((row) =>
    row.map((button) =>
      "url" in button ? { text: button.label, url: button.url } : { text: button.label, callback_data: button.data },
    ),
  );
  return {
    entities: inertStretches(text),
    link_preview_options: { is_disabled: true },
    ...(keyboard && { reply_markup: { inline_keyboard: keyboard } }),
  };
}

/** Whatever a library throws, as trouble that says what to do and quotes no token. */
async function tried<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GrammyError) throw refusal(error);
    const cause = error instanceof HttpError ? error.error : error;
    if (cause instanceof Fault) throw cause;
    throw new MessengerTrouble("unreachable", "Telegram's answer could not be read, or its connection broke.");
  }
}

const kinds: Record<number, TroubleKind> = { 401: "token", 404: "token", 409: "conflict", 429: "busy" };
const nextSteps: Record<TroubleKind, string> = {
  token: "It does not know the token: `mh secret set telegram` puts another in its place",
  conflict: "Another program listens as the same bot. End it, or give this home a bot of its own",
  busy: "It is tried again",
  refused: "`mh channel list` shows what is paired",
  unreachable: "It is tried again",
};

function refusal({ error_code: status, description, parameters }: GrammyError): MessengerTrouble {
  const kind = kinds[status] ?? (status >= 500 ? "busy" : "refused");
  const retryMs = parameters.retry_after === undefined ? undefined : parameters.retry_after * 1000;
  const said = visible(description.slice(0, 200)).replace(/\.$/, "");
  return new MessengerTrouble(
    kind,
    `Telegram answered ${status}: ${said}. ${nextSteps[kind]}.`,
    retryMs === undefined ? {} : { retryMs },
  );
}
