import { OpenAPIHono } from "@hono/zod-openapi";
import { jsonSchemaOf } from "@mh/contract/json-schema.ts";
import { eventSchema } from "@mh/contract/wire/event.ts";
import { faultBodySchema, outcomeSchema } from "@mh/contract/wire/outcome.ts";
import { runProgressSchema } from "@mh/contract/wire/progress.ts";
import { commandRequestSchema, followerSchema } from "@mh/contract/wire/request.ts";
import { begunSchema, runStateSchema } from "@mh/contract/wire/run.ts";
import { verdictSchema } from "@mh/contract/wire/verdict.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import type { z } from "zod";
import {
  acknowledgedSchema,
  acknowledgeSchema,
  challengeRequestSchema,
  challengeSchema,
  eventsQuerySchema,
  healthSchema,
  pressedSchema,
  pressSchema,
  runQuerySchema,
  sessionRequestSchema,
  sessionSchema,
} from "./schemas.ts";

type Schema = Record<string, unknown>;
type Content = Record<string, { schema: Schema }>;

/** What can be asked over HTTP, as OpenAPI 3.1: from the same schemas that requests are read with. */
export function openApi(skills: readonly Skill[], version: string): unknown {
  const document = new OpenAPIHono();
  const { openAPIRegistry: registry } = document;
  const component = (name: string, schema: z.ZodType): Schema => {
    for (const [each, written] of componentsOf(name, schema)) registry.registerComponent("schemas", each, written);
    return reference(name);
  };
  const outcome = json(component("Outcome", outcomeSchema()));
  const fault = json(component("Fault", faultBodySchema()));
  component("Event", eventSchema());
  for (const { contract } of skills) {
    component(`${contract.name}.input`, contract.input);
    component(`${contract.name}.output`, contract.output);
  }
  const security = [{ bearer: [] }];
  registry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });

  const path = (method: "get" | "post" | "delete", at: string, summary: string, more: Described) => {
    const { request, answers, parameters = [], isOpen = false } = more;
    registry.registerPath({
      ...{ method, path: at, summary, ...(!isOpen && { security }), ...(parameters.length > 0 && { parameters }) },
      ...(request && { request: { body: { required: true, content: request } } }),
      responses: {
        ...answers,
        default: answers.default ?? { description: "Failed, or could not be asked", content: fault },
      },
    });
  };
  const ended = {
    200: { description: "Done", content: outcome },
    403: { description: "Denied by a rule, or asked by a page of another site", content: eitherOf(outcome, fault) },
    default: { description: "Failed, or could not be asked", content: eitherOf(outcome, fault) },
  };
  const waits = "Waits for the owner's approval";
  const begun = json(component("Begun", begunSchema()));
  path("post", "/v1/command", "Do something. Closing the connection cancels it, unless it is detached", {
    request: json({ oneOf: skills.map(requestOf) }),
    parameters: [prefer],
    answers: {
      ...ended,
      202: {
        description: `${waits}; or it has begun, where the request preferred that`,
        content: eitherOf(outcome, begun),
      },
    },
  });
  path("post", "/v1/query", "Read something", {
    request: json({ oneOf: skills.filter(({ kind }) => kind === "query").map(requestOf) }),
    parameters: [prefer],
    answers: { ...ended, 202: { description: waits, content: eitherOf(outcome, begun) } },
  });
  path("post", "/v1/check", "What the judge would say; nothing runs and nothing is recorded", {
    request: json({ oneOf: skills.map(requestOf) }),
    answers: { 200: { description: "The verdict", content: json(component("Verdict", verdictSchema())) } },
  });
  const state = json(component("Run", runStateSchema()));
  path("get", "/v1/runs/{id}", "How far a run is, or how it ended", {
    parameters: [runId, ...parametersOf(runQuerySchema)],
    answers: { 200: { description: "As it stands", content: state } },
  });
  path("delete", "/v1/runs/{id}", "Cancel a run, if it can still be ended", {
    parameters: [runId],
    answers: {
      200: { description: "It was over already", content: state },
      202: { description: "It was told to end", content: state },
    },
  });
  component("Progress", runProgressSchema());
  path("get", "/v1/events", "Events as they happen, and with `progress` how far runs are", {
    parameters: [...parametersOf(eventsQuerySchema), lastEventId],
    answers: {
      200: {
        description: "Events with their number as `id`; `run.progress` without one: it is never sent again",
        content: { "text/event-stream": { schema: { oneOf: [reference("Event"), reference("Progress")] } } },
      },
    },
  });
  path("post", "/v1/followers/{name}", "Say up to where a follower has seen to events", {
    request: json(component("Acknowledge", acknowledgeSchema)),
    parameters: [{ name: "name", in: "path", required: true, schema: jsonSchemaOf(followerSchema()) }],
    answers: { 200: { description: "Its cursor", content: json(component("Acknowledged", acknowledgedSchema)) } },
  });
  path("post", "/v1/session", "Sign a browser in by the code of a link of `mh open`, or renew its session", {
    request: json(component("SessionRequest", sessionRequestSchema)),
    isOpen: true,
    answers: { 200: { description: "Signed in", content: json(component("Session", sessionSchema)) } },
  });
  path("post", "/v1/challenge", "Ask for a challenge that a passkey answers", {
    request: json(component("ChallengeRequest", challengeRequestSchema)),
    isOpen: true,
    answers: {
      200: { description: "What the browser is asked", content: json(component("Challenge", challengeSchema)) },
    },
  });
  path("post", "/v1/press", "Take the tap on a button of a notification", {
    request: json(component("Press", pressSchema)),
    isOpen: true,
    answers: {
      200: { description: "The request is answered", content: json(component("Pressed", pressedSchema)) },
      409: { description: "The answer was refused; `words` says why", content: json(reference("Pressed")) },
    },
  });
  const here = "Here it is";
  const health = json(component("Health", healthSchema));
  path("get", "/health", "Whether it runs", { isOpen: true, answers: { 200: { description: here, content: health } } });
  path("get", "/metrics", "What was counted", {
    answers: { 200: { description: here, content: { "text/plain": { schema: { type: "string" } } } } },
  });
  return document.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "mh", version } });
}

