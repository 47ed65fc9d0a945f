import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { newDevice } from "./values/device.ts";
import { subscriptionSchema } from "./values/push.ts";
import { deviceRoles } from "./values/role.ts";

const which = (of: string) =>
  z.string().min(1).max(64).describe(`Name of ${of}, its id, or the beginning or end of that`);

const changed = () =>
  z.strictObject({ id: z.string().describe("Id of the device"), name: z.string().describe("Its name") });

/**
 * Adds a device, which acts as the owner by a channel of its own. The token is given once: the log has its hash, and
 * nothing has the token.
 */
export const deviceAdd = defineContract({
  name: "device.add",
  kind: "admin",
  title: "Add one of your devices",
  input: () => z.strictObject(newDevice()),
  output: () =>
    z.strictObject({
      id: z.string().describe("Id of the device"),
      name: z.string().describe("Its name"),
      token: z.string().describe("Whoever has it is the owner; given once"),
      address: z.string().describe("Where the device reaches the daemon"),
    }),
  examples: [{ title: "A phone", args: { name: "phone" } }],
  control: ["name", "role"],
  undo: "mh device revoke",
  event: "device.added",
  subjects: { device: "id" },
});

/** What the holder of a token did, and what stands of it when the token is taken back. */
export const leftBehindSchema = once(() =>
  z.strictObject({
    principal: z.string().describe("As whom it acted; the log and `mh history --agent` know it so"),
    did: z
      .array(z.strictObject({ skill: z.string().describe("What it did"), count: z.int().describe("How often") }))
      .describe("What it changed, most often first; that stands until you undo it"),
    waiting: z.int().describe("How many of its approval requests still wait for an answer"),
  }),
);
export type LeftBehind = z.infer<ReturnType<typeof leftBehindSchema>>;

/** Its token is worth nothing from here on, and what it has under way is ended. What it changed stands, and is named. */
export const deviceRevoke = defineContract({
  name: "device.revoke",
  kind: "admin",
  recovery: true,
  title: "Shut one of your devices out",
  input: () => z.strictObject({ device: which("the device") }),
  output: () => changed().extend({ left: leftBehindSchema().optional() }),
  examples: [{ title: "A phone that was lost", args: { device: "phone" } }],
  control: ["device"],
  undo: "mh device add",
  event: "device.revoked",
  subjects: { device: "id" },
});

export const deviceViewSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the device"),
    name: z.string().describe("Its name"),
    addedAt: z.string().describe("ISO 8601"),
    revokedAt: z.string().nullable().describe("ISO 8601; null where it may come in"),
    role: z.enum(deviceRoles).describe("What it may do"),
    isSubscribed: z.boolean().describe("Whether it gets notifications"),
    saysWhat: z.boolean().describe("Its notifications say what an approval request asks, on a locked screen as well"),
    isThis: z.boolean().describe("It is the one that asks"),
    hasPasskey: z.boolean().describe("Whether it has a passkey, which a high-risk approval then needs"),
  }),
);
export type DeviceView = z.infer<ReturnType<typeof deviceViewSchema>>;

export const deviceList = defineContract({
  name: "device.list",
  kind: "query",
  recovery: true,
  title: "List your devices",
  input: () =>
    z.strictObject({
      all: z.boolean().optional().describe("Also those that were revoked; only those that may come in where left out"),
    }),
  output: () => z.strictObject({ devices: z.array(deviceViewSchema()).describe("The longest known first") }),
  examples: [
    { title: "Those that may come in", args: {} },
    { title: "Revoked ones, too", args: { all: true } },
  ],
});

const aSubscription = {
  endpoint: "https://push.example/1",
  keys: { p256dh: "A".repeat(87), auth: "A".repeat(22) },
};

/** From here on, notifications reach a device's browser. A device speaks for itself alone. */
export const deviceSubscribe = defineContract({
  name: "device.subscribe",
  kind: "admin",
  title: "Send notifications to one of your devices",
  input: () =>
    z.strictObject({
      device: which("the device"),
      subscription: subscriptionSchema().describe("What the browser's PushSubscription.toJSON() gives"),
      words: z
        .boolean()
        .default(false)
        .describe("Notifications say what is asked, on a locked screen as well; else only that something is"),
    }),
  output: changed,
  examples: [{ title: "A phone's browser", args: { device: "phone", subscription: aSubscription } }],
  control: ["device"],
  undo: "mh device revoke",
  event: "device.subscribed",
  subjects: { device: "id" },
});

export const deviceUnsubscribe = defineContract({
  name: "device.unsubscribe",
  kind: "admin",
  title: "Send no more notifications to one of your devices",
  input: () => z.strictObject({ device: which("the device") }),
  output: changed,
  examples: [{ title: "A phone", args: { device: "phone" } }],
  control: ["device"],
  event: "device.unsubscribed",
  subjects: { device: "id" },
});

/** Gives the public key that a browser subscribes with (`applicationServerKey`); the pair is made at first use. */
export const deviceKey = defineContract({
  name: "device.key",
  kind: "outside",
  title: "Give the key that a browser subscribes with",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ publicKey: z.string().describe("65 bytes in base64url (RFC 8292)") }),
  examples: [{ title: "The key", args: {} }],
  effects: ["admin"],
  permissions: { secrets: ["mh.vapid"] },
  retry: "safe",
  event: "device.key-given",
});
