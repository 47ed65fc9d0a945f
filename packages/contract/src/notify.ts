import { z } from "zod";
import { defineContract } from "./contract.ts";
import { channelNames, notificationSchema } from "./values/notification.ts";

/**
 * The servers of channels, as the settings name them, and their tokens; push services are chosen by the browsers of the
 * owner's devices, anywhere on the open Internet. The desktop's own program shows what goes there.
 */
const permissions = { hosts: ["settings", "*"], secrets: ["settings", "mh.vapid"], processes: true };

const instant = (what: string) => z.string().nullable().describe(what);

/**
 * Tells the owner something, on every channel that the settings name. In quiet hours only what is urgent goes out; the
 * rest is held, and `notify.flush` sends it when they are over. Done means that it went out somewhere, or is held.
 */
export const notifySend = defineContract({
  name: "notify.send",
  kind: "outside",
  title: "Tell you something, on your own channels",
  input: notificationSchema,
  output: () =>
    z.strictObject({
      held: instant("Until when it waits, ISO 8601; null where it went out"),
      deliveries: z
        .array(
          z.strictObject({
            channel: z.enum(channelNames).describe("The way it was tried"),
            device: z.string().optional().describe("Which of several devices"),
            how: z.enum(["sent", "failed"]).describe("How the try ended"),
            why: z.string().optional().describe("Why it failed"),
          }),
        )
        .describe("What was tried; nothing where it waits"),
    }),
  examples: [
    { title: "A line", args: { title: "The backup is done" } },
    { title: "What rings in quiet hours, too", args: { title: "Water in the cellar", urgency: "high" } },
  ],
  effects: ["notify"],
  permissions,
  control: ["url", "channel"],
  provenance: { types: { url: "url" } },
  pointers: { url: "it opens what stands at the address when you follow it" },
  event: "notify.accepted",
});

/** Sends what quiet hours held back. After a crash in the middle, what was being sent may ring a second time. */
export const notifyFlush = defineContract({
  name: "notify.flush",
  kind: "outside",
  title: "Send what quiet hours held back",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      sent: z.number().describe("How many went out"),
      failed: z.number().describe("Those that no channel took: they wait for the next time, a week at most"),
      lost: z.number().describe("Those that were given up, or whose text is gone"),
      waiting: z.number().describe("How many wait still"),
      until: instant("Until when it is quiet, ISO 8601; null where it is not"),
    }),
  examples: [{ title: "Whatever waits", args: {} }],
  effects: ["notify"],
  permissions,
  event: "notify.flushed",
});
