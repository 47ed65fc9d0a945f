import { z } from "zod";

/** JSON Schema (2020-12) of what a schema takes: for OpenAPI, help, forms and a model's tool list. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}
