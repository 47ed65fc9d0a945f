import { credentialSchema } from "@mh/contract/values/passkey.ts";
import { cursorSchema, followerSchema } from "@mh/contract/wire/request.ts";
import { z } from "zod";

const cursorInUrl = z
  .string()
  .regex(/^(-1|\d{1,15})$/, "`after` is the number of an event, or -1")
  .transform(Number);

/** Parameters of `GET /v1/events`. */
export const eventsQuerySchema = z.strictObject({
  after: cursorInUrl.optional().describe("Number of the last event seen; -1 for all that there ever were"),
  follower: followerSchema().optional().describe("Resumes after what was acknowledged under this name"),
  pattern: z.string().max(200).optional().describe("Names of the events wanted, as `memory.*`; all without it"),
  progress: z.literal("true").optional().describe("Events named `run.progress` say how far runs are"),
});

/** Body of `POST /v1/followers/:name`. */
export const acknowledgeSchema = z.strictObject({
  after: cursorSchema().describe("Number of the last event that was seen to"),
});
export const acknowledgedSchema = z.strictObject({
  follower: followerSchema().describe("Its name"),
  after: cursorSchema().describe("Up to where it has seen to everything by now"),
});

const waitSecondsMax = 60;
/** Parameters of `GET /v1/runs/:id`. */
export const runQuerySchema = z.strictObject({
  wait: z
    .string()
    .regex(/^\d{1,2}$/, "`wait` is a number of seconds")
    .transform(Number)
    .refine((seconds) => seconds <= waitSecondsMax, `\`wait\` is at most ${waitSecondsMax} seconds`)
    .optional()
    .describe(`Seconds to wait for its end, at most ${waitSecondsMax}; none without it`),
});

export const healthSchema = z.strictObject({
  status: z.literal("ok").describe("Always"),
  version: z.string().describe("Of mh"),
  rules: z
    .literal("trouble")
    .optional()
    .describe("Only where files of rules cannot be taken or the policy engine stopped; `mh doctor` says which"),
});

/** Body of `POST /v1/session`. */
export const sessionRequestSchema = z.strictObject({
  code: z
    .string()
    .max(200)
    .optional()
    .describe("Of a link of `mh open`; without it, the session that it carries is renewed"),
  passkey: credentialSchema().optional().describe("Or a passkey's answer to a challenge, which signs its device in"),
});

/** Body of `POST /v1/challenge`. */
export const challengeRequestSchema = z.discriminatedUnion("for", [
  z.strictObject({ for: z.literal("sign-in").describe("To sign a device in") }),
  z.strictObject({ for: z.literal("add").describe("To add a passkey to the device that asks") }),
  z.strictObject({
    for: z.literal("approve").describe("To approve one request"),
    approval: z.string().max(100).describe("Its whole id"),
    hash: z.string().max(128).describe("Names the payload that was shown"),
  }),
]);
export const challengeSchema = z.strictObject({
  challenge: z.string().describe("Random, base64url; it may be answered once, within five minutes"),
  rpId: z.string().describe("The name of the site that passkeys hold for"),
  device: z.strictObject({ id: z.string(), name: z.string() }).optional().describe("The device that asks"),
  passkey: z.string().optional().describe("Id of the passkey that the device has"),
});

export const sessionSchema = z.strictObject({
  token: z.string().describe("For `Authorization: Bearer`"),
  until: z.string().describe("ISO 8601; it may be renewed before"),
});

/** Body of `POST /v1/press`. */
export const pressSchema = z.strictObject({
  device: z.string().max(64).describe("Id of the device that the notification was shown on"),
  press: z.string().max(64).describe("What its button carries"),
});
export const pressedSchema = z.strictObject({ words: z.string().describe("How it ended, in a few words") });
