import { z } from "zod";

/** JSON Schema (2020-12) of what a schema takes, or gives: for OpenAPI, help, forms and a model's tool list. */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output" = "input"): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
