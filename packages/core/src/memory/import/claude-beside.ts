import { z } from "zod";
import { bounded, oneLine } from "./bounded.ts";
import { instantOf } from "./chat.ts";
import type { Found, ImportContext } from "./found.ts";

const text = z.string().nullish().catch(undefined);
const memoriesSchema = z
  .object({ conversations_memory: text, project_memories: z.record(z.string(), z.string()).nullish().catch(undefined) })
  .refine(({ conversations_memory, project_memories }) => conversations_memory || project_memories);
const projectSchema = z
  .object({
    uuid: z.string(),
    name: text,
    description: text,
    prompt_template: text,
    created_at: text,
    docs: z
      .array(z.object({ uuid: text, filename: text, content: text, created_at: text }))
      .nullish()
      .catch(undefined),
  })
  .refine(({ docs, prompt_template }) => docs || typeof prompt_template === "string");

/** What Claude's export has beside conversations: what the assistant remembers, and projects with their documents. */
export function claudeBeside(
  value: unknown,
  number: number,
  { sha256Hex }: Pick<ImportContext, "sha256Hex">,
): Found[] | undefined {
  const memories = memoriesSchema.safeParse(value);
  if (memories.success) {
    const { conversations_memory, project_memories } = memories.data;
    const all = [
      ...(conversations_memory ? [["memory", conversations_memory] as const] : []),
      ...Object.entries(project_memories ?? {}).map(([id, words]) => [`memory:${id}`, words] as const),
    ];
    return all.flatMap(([externalId, content]) =>
      bounded({ externalId, content, kind: "artifact", source: "claude", speaker: "Claude" }, `memories ${number}`),
    );
  }
  const project = projectSchema.safeParse(value);
  if (!project.success) return undefined;
  const { uuid, name, description, prompt_template, created_at, docs } = project.data;
  const title = oneLine(name ?? "", 300);
  const where = `project ${number}${title && ` (${title.slice(0, 80)})`}`;
  const session = `claude:${uuid}`;
  const about = [title, description, prompt_template].filter(Boolean).join("\n\n");
  const own = about === "" ? [] : [{ externalId: uuid, content: about, at: instantOf(created_at) }];
  const documents = (docs ?? []).map((each) => ({
    externalId: each.uuid ?? `${uuid}#${sha256Hex(each.content ?? "").slice(0, 12)}`,
    content: each.content?.trim() ? [each.filename, each.content].filter(Boolean).join("\n\n") : "",
    at: instantOf(each.created_at ?? created_at),
  }));
  return [...own, ...documents].flatMap(({ at, ...item }) =>
    bounded({ ...item, source: "claude", session, ...(at !== undefined && { at }) }, where),
  );
}
