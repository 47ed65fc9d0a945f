import { z } from "zod";
import { once } from "../once.ts";
import { layers } from "../values/effect.ts";
import { layerReportSchema } from "../values/record.ts";

const faultSchema = once(() =>
  z.strictObject({
    code: z.string().describe("For programs, from a closed list, as in `memory.not-found`"),
    message: z.string().describe("For people: what happened, and the next step"),
  }),
);

/** What is answered where nothing was even tried. */
export const faultBodySchema = once(() => z.strictObject({ fault: faultSchema() }));

const commandId = once(() => z.string().describe("Id of the command"));
const message = once(() => z.string().describe("A sentence for people, with the next step"));

const refusalShape = once(() => ({
  id: commandId(),
  layer: z.enum(layers).describe("The layer of the policy that refused it"),
  reason: z.string().describe("Why, in a sentence"),
  rules: z.array(z.string()).describe("Ids of the rules that decided"),
  layers: z.array(layerReportSchema()).describe("What each layer said, in order"),
}));

/** How a command ended, as it goes over the wire. */
export const outcomeSchema = once(() =>
  z.discriminatedUnion("status", [
    z.strictObject({
      status: z.literal("done"),
      id: commandId(),
      value: z.json().describe("As the contract of the skill says"),
    }),
    z.strictObject({
      status: z.literal("repeated"),
      id: commandId(),
      reason: z.enum(["once", "expired"]).describe("`once`: given only once; `expired`: no longer kept"),
      message: message(),
    }),
    z.strictObject({ status: z.literal("denied"), ...refusalShape() }),
    z.strictObject({
      ...{ status: z.literal("parked"), ...refusalShape() },
      approval: z.string().describe("Id of the approval request that waits"),
      expiresAt: z.string().describe("ISO 8601; without an answer until then it is refused"),
    }),
    z.strictObject({ status: z.literal("failed"), id: commandId(), fault: faultSchema() }),
    z.strictObject({ status: z.literal("interrupted"), id: commandId(), message: message() }),
  ]),
);
