import { z } from "zod";
import { once } from "../once.ts";

/** How servers of models are spoken to. */
export const modelKinds = ["ollama", "openai-compatible", "openai", "anthropic"] as const;
export type ModelKind = (typeof modelKinds)[number];

/** What becomes of a request: it stays on this machine, it leaves it, or it leaves it and is paid for. */
export const modelReaches = ["local", "send", "spend"] as const;
export type ModelReach = (typeof modelReaches)[number];

export const modelNameSchema = z
  .string()
  .regex(/^[a-z0-9][\w.-]{0,63}$/i, "a name is letters, digits, dots and dashes");

const schema = once(() => z.record(z.string(), z.json()));

export const modelCallSchema = once(() =>
  z.strictObject({
    id: z.string().max(200).describe("Names the call in the message that answers it"),
    name: z.string().max(200).describe("The tool"),
    args: schema().describe("Its arguments, as the model wrote them"),
  }),
);

export const modelMessageSchema = once(() =>
  z.discriminatedUnion("role", [
    z.strictObject({
      role: z.enum(["system", "user"]).describe("Who speaks"),
      text: z.string().describe("What is said"),
    }),
    z.strictObject({
      role: z.literal("assistant").describe("The model itself, earlier"),
      text: z.string().describe("What it said"),
      calls: z.array(modelCallSchema()).max(100).optional().describe("The tools that it wanted called"),
    }),
    z.strictObject({
      role: z.literal("tool").describe("What a call gave"),
      call: z.string().max(200).describe("Id of the call"),
      name: z.string().max(200).describe("The tool"),
      text: z.string().describe("Its answer"),
    }),
  ]),
);

export const modelToolSchema = once(() =>
  z.strictObject({
    name: z
      .string()
      .regex(/^[\w-]{1,64}$/, "a tool's name is letters, digits, _ and -")
      .describe("Its name"),
    description: z.string().max(2_000).describe("What it does"),
    input: schema().describe("JSON Schema of its arguments"),
  }),
);

/** A model as the settings name it. */
export const modelViewSchema = once(() =>
  z.strictObject({
    name: z.string().describe("Its name in the settings"),
    kind: z.enum(modelKinds).describe("How its server is spoken to"),
    model: z.string().describe("Its name at the server"),
    url: z.string().describe("Where the server is"),
    contextTokens: z.number().int().describe("How much it reads at once, in tokens"),
    embeds: z.boolean().describe("It makes vectors, and is not asked to talk"),
    price: z
      .strictObject({ input: z.number(), output: z.number(), currency: z.string() })
      .nullable()
      .describe("For a million tokens that it reads and writes, in units of the currency; null where it costs nothing"),
    secret: z.string().nullable().describe("Name of the secret that holds its key; null where it needs none"),
    reach: z
      .enum(modelReaches)
      .describe("What becomes of a request: it stays here, leaves this machine, or is paid for, too"),
    off: z.string().nullable().describe("Why it is not used; null where it is"),
  }),
);
export type ModelView = z.infer<ReturnType<typeof modelViewSchema>>;
