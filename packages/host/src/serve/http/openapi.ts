import { OpenAPIHono } from "@hono/zod-openapi";
import type { Skill } from "@mh/core/kernel/skill.ts";
import { z } from "zod";
import { commandRequestSchema, eventSchema, faultBodySchema, healthSchema, outcomeSchema } from "./schemas.ts";

type Schema = Record<string, unknown>;
type Content = Record<string, { schema: Schema }>;

/** What can be asked over HTTP, as OpenAPI 3.1: from the same schemas that requests are read with. */
export function openApi(skills: readonly Skill[], version: string): unknown {
  const document = new OpenAPIHono();
  const { openAPIRegistry: registry } = document;
  const component = (name: string, schema: z.ZodType): Schema => {
    registry.registerComponent("schemas", name, schemaOf(schema));
    return reference(name);
  };
  const outcome = json(component("Outcome", outcomeSchema));
  const fault = json(component("Fault", faultBodySchema));
  component("Event", eventSchema);
  for (const { contract } of skills) {
    component(`${contract.name}.input`, contract.input);
    component(`${contract.name}.output`, contract.output);
  }
  const security = [{ bearer: [] }];
  registry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });

  const asking = (path: string, summary: string, allowed: readonly Skill[]) =>
    registry.registerPath({
      method: "post",
      path,
      summary,
      security,
      request: { body: { required: true, content: json({ oneOf: allowed.map(requestOf) }) } },
      responses: {
        200: { description: "Done", content: outcome },
        202: { description: "Waits for the owner's approval", content: outcome },
        403: { description: "Denied by a rule, or asked by a page of another site", content: eitherOf(outcome, fault) },
        default: { description: "Failed, or could not be asked", content: eitherOf(outcome, fault) },
      },
    });
  asking("/v1/command", "Do something", skills);
  asking(
    "/v1/query",
    "Read something",
    skills.filter(({ kind }) => kind === "query"),
  );

  const reading = (path: string, summary: string, content: Content, more: object = {}) =>
    registry.registerPath({
      method: "get",
      path,
      summary,
      security,
      responses: { 200: { description: "Here it is", content }, default: { description: "Refused", content: fault } },
      ...more,
    });
  reading(
    "/v1/events",
    "Events as they happen",
    { "text/event-stream": { schema: reference("Event") } },
    { parameters },
  );
  reading("/health", "Whether it runs", json(component("Health", healthSchema)), { security: [] });
  reading("/metrics", "What was counted", { "text/plain": { schema: { type: "string" } } });
  return document.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "mh", version } });
}

const parameters = [
  { name: "after", in: "query", description: "Number of the last event seen; -1 for all", schema: { type: "integer" } },
  { name: "Last-Event-ID", in: "header", description: "The same; stands before `after`", schema: { type: "integer" } },
];

/** A command of one skill, with its own arguments. */
function requestOf({ contract }: Skill): Schema {
  const { properties } = schemaOf(commandRequestSchema) as { properties: Schema };
  return {
    type: "object",
    description: contract.title,
    required: ["skill"],
    additionalProperties: false,
    properties: { ...properties, skill: { const: contract.name }, args: reference(`${contract.name}.input`) },
  };
}

function schemaOf(schema: z.ZodType): Schema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}

const reference = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Schema): Content => ({ "application/json": { schema } });
const eitherOf = (...contents: readonly Content[]): Content =>
  json({ oneOf: contents.map((content) => content["application/json"]?.schema) });
