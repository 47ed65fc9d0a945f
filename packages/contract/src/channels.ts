// A messenger as a way to the owner and back: paired at home, and judged like every other surface.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { newDevice } from "./values/device.ts";
import { displayNames, messengerNames, refusalReasons, typedKinds } from "./values/messenger.ts";
import { deviceRoles } from "./values/role.ts";

const channel = () => z.enum(messengerNames).describe("The messenger");
const display = () => z.enum(displayNames).describe("The messenger, or `webPush`: the device's browser");
const update = () => z.int().nonnegative().describe("Number of what came, as the messenger counts");
/** The servers and tokens of messengers that the settings name. */
const permissions = { hosts: ["settings"], secrets: ["settings"] };

export const channelTest = defineContract({
  name: "channel.test",
  kind: "outside",
  title: "Ask a messenger who your bot is",
  input: () => z.strictObject({ channel: channel() }),
  output: () =>
    z.strictObject({ id: z.string().describe("Id of the bot"), name: z.string().describe("Its name there") }),
  examples: [{ title: "Whether the token is right", args: { channel: "telegram" } }],
  effects: ["admin"],
  permissions,
  retry: "safe",
  event: "channel.tested",
});

/** Gives a code, once: the first who sends it to the bot in a private chat, within ten minutes, is that device of the owner's. */
export const channelPair = defineContract({
  name: "channel.pair",
  kind: "admin",
  title: "Pair your phone with this home, by a messenger",
  input: () => z.strictObject({ channel: channel(), ...newDevice() }),
  output: () =>
    z.strictObject({
      id: z.string().describe("Id of the code"),
      code: z.string().describe("What is sent to the bot; given once"),
      expiresAt: z.string().describe("ISO 8601"),
      name: z.string().describe("Name of the device"),
    }),
  examples: [{ title: "A phone", args: { channel: "telegram", name: "phone" } }],
  control: ["name", "role"],
  undo: "mh device revoke",
  event: "channel.code-given",
});

/** A code came by the messenger. The daemon gives this, as you: the code is the proof. */
export const channelJoin = defineContract({
  name: "channel.join",
  kind: "admin",
  title: "Take in a device that sent its code",
  input: () =>
    z.strictObject({
      channel: channel(),
      bot: z.string().max(64).describe("Id of the bot that it was sent to"),
      chat: z.string().max(64).describe("The private chat that it came from"),
      sender: z.string().max(64).describe("Who sent it"),
      code: z.string().max(32).describe("The code, as it was sent"),
    }),
  output: () =>
    z.strictObject({
      end: z.enum(["paired", "wrong", "closed"]).describe("`closed`: no code waits, or too many were tried"),
      device: z.string().nullable().describe("Name of the device that was added"),
    }),
  examples: [
    {
      title: "What the daemon does",
      args: { channel: "telegram", bot: "1", chat: "2", sender: "2", code: "0000-0000" },
    },
  ],
  undo: "mh device revoke",
  event: "channel.joined",
});

/** What the owner typed is on disk before the messenger is told that it came. */
export const channelTake = defineContract({
  name: "channel.take",
  kind: "admin",
  title: "Take in what you typed on a paired device",
  input: () =>
    z.strictObject({
      channel: channel(),
      device: z.string().max(64).describe("Id of the device"),
      update: update(),
      what: z.enum(typedKinds).describe("What is to be done with it"),
      text: z.string().max(100_000).describe("The words"),
    }),
  output: () => z.strictObject({ id: z.string().describe("Id of what waits for an answer") }),
  examples: [
    {
      title: "A question",
      args: { channel: "telegram", device: "0199c1a2", update: 7, what: "say", text: "What is due?" },
    },
  ],
  event: "channel.taken",
});

/** Notes what came and counts as nobody's word, so that the log has it. */
export const channelRefuse = defineContract({
  name: "channel.refuse",
  kind: "admin",
  title: "Note what came by a channel and was refused",
  input: () =>
    z.strictObject({
      channel: display(),
      update: update(),
      reason: z.enum(refusalReasons).describe("Why it counts for nothing"),
      sender: z.string().max(64).optional().describe("Who sent it; the log holds a keyed hash of that"),
      count: z.int().positive().default(1).describe("How many of the kind this stands for"),
    }),
  output: () => z.strictObject({ reason: z.enum(refusalReasons) }),
  examples: [
    { title: "A message of an unknown sender", args: { channel: "telegram", update: 7, reason: "unknown sender" } },
  ],
  event: "channel.refused",
});

