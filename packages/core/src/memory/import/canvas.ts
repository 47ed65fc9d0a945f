import { z } from "zod";
import type { Found } from "./found.ts";
import { asFound, memoriesOf, type NoteContext } from "./note.ts";
import { calledBy } from "./note-name.ts";
import type { Section } from "./sections.ts";

const text = z.string().optional().catch(undefined);
const nodeSchema = z.object({ id: z.coerce.string(), type: text, text, label: text, url: text, file: text });
const canvasSchema = z.object({
  nodes: z.array(z.unknown()).default([]),
  edges: z.array(z.object({ label: text }).catch({})).default([]),
});

/** A canvas (JSON Canvas 1.0): each text on it is a memory; labels, pages and files that it shows are one more. */
export function parseCanvas(path: string, json: string, context: NoteContext): Found[] {
  const read = canvasSchema.safeParse(parsed(json));
  if (!read.success) return [{ refused: "It is no canvas: it has no nodes.", externalId: path, where: path }];
  const nodes = read.data.nodes.flatMap((node) => nodeSchema.safeParse(node).data ?? []);
  const texts = nodes.filter((node) => node.text?.trim());
  const shown = [
    ...nodes.flatMap(({ label }) => label ?? []),
    ...nodes.flatMap(({ file }) => (file ? `[[${file.replace(/\.md$/i, "")}]]` : [])),
    ...nodes.flatMap(({ url }) => url ?? []),
    ...read.data.edges.flatMap(({ label }) => label ?? []),
  ].filter(Boolean);
  const sections: Section[] = texts.map(({ text: content = "" }) => ({
    heading: "",
    path: [],
    content,
    prose: content,
  }));
  const list = shown.join("\n");
  if (list !== "") sections.push({ heading: "", path: [], content: list, prose: list });
  const ids = [...texts.map(({ id }) => `${path}#${id}`), path];
  const items = memoriesOf(path, { title: calledBy(path), aliases: [], tags: [], properties: [], sections }, context);
  if (sections.length === 0) return [];
  return asFound(
    path,
    items.map((item, n) => ({ ...item, externalId: ids[n] ?? path })),
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, "") || "{}");
  } catch {
    // No object: it is refused as no canvas.
    return undefined;
  }
}
