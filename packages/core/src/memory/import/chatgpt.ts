import { z } from "zod";
import { oneLine } from "./bounded.ts";
import { instantOf, parseJson, type Turn, turnsAsMemories } from "./chat.ts";
import type { Found, ImportContext } from "./found.ts";

// Keys that nobody here reads may be anything: the export changes every few months.
const text = z.string().nullish().catch(undefined);
const time = z.union([z.number(), z.string()]).nullish().catch(undefined);
const conversationSchema = z.object({
  id: text,
  conversation_id: text,
  title: text,
  create_time: time,
  current_node: text,
  mapping: z.record(z.string(), z.unknown()),
});
const messageSchema = z.object({
  id: text,
  author: z.object({ role: z.string() }),
  create_time: time,
  recipient: text,
  content: z.object({
    content_type: z.string(),
    parts: z.array(z.unknown()).optional().catch(undefined),
    text,
  }),
  metadata: z
    .object({
      is_visually_hidden_from_conversation: z.boolean().nullish().catch(undefined),
      attachments: z
        .array(z.object({ name: z.string() }))
        .nullish()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
type Message = z.infer<typeof messageSchema>;
const nodeSchema = z.object({
  parent: text,
  message: messageSchema.nullish().or(z.unknown().transform(() => "broken" as const)),
});
type Nodes = ReadonlyMap<string, z.infer<typeof nodeSchema> | undefined>;
const partSchema = z.object({ content_type: z.string(), text, asset_pointer: text });

/** One conversation of ChatGPT's export: the branch that was last looked at, from its beginning. */
export function parseChatGpt(bytes: Uint8Array, number: number, context: Pick<ImportContext, "sha256Hex">): Found[] {
  const parsed = parseJson(bytes);
  const unnamed = `conversation ${number}`;
  if ("refused" in parsed) return [{ refused: parsed.refused, externalId: null, where: unnamed }];
  const read = conversationSchema.safeParse(parsed.value);
  if (!read.success) return [{ refused: "It is no conversation of ChatGPT.", externalId: null, where: unnamed }];
  const { mapping, title, create_time } = read.data;
  const where = title ? `${unnamed} (${oneLine(title, 80)})` : unnamed;
  const nodes = new Map(Object.entries(mapping).map(([id, node]) => [id, nodeSchema.safeParse(node).data]));
  const path = pathOf(nodes, read.data.current_node ?? undefined);
  const id =
    read.data.conversation_id || read.data.id || `sha256:${context.sha256Hex([...nodes.keys()].join()).slice(0, 32)}`;
  const notes: Found[] = [];
  const turns = path.flatMap((node): Turn[] => {
    const message = nodes.get(node)?.message;
    if (message === "broken") notes.push({ refused: "It is no message of ChatGPT.", externalId: node, where });
    if (!message || message === "broken") return [];
    const canvas = canvasIn(message);
    const note = canvas === undefined ? passedOver(message) : undefined;
    const words = canvas ?? textOf(message);
    if (words === "") return [];
    if (note !== undefined) notes.push({ note, where });
    if (note !== undefined) return [];
    const at = instantOf(message.create_time ?? create_time);
    return [{ id: message.id ?? node, isOwner: message.author.role === "user", text: words, at, where }];
  });
  const onPath = new Set(path);
  for (const [node, entry] of nodes) {
    const message = onPath.has(node) || entry?.message === "broken" ? undefined : entry?.message;
    if (message && (canvasIn(message) ?? passedOver(message)) === undefined && textOf(message) !== "")
      notes.push({ note: "It is on a branch that was left, and was passed over.", where });
  }
  const conversation = { id, title: title ?? "", source: "chatgpt", assistant: "ChatGPT" };
  return [...turnsAsMemories(turns, conversation, context), ...notes];
}

/** From the root to the node that was last looked at; where that is not told, to the newest. */
function pathOf(nodes: Nodes, current: string | undefined): string[] {
  const path: string[] = [];
  const seen = new Set<string>();
  let node = current !== undefined && nodes.has(current) ? current : newest(nodes);
  while (node !== undefined && nodes.has(node) && !seen.has(node)) {
    seen.add(node);
    path.push(node);
    node = nodes.get(node)?.parent ?? undefined;
  }
  return path.reverse();
}

function newest(nodes: Nodes): string | undefined {
  let found: { node: string; at: number } | undefined;
  for (const [node, entry] of nodes) {
    const message = entry?.message === "broken" ? undefined : entry?.message;
    const at = Number(message?.create_time ?? 0) || 0;
    if (message && (found === undefined || at >= found.at)) found = { node, at };
  }
  return found?.node;
}

function passedOver({ author, recipient, content, metadata }: Message): string | undefined {
  if (author.role !== "user" && author.role !== "assistant")
    return "It is a message of a tool or of the system, and was passed over.";
  if (metadata?.is_visually_hidden_from_conversation) return "It was hidden in the conversation and was passed over.";
  if (recipient && recipient !== "all") return "It is a call of a tool and was passed over.";
  if (!["text", "multimodal_text", "code"].includes(content.content_type))
    return "It is a thought or setting of the assistant and was passed over.";
  return undefined;
}

const canvasSchema = z.object({
  name: text,
  content: text,
  updates: z
    .array(z.object({ replacement: text }))
    .nullish()
    .catch(undefined),
});

/** What the assistant wrote into a canvas beside the conversation: the whole, or what it put in the place of something. */
function canvasIn(message: Message): string | undefined {
  if (!message.recipient?.startsWith("canmore.")) return undefined;
  const parsed = canvasSchema.safeParse(jsonOf(textOf(message)));
  if (!parsed.success) return undefined;
  const { name, content, updates } = parsed.data;
  const written = [content ?? "", ...(updates ?? []).map(({ replacement }) => replacement ?? "")].filter(Boolean);
  return written.length === 0 ? undefined : [`Canvas${name ? `: ${oneLine(name, 200)}` : ""}`, ...written].join("\n\n");
}

function jsonOf(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    // A call that is no JSON is passed over as every call of a tool.
    return undefined;
  }
}

/** Without the marks of citations, which stand between letters that mean nothing to anybody else. */
const withoutMarks = (words: string): string =>
  words.replace(/\uE200[^\uE201]{0,2000}\uE201|[\uE200-\uE2FF]|【\d{1,4}(?::\d{1,4})?†[^】]{0,200}】/gu, "");

function textOf({ content, metadata }: Message): string {
  const parts = (content.parts ?? []).map((part) => withoutMarks(typeof part === "string" ? part : namedPart(part)));
  const attached = (metadata?.attachments ?? []).map(({ name }) => oneLine(name, 200)).slice(0, 50);
  return [
    withoutMarks(content.text ?? ""),
    ...parts,
    attached.length > 0 && `Attachments (not kept): ${attached.join(", ")}`,
  ]
    .filter(Boolean)
    .join("\n\n")
    .trim();
}

/** What was spoken is text; a picture is named. */
function namedPart(part: unknown): string {
  const read = partSchema.safeParse(part);
  if (!read.success) return "";
  const { content_type, asset_pointer } = read.data;
  if (read.data.text) return read.data.text;
  const kind = content_type.replace(/_asset_pointer$/, "").replaceAll("_", " ");
  return asset_pointer
    ? `[${oneLine(kind, 50)}: ${oneLine(asset_pointer.slice(asset_pointer.lastIndexOf("/") + 1), 200)}]`
    : "";
}
