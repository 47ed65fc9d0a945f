import type { ChannelName, Notification } from "@mh/contract/values/notification.ts";
import type { Config } from "../model/config.ts";

/** How one try to reach the owner ended. */
export interface Delivery {
  channel: ChannelName;
  /** Which of several devices. */
  device?: string | undefined;
  how: "sent" | "failed";
  why?: string | undefined;
  /** The object of a subscription that its push service does not know any more. */
  gone?: string | undefined;
}

/** A way to the owner. Throws a `Fault` where the notification was not taken; no message quotes a secret. */
export interface Channel {
  name: ChannelName;
  /** What is missing before it can be used; undefined where nothing is. */
  missing(config: Config): string | undefined;
  deliver(notification: Notification, context: { config: Config; signal: AbortSignal }): Promise<Delivery[]>;
}
