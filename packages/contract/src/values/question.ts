import { z } from "zod";
import { once } from "../once.ts";

/** A value that is asked for, as its asker describes it: untrusted words, bounded. */
export const askedFieldSchema = once(() =>
  z.strictObject({
    name: z.string().describe("By which it is answered"),
    title: z.string(),
    description: z.string(),
    type: z.enum(["text", "number", "integer", "boolean", "choice", "choices"]),
    isRequired: z.boolean(),
    default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
    format: z.enum(["email", "uri", "date", "date-time"]).optional(),
    choices: z
      .array(z.strictObject({ value: z.string(), title: z.string() }))
      .max(200)
      .optional(),
    min: z.number().optional().describe("Of a text its length, of choices their number"),
    max: z.number().optional(),
  }),
);
export type AskedField = z.infer<ReturnType<typeof askedFieldSchema>>;

/** One thing that is asked: values, or that the owner opens an address. */
export const askedPartSchema = once(() =>
  z.strictObject({
    key: z.string().describe("By which the asker knows it"),
    says: z.string().describe("Whole, in the asker's words"),
    url: z.string().optional().describe("What the owner is asked to open; nothing here opens it"),
    fields: z.array(askedFieldSchema()).max(50),
  }),
);
export type AskedPart = z.infer<ReturnType<typeof askedPartSchema>>;

/**
 * What a command that was let run needs to know of the owner before it can go on. It waits for the answer as an approval
 * request does, and goes on with it as the same command.
 */
export const questionSchema = once(() =>
  z.strictObject({
    by: z.string().describe("Whose words these are, as in `mcp:files`"),
    parts: z.array(askedPartSchema()).max(10),
    state: z.string().describe("What the skill needs to go on; opaque"),
  }),
);
export type Question = z.infer<ReturnType<typeof questionSchema>>;

export const answerValuesSchema = once(() =>
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
);
export type AnswerValues = z.infer<ReturnType<typeof answerValuesSchema>>;

/** The owner's answer to a question. */
export interface Answered {
  isAccepted: boolean;
  /** By part and field; nothing where it was declined. */
  values: Record<string, AnswerValues>;
  state: string;
}
