import type { Answered, AskedField, AskedPart } from "@mh/contract/values/question.ts";
import { z } from "zod";

const nameMax = 100;
const textMax = 2_000;
const saysMax = 8_000;

const titled = z.object({ const: z.string().max(nameMax * 2), title: z.string().max(textMax) });
const words = z.array(z.string().max(nameMax * 2)).max(200);
/** The fields that a server may ask for: flat, of plain types (MCP, `PrimitiveSchemaDefinition`). */
const fieldSchema = z.object({
  type: z.enum(["string", "number", "integer", "boolean", "array"]),
  title: z.string().max(textMax).default(""),
  description: z.string().max(textMax).default(""),
  default: z.union([z.string().max(textMax), z.number(), z.boolean(), words]).optional(),
  format: z.enum(["email", "uri", "date", "date-time"]).optional(),
  enum: words.optional(),
  enumNames: words.optional(),
  oneOf: z.array(titled).max(200).optional(),
  items: z.object({ enum: words.optional(), anyOf: z.array(titled).max(200).optional() }).optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
});

const formSchema = z.object({
  mode: z.literal("form").default("form"),
  message: z.string().max(saysMax),
  requestedSchema: z.object({
    properties: z.record(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/), fieldSchema),
    required: z.array(z.string().max(nameMax)).max(50).default([]),
  }),
});
const urlSchema = z.object({
  mode: z.literal("url"),
  message: z.string().max(saysMax),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
});

/**
 * What a server asks the owner, from its requests by their keys. Throws an `Error` with a clause where it asks for what
 * is offered to nobody (a model, folders), or in a way that cannot be shown whole.
 */
export function readQuestion(requests: Record<string, unknown>): AskedPart[] {
  const entries = Object.entries(requests);
  if (entries.length > 10) throw new Error("it asks more at once than can be shown");
  return entries.map(([key, request]) => {
    const { method, params } = (request ?? {}) as { method?: unknown; params?: unknown };
    if (method !== "elicitation/create") throw new Error(`it asks for ${offered(method)}, which mh gives to no server`);
    if (key.length > nameMax) throw new Error("it asks in a way that cannot be shown");
    const url = urlSchema.safeParse(params);
    if (url.success) return { key, says: url.data.message, url: url.data.url, fields: [] };
    const form = formSchema.safeParse(params);
    if (!form.success) throw new Error("it asks in a way that cannot be shown whole");
    const { message, requestedSchema } = form.data;
    const { properties, required } = requestedSchema;
    const fields = Object.entries(properties).map(([name, field]) => fieldOf(name, field, required.includes(name)));
    return { key, says: message, fields };
  });
}

const offered = (method: unknown): string =>
  method === "sampling/createMessage" ? "a model" : method === "roots/list" ? "your folders" : "something else";

function fieldOf(name: string, field: z.output<typeof fieldSchema>, isRequired: boolean): AskedField {
  const { title, description, format } = field;
  const choices = choicesOf(field);
  const type = typeOf(field, choices);
  const min = field.minLength ?? field.minimum ?? field.minItems;
  const max = field.maxLength ?? field.maximum ?? field.maxItems;
  return {
    ...{ name, title, description, type, isRequired },
    ...(field.default !== undefined && { default: field.default }),
    ...(format && { format }),
    ...(choices.length > 0 && { choices }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

function choicesOf(field: z.output<typeof fieldSchema>): NonNullable<AskedField["choices"]> {
  const of = field.type === "array" ? field.items : { enum: field.enum, anyOf: field.oneOf };
  if (of?.anyOf) return of.anyOf.map((each) => ({ value: each.const, title: each.title }));
  return (of?.enum ?? []).map((value, at) => ({ value, title: field.enumNames?.[at] ?? value }));
}

function typeOf({ type }: z.output<typeof fieldSchema>, choices: readonly unknown[]): AskedField["type"] {
  if (type === "array") {
    if (choices.length === 0) throw new Error("it asks for a list of whatever you like, which cannot be shown");
    return "choices";
  }
  if (type !== "string") return type;
  return choices.length > 0 ? "choice" : "text";
}

/** The answer as the protocol has it, for one part. */
export function elicitResult(
  { isAccepted, values }: Answered,
  part: Pick<AskedPart, "key" | "url">,
): Record<string, unknown> {
  if (!isAccepted) return { action: "decline" };
  return { action: "accept", ...(part.url === undefined && { content: values[part.key] ?? {} }) };
}