/**
 * Listens to a messenger for an hour: by long polling, so that no port is open. What comes becomes commands of their own; it
 * answers in fixed words that say nothing of the home. It is the owner's, as the socket is: STOP does not make it deaf.
 */
export const channelListen = defineContract({
  name: "channel.listen",
  kind: "outside",
  title: "Listen for you by a messenger",
  input: () => z.strictObject({ channel: channel() }),
  output: () =>
    z.strictObject({
      received: z.int().describe("How much came"),
      refused: z.int().describe("How much of it counted for nothing"),
    }),
  examples: [{ title: "What the daemon does", args: { channel: "telegram" } }],
  effects: ["admin"],
  permissions,
  retry: "safe",
  event: "channel.listened",
});

/** Shows something on a paired device: whole, in as many messages as it takes. */
export const channelSend = defineContract({
  name: "channel.send",
  kind: "outside",
  title: "Show you something on a paired device",
  input: () =>
    z.strictObject({
      channel: display(),
      host: z
        .string()
        .max(253)
        .optional()
        .describe("Of a browser: its push service, which is all that is reached; the grant names it"),
      device: z.string().max(64).describe("Id of the device: nobody else is ever sent anything"),
      text: z.string().max(400_000).default("").describe("What is shown"),
      again: z.boolean().default(false).describe("It may have been shown before, and says so"),
      follows: z.string().optional().describe("Id of a run whose answer is shown while it is written"),
      answers: z.string().optional().describe("Id of what the owner typed that this answers"),
      asks: z
        .strictObject({
          approval: z.string().describe("Its id"),
          hash: z.string().describe("Names the payload that is shown"),
          until: z.number().int().describe("How long its buttons count, milliseconds since 1970"),
          mayApprove: z.boolean().describe("It has a button to approve it"),
        })
        .optional()
        .describe("The approval request that it shows, with buttons that answer just that"),
      closes: z
        .strictObject({ approval: z.string().describe("Its id"), message: z.string().describe("Id of the message") })
        .optional()
        .describe("The request whose buttons it takes away, and the message that has them"),
    }),
  output: () => z.strictObject({ messages: z.array(z.string()).describe("Ids of the messages, in order") }),
  examples: [{ title: "A line", args: { channel: "telegram", device: "0199c1a2", text: "The backup is done" } }],
  effects: ["notify"],
  permissions: { hosts: ["settings", "judged"], secrets: ["settings", "mh.vapid"] },
  event: "channel.sent",
});

/**
 * A button of a notification was tapped. The daemon gives this, as you: what was tapped is bound to one answer, one request,
 * its payload, the device and a time, and the answer itself is a command of the device's.
 */
export const channelPress = defineContract({
  name: "channel.press",
  kind: "outside",
  title: "Take the tap on a button of a notification",
  input: () =>
    z.strictObject({
      device: z.string().max(64).describe("Id of the device that it was shown on"),
      press: z.string().max(64).describe("What the button carries"),
    }),
  output: () =>
    z.strictObject({
      isAccepted: z.boolean().describe("What the button stands for is done"),
      words: z.string().describe("How it ended, in a few words"),
    }),
  examples: [{ title: "What the daemon does", args: { device: "0199c1a2", press: "d.AZ" } }],
  effects: ["admin"],
  retry: "safe",
  event: "channel.pressed",
});

export const channelList = defineContract({
  name: "channel.list",
  kind: "query",
  title: "List channels, what is paired with them, and what they refused",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      channels: z.array(
        z.strictObject({
          channel: display(),
          isSetUp: z.boolean().describe("The settings name it"),
          state: z.string().describe("What it is doing, in words"),
          devices: z.array(
            z.strictObject({ id: z.string(), name: z.string(), role: z.enum(deviceRoles), addedAt: z.string() }),
          ),
          refused: z.array(
            z.strictObject({ reason: z.enum(refusalReasons), count: z.int(), lastAt: z.string().describe("ISO 8601") }),
          ),
        }),
      ),
    }),
  examples: [{ title: "All of them", args: {} }],
});
