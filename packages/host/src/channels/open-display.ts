import type { OpenDisplay } from "@mh/core/channels/send.ts";
import { messengers } from "./open-messenger.ts";
import { type PushDisplayParts, pushDisplay } from "./push-display.ts";

/** What shows things on the owner's devices: by a messenger, or by the push service of a browser. */
export function displays(parts: PushDisplayParts): OpenDisplay {
  const open = messengers(parts);
  return async (channel, config) => (channel === "webPush" ? pushDisplay(parts, config) : open(channel, config));
}
