import { channelSend } from "@mh/contract/channels.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { DisplayName } from "@mh/contract/values/messenger.ts";
import { daemonAddress } from "../devices/device.ts";
import { defineOutside } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import { type Display, type MessengerText, MessengerTrouble } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";
import { type ButtonDeps, buttonFor, fitsButton } from "./buttons.ts";
import type { Sent } from "./channels-table.ts";
import { channelPrincipal, type Paired, pairedWith } from "./paired.ts";
import { pause } from "./pause.ts";
import { type Followed, showWhileWritten } from "./show-run.ts";
import { partsOf } from "./split.ts";

/** What shows things by a messenger, or on browsers. */
export type OpenDisplay = (channel: DisplayName, config: Config) => Promise<Display>;

export interface SendDeps extends ButtonDeps {
  reader: Database;
  readObject: (name: string) => string | undefined;
  open: OpenDisplay;
  timers: Timers;
  /** Runs whose answers are shown while they are written. */
  following: (run: string) => Followed | undefined;
}

/** Shows a text whole, on a device that is paired now. Where a part was refused, nothing after it is sent. */
export function sendSkill(deps: SendDeps) {
  return defineOutside(channelSend, {
    stored: "kept",
    classify: ({ host }) => ({ effect: "notify", risk: "low", scope: host === undefined ? {} : { hosts: [host] } }),
    async run({ channel, device: id, host, text: given, again, follows, answers, asks, closes }, context) {
      const { config, signal, note, principal } = context;
      // Another principal could put the buttons of a request below words of its own.
      if (principal !== channelPrincipal(channel))
        throw new Fault(
          "args.invalid",
          `Only ${channelPrincipal(channel)} shows things there. \`notify.send\` is for everybody else.`,
        );
      const paired = pairedWith({ db: deps.reader, readObject: deps.readObject }, channel).find(
        ({ device }) => device.id === id,
      );
      if (!paired)
        throw new Fault("device.not-found", `No device ${id} is paired by ${channel}. \`mh channel list\` shows them.`);
      if (paired.host !== host)
        throw new Fault(
          "args.invalid",
          `The browser of ${paired.device.name} is reached by ${paired.host ?? channel}.`,
        );
      const messenger = await deps.open(channel, config);
      await expectBotOf(paired, messenger, signal);
      const to = { messenger, chat: paired.place.chat, timers: deps.timers, signal };
      const followed = follows === undefined ? undefined : deps.following(follows);
      if (follows !== undefined && !followed)
        throw new Fault("run.not-found", `The run ${follows} is not followed here any more.`);
      const { text: whole, message: begun } = followed
        ? await showWhileWritten(to, followed)
        : { text: given, message: undefined };
      const text = again ? `${againWords}\n\n${whole}` : whole;
      const buttons = asks && fitsButton(asks.approval) ? buttonRows(deps, paired, asks, config) : undefined;
      const about = asks?.approval ?? closes?.approval;
      const message = { text, ...(buttons && { buttons }), ...(about !== undefined && { about }) };
      const messages = await sendWhole(to, message, closes?.message ?? begun).catch((error: unknown) => {
        if (error instanceof MessengerTrouble && error.gone !== undefined) note({ notify: { gone: [error.gone] } });
        throw error;
      });
      const last = messages.at(-1) ?? "";
      const sent: Sent = {
        device: id,
        ...(answers !== undefined && { answers }),
        ...(asks && { card: { approval: asks.approval, message: last } }),
        ...(closes && { closed: closes.approval }),
      };
      note({ channel: sent });
      return { messages };
    },
  });
}

const againWords = "(Perhaps a second time: it is not known whether this arrived before.)";

/** A token that was put in another's place speaks for another bot: nobody paired with that one. */
async function expectBotOf({ place }: Paired, messenger: Display, signal: AbortSignal): Promise<void> {
  const { id } = await messenger.self(signal);
  if (id === place.bot) return;
  throw new Fault(
    "channel.failed",
    "The token is another bot's than the device was paired with. `mh channel pair` pairs it again.",
  );
}

function buttonRows(
  deps: ButtonDeps,
  paired: Paired,
  { mayApprove, ...asked }: { approval: string; hash: string; until: number; mayApprove: boolean },
  { daemon }: Config,
): MessengerText["buttons"] {
  const button = (verb: "approve" | "deny" | "stop", label: string) => ({
    label,
    ...buttonFor(deps, paired, { verb, ...asked }),
  });
  const answers = [...(mayApprove ? [button("approve", "Approve")] : []), button("deny", "Deny")];
  // A notification opens the page by itself, and has room for two.
  if (paired.channel === "webPush") return [answers];
  // No link leads into this machine's own network: a name that the owner gave it does.
  const card = daemon.hosts.length > 0 ? [{ label: "Open", url: cardAddress(daemon, asked.approval) }] : [];
  return [[...answers, ...card], [button("stop", "STOP everything")]];
}

/** Where the site shows a request, once the browser is signed in. */
const cardAddress = (daemon: Config["daemon"], approval: string): string =>
  `${daemonAddress(daemon)}#approval=${approval}`;

type To = { messenger: Display; chat: string; timers: Timers; signal: AbortSignal };

/** In the place of `first`, where that is given, and in more messages below it. Buttons stand under the last. */
async function sendWhole(
  { messenger, chat, timers, signal }: To,
  { text, buttons, about }: MessengerText,
  first: string | undefined,
): Promise<string[]> {
  const parts = partsOf(text.trim() === "" ? "(no words)" : text, messenger.textMax);
  const messages: string[] = [];
  for (const [at, part] of parts.entries()) {
    const message = { text: part, ...(at === parts.length - 1 && buttons && { buttons }), ...(about && { about }) };
    const edited = at === 0 ? first : undefined;
    const id = await patiently(timers, signal, async () => {
      if (edited === undefined) return messenger.send(chat, message, signal);
      await messenger.edit(chat, edited, message, signal);
      return edited;
    });
    messages.push(id);
  }
  return messages;
}

const triesMax = 4;
const firstPauseMs = 1_000;
const pauseMsMax = 60_000;

/**
 * Tries again what a messenger certainly did not take: it was busy, or wants to be left alone for a moment. A connection that
 * broke says nothing of what arrived: that is left to who knows whether to say it twice.
 */
async function patiently<T>(timers: Timers, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MessengerTrouble) || error.kind !== "busy" || tries >= triesMax) throw error;
      const pauseMs = error.retryMs ?? firstPauseMs * 2 ** tries;
      if (pauseMs > pauseMsMax) throw error;
      await pause(timers, pauseMs, signal);
    }
  }
}
