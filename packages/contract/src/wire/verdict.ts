import { z } from "zod";
import { once } from "../once.ts";
import { layers, verdicts } from "../values/effect.ts";
import { layerReportSchema } from "../values/record.ts";

/** What the judge says of a command, or would say. */
export const verdictSchema = once(() =>
  z.strictObject({
    verdict: z.enum(verdicts).describe("`ask`: a person must approve it first"),
    layer: z.enum(layers).describe("The first layer that gave the verdict"),
    layers: z.array(layerReportSchema()).describe("What each layer said and why, in order"),
    rules: z.array(z.string()).describe("Ids of the rules that decided"),
    policyHash: z.string().describe("Names the rules that were in force"),
  }),
);
export type CheckedVerdict = z.infer<ReturnType<typeof verdictSchema>>;
