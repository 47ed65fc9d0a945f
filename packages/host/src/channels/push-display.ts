import { Fault } from "@mh/contract/values/fault.ts";
import { subscriptionSchema } from "@mh/contract/values/push.ts";
import { noticeMax } from "@mh/core/channels/notice.ts";
import { liveDevices } from "@mh/core/devices/devices-table.ts";
import type { Config } from "@mh/core/model/config.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { type Display, type MessengerText, MessengerTrouble, type TroubleKind } from "@mh/core/ports/messenger.ts";
import { declared } from "../adapters/notify/declared.ts";
import { type PushParts, push } from "../adapters/notify/push.ts";

export interface PushDisplayParts extends PushParts {
  reader: Database;
  readObject: (name: string) => string | undefined;
}

const titles = { asks: "mh has a question", tells: "mh" };

/** Browsers of the owner's devices, by Web Push: what says more of the same request takes its place. A chat is a device. */
export function pushDisplay(parts: PushDisplayParts, config: Config): Display {
  const show = async (chat: string, { text, buttons = [], about = chat }: MessengerText, signal: AbortSignal) => {
    const device = liveDevices(parts.reader).find(({ id }) => id === chat);
    const kept = device?.push ? parts.readObject(device.push) : undefined;
    if (!device?.push || kept === undefined)
      throw new MessengerTrouble("refused", "This device gets no notifications any more.");
    const answers = buttons.flat().flatMap((button) => ("data" in button ? [button] : []));
    const payload = declared({
      title: answers.length > 0 ? titles.asks : titles.tells,
      body: text,
      tag: about,
      navigate: about === chat ? "/" : `/#approval=${about}`,
      isSilent: answers.length === 0,
      ...(answers.length > 0 && { answers: { device: chat, buttons: answers } }),
    });
    const urgency = answers.length > 0 ? "high" : "normal";
    const sent = {
      subscription: subscriptionSchema().parse(JSON.parse(kept)),
      payload,
      topic: about,
      urgency,
    } as const;
    const { status } = await pushed(() => push(parts, sent, { config, signal }));
    if (status < 300) return about;
    throw refusal(status, device.push);
  };
  return {
    name: "webPush",
    textMax: noticeMax,
    self: async () => ({ id: "webPush", name: "the browsers of your devices" }),
    send: show,
    edit: async (chat, _id, message, signal) => void (await show(chat, message, signal)),
  };
}

/** A push service that cannot be reached is asked again later. */
async function pushed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "http.failed") throw error;
    throw new MessengerTrouble("unreachable", "The push service could not be reached. It is tried again.");
  }
}

const kinds: Record<number, TroubleKind> = { 401: "token", 403: "token", 429: "busy" };

function refusal(status: number, object: string): MessengerTrouble {
  const isGone = status === 404 || status === 410;
  if (isGone)
    return new MessengerTrouble("refused", "The subscription ended. Open mh there and turn notifications on again.", {
      gone: object,
    });
  const kind = kinds[status] ?? (status >= 500 ? "busy" : "refused");
  const next = kind === "token" ? "Turn notifications off and on on that device" : "It is tried again";
  return new MessengerTrouble(kind, `The push service answered ${status}. ${next}.`);
}
