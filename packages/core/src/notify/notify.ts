import { notifyFlush, notifySend } from "@mh/contract/notify.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Notification, notificationOf, notificationSchema } from "@mh/contract/values/notification.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { quietUntil } from "../agents/scheduler/quiet-hours.ts";
import { defineOutside } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Channel, Delivery } from "../ports/channel.ts";
import type { Database } from "../ports/database.ts";
import { type HeldNotificationRow, heldNotifications, type Notified } from "./notifications-table.ts";
import { notifySettings } from "./settings.ts";

export interface NotifyDeps {
  channels: readonly Channel[];
  reader: Database;
  readObject: (name: string) => string | undefined;
  timeZone: () => string;
}

export function sendNotificationSkill(deps: NotifyDeps) {
  return defineOutside(notifySend, {
    stored: "kept",
    classify: ({ channel }, config) => ({ effect: "notify", risk: "low", scope: scopeOf(config, channel) }),
    async run(args, { commandId, config, now, signal, note, keep }) {
      const notification = notificationOf(commandId, args);
      const channels = chosen(deps.channels, config, args.channel);
      const quiet = quietUntil(config.quietHours, deps.timeZone(), now);
      if (quiet !== undefined && notification.urgency !== "high") {
        const until = new Date(quiet).toISOString();
        const object = keep(utf8.encode(JSON.stringify({ id: commandId, ...args })));
        note({ notify: { held: { object, until } } satisfies Notified });
        return { held: until, deliveries: [] };
      }
      const deliveries = await deliver(channels, notification, { config, signal });
      note({ notify: { channels: brief(deliveries), gone: goneOf(deliveries) } satisfies Notified });
      if (!deliveries.some(isSent)) throw allFailed(deliveries);
      return { held: null, deliveries: deliveries.map(told) };
    },
  });
}

const heldMsMax = 7 * 24 * 3_600_000;

export function flushNotificationsSkill(deps: NotifyDeps & { taken: Set<string> }) {
  const { taken } = deps;
  return defineOutside(notifyFlush, {
    stored: "kept",
    classify: (_args, config) => ({ effect: "notify", risk: "low", scope: scopeOf(config) }),
    async run(_args, { config, now, signal, note, drop }) {
      const held = heldNotifications(deps.reader).filter(({ id }) => !taken.has(id));
      const quiet = quietUntil(config.quietHours, deps.timeZone(), now);
      const ends = { sent: 0, failed: 0, lost: 0 };
      if (quiet !== undefined) return { ...ends, waiting: held.length, until: new Date(quiet).toISOString() };
      const released: string[] = [];
      const gone: string[] = [];
      let failure: Fault | undefined;
      for (const row of held) {
        if (signal.aborted || taken.has(row.id)) continue;
        taken.add(row.id);
        const end = await release(deps, row, { config, signal });
        gone.push(...end.gone);
        const isLost = end.how === "failed" && now - row.held_ms > heldMsMax;
        ends[isLost ? "lost" : end.how] += 1;
        if (end.how === "failed") failure = end.fault;
        if (end.how === "failed" && !isLost) taken.delete(row.id);
        else {
          released.push(row.id);
          drop(row.object);
        }
        // After each, so that STOP in the middle leaves in the log what was sent by then.
        note({ notify: { released, gone } satisfies Notified });
      }
      if (failure && ends.sent === 0) throw failure;
      return { ...ends, waiting: ends.failed, until: null };
    },
  });
}

type Release = { how: "sent" | "lost"; gone: string[] } | { how: "failed"; fault: Fault; gone: string[] };

async function release(
  deps: NotifyDeps,
  { id, object }: HeldNotificationRow,
  context: { config: Config; signal: AbortSignal },
): Promise<Release> {
  const text = deps.readObject(object);
  if (text === undefined) return { how: "lost", gone: [] };
  const { id: _id, ...args } = JSON.parse(text) as { id: string };
  const parsed = notificationSchema().parse(args);
  try {
    const channels = chosen(deps.channels, context.config, parsed.channel);
    const deliveries = await deliver(channels, notificationOf(id, parsed), context);
    const gone = goneOf(deliveries);
    return deliveries.some(isSent) ? { how: "sent", gone } : { how: "failed", fault: allFailed(deliveries), gone };
  } catch (error) {
    if (error instanceof Fault) return { how: "failed", fault: error, gone: [] };
    throw error;
  }
}

/** The channels that can be used; the one that was asked for. Throws `notify.no-channel` where there is none. */
function chosen(channels: readonly Channel[], config: Config, wanted: string | undefined): Channel[] {
  const asked = channels.filter(({ name }) => wanted === undefined || name === wanted);
  const ready = asked.filter((channel) => channel.missing(config) === undefined);
  if (ready.length > 0) return ready;
  const why = asked.map((channel) => `${channel.name}: ${channel.missing(config)}`).join("; ");
  const next =
    "`mh config edit` sets up a channel under notify (one written by hand waits for `mh review`), `mh help notifications` shows how";
  throw new Fault("notify.no-channel", `There is no channel to reach you by (${why}). ${next}.`);
}

/** On all of them at once: one that fails does not keep back the others. */
async function deliver(
  channels: readonly Channel[],
  given: Notification,
  context: { config: Config; signal: AbortSignal },
): Promise<Delivery[]> {
  const { title, body } = given;
  const notification = { ...given, title: visible(title), body: visible(body, { multiline: true }) };
  const tries = channels.map(async (channel): Promise<Delivery[]> => {
    try {
      return await channel.deliver(notification, context);
    } catch (error) {
      // Whoever asked can open them, and ask again: there is no other way to the owner.
      if (channels.length === 1 && error instanceof Fault && error.code === "secret.locked") throw error;
      const why = error instanceof Error ? error.message : String(error);
      return [{ channel: channel.name, how: "failed", why }];
    }
  });
  return (await Promise.all(tries)).flat();
}

const isSent = ({ how }: Delivery): boolean => how === "sent";
const told = ({ gone: _gone, ...delivery }: Delivery) => delivery;
const brief = (deliveries: readonly Delivery[]) => deliveries.map(({ channel, how }) => ({ channel, how }));
const goneOf = (deliveries: readonly Delivery[]) => deliveries.flatMap(({ gone }) => (gone ? [gone] : []));

function allFailed(deliveries: readonly Delivery[]): Fault {
  const what = deliveries.map(({ channel, device, why }) => `${device ? `${channel} to ${device}` : channel}: ${why}`);
  return new Fault("notify.failed", `Nothing took it. ${what.join(" ")} \`mh config edit\` corrects a channel.`);
}

/** The servers that the settings name. Where browsers are reached is known only when it is sent. */
function scopeOf(config: Config, channel?: string) {
  const { ntfy, pushover, signal } = notifySettings.of(config);
  const urls = {
    ntfy: ntfy?.url,
    pushover: pushover && (pushover.url ?? "https://api.pushover.net"),
    signal: signal?.url,
  };
  const used = Object.entries(urls).flatMap(([name, url]) => (url && (!channel || channel === name) ? [url] : []));
  const hosts = [...new Set(used.map((url) => new URL(url).hostname.toLowerCase()))];
  return hosts.length > 0 ? { hosts } : {};
}
