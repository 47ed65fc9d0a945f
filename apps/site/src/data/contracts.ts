import type { FieldSchema, Offered } from "./offered.ts";
import { sessionToken } from "./session.ts";

interface Document {
  paths: {
    "/v1/command": { post: { requestBody: { content: { "application/json": { schema: { oneOf: Listed[] } } } } } };
  };
  components: { schemas: Record<string, FieldSchema> };
}
interface Listed {
  description: string;
  "x-types"?: Record<string, string>;
  properties: { skill: { const: string } };
}

let offered: Promise<Offered[]> | undefined;

/** Every skill that there is, those of third parties included, from the contracts as the daemon publishes them. */
export function contracts(): Promise<Offered[]> {
  offered ??= read().catch((error: unknown) => {
    offered = undefined;
    throw error;
  });
  return offered;
}

async function read(): Promise<Offered[]> {
  const answer = await fetch("/openapi.json", { headers: { authorization: `Bearer ${sessionToken() ?? ""}` } });
  if (!answer.ok) throw new Error(`The contracts could not be read: ${answer.status}.`);
  const { paths, components } = (await answer.json()) as Document;
  return paths["/v1/command"].post.requestBody.content["application/json"].schema.oneOf.map(
    ({ description, properties, "x-types": types = {} }) => {
      const skill = properties.skill.const;
      return { skill, title: description, input: components.schemas[`${skill}.input`] ?? {}, types };
    },
  );
}