interface Described {
  request?: Content;
  parameters?: Parameter[];
  answers: Record<string, { description: string; content: Content }>;
  /** Needs no token. */
  isOpen?: boolean;
}

type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema: Schema;
};

const runId: Parameter = {
  ...{ name: "id", in: "path", required: true, description: "The id of its command" },
  schema: { type: "string", format: "uuid" },
};
const prefer: Parameter = {
  ...{ name: "Prefer", in: "header", schema: { type: "string" } },
  description: "`respond-async` (RFC 7240): answer at once with 202 and where the run is",
};
const lastEventId: Parameter = {
  ...{ name: "Last-Event-ID", in: "header", schema: { type: "integer" } },
  description: "The same as `after`, and stands before it",
};

function parametersOf(schema: z.ZodObject): Parameter[] {
  const { properties } = jsonSchemaOf(schema) as { properties: Record<string, Schema> };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    ...{ name, in: "query" as const, schema: rest },
    ...(typeof description === "string" && { description }),
  }));
}
/** A command of one skill, with its own arguments. */
function requestOf({ contract }: Skill): Schema {
  const { properties } = jsonSchemaOf(commandRequestSchema()) as { properties: Schema };
  return {
    type: "object",
    description: contract.title,
    // Which arguments are paths, addresses, amounts: a form offers the fitting field.
    ...(contract.provenance?.types && { "x-types": contract.provenance.types }),
    required: ["skill"],
    additionalProperties: false,
    properties: { ...properties, skill: { const: contract.name }, args: reference(`${contract.name}.input`) },
  };
}

/** A schema and those that it defines inside itself, each as a component: the whole document is one place for references. */
function componentsOf(name: string, schema: z.ZodType): [string, Schema][] {
  const { $defs = {}, ...whole } = jsonSchemaOf(schema) as Schema & { $defs?: Record<string, Schema> };
  const all = [
    [name, whole] as const,
    ...Object.entries($defs).map(([key, each]) => [`${name}.${key}`, each] as const),
  ];
  const moved = JSON.stringify(all).replaceAll('"#/$defs/', `"#/components/schemas/${name}.`);
  return JSON.parse(moved) as [string, Schema][];
}

const reference = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Schema): Content => ({ "application/json": { schema } });
const eitherOf = (...contents: readonly Content[]): Content =>
  json({ oneOf: contents.map((content) => content["application/json"]?.schema) });
