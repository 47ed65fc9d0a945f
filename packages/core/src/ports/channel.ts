import type { ChannelName, Notice } from "@mh/contract/values/notice.ts";
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

/** A way to the owner. Throws a `Fault` where the notice was not taken; no message quotes a secret. */
export interface Channel {
  name: ChannelName;
  /** What is missing before it can be used; undefined where nothing is. */
  missing(config: Config): string | undefined;
  deliver(notice: Notice, context: { config: Config; signal: AbortSignal }): Promise<Delivery[]>;
}
