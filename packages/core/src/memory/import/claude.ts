import { z } from "zod";
import { oneLine } from "./bounded.ts";
import { instantOf, parseJson, type Turn, turnsAsMemories } from "./chat.ts";
import { claudeBeside } from "./claude-beside.ts";
import type { Found, ImportContext } from "./found.ts";

const text = z.string().nullish().catch(undefined);
const files = z
  .array(z.object({ file_name: z.string().catch(""), extracted_content: text }))
  .nullish()
  .catch(undefined);
const conversationSchema = z.object({
  uuid: z.string(),
  name: text,
  created_at: text,
  chat_messages: z.array(z.unknown()),
});
const messageSchema = z.object({
  uuid: text,
  sender: z.string(),
  text,
  created_at: text,
  content: z
    .array(z.object({ type: z.string(), text, input: z.unknown().optional() }))
    .nullish()
    .catch(undefined),
  attachments: files,
  files,
});
type Message = z.infer<typeof messageSchema>;

/** One conversation of Claude's export, in its order. */
export function parseClaude(bytes: Uint8Array, number: number, context: Pick<ImportContext, "sha256Hex">): Found[] {
  const parsed = parseJson(bytes);
  const unnamed = `conversation ${number}`;
  if ("refused" in parsed) return [{ refused: parsed.refused, externalId: null, where: unnamed }];
  const read = conversationSchema.safeParse(parsed.value);
  const beside = read.success ? undefined : claudeBeside(parsed.value, number, context);
  if (beside !== undefined) return beside;
  if (!read.success) return [{ refused: "It is no conversation of Claude.", externalId: null, where: unnamed }];
  const { uuid: id, name, created_at, chat_messages } = read.data;
  const where = name ? `${unnamed} (${oneLine(name, 80)})` : unnamed;
  const notes: Found[] = [];
  const turns = chat_messages.flatMap((each): Turn[] => {
    const message = messageSchema.safeParse(each);
    if (!message.success) notes.push({ refused: "It is no message of Claude.", externalId: null, where });
    if (!message.success) return [];
    const { uuid, sender } = message.data;
    const words = textOf(message.data);
    if (words === "") return [];
    if (sender !== "human" && sender !== "assistant") {
      notes.push({ note: "It is a message of a tool or of the system, and was passed over.", where });
      return [];
    }
    const at = instantOf(message.data.created_at ?? created_at);
    return [{ id: uuid ?? undefined, isOwner: sender === "human", text: words, at, where }];
  });
  const conversation = { id, title: name ?? "", source: "claude", assistant: "Claude" };
  return [...turnsAsMemories(turns, conversation, context), ...notes];
}

/** What is thought, and what a tool gives, is not said; any other part that has words is: "text", "voice_note". */
const isThought = (type: string): boolean => /thinking|reasoning|tool|flag/i.test(type);

/** What was said; thoughts and the use of tools stay out. Older exports have `text` alone. */
function textOf({ text: whole, content, attachments, files: sent }: Message): string {
  const said = (content ?? []).flatMap(({ type, text: part, input }) =>
    type === "tool_use" ? artifactIn(input) : part && !isThought(type) ? [part] : [],
  );
  const all = [...(attachments ?? []), ...(sent ?? [])];
  const kept = all.filter(({ extracted_content }) => extracted_content?.trim());
  const texts = kept.map((each) => `Attachment ${oneLine(each.file_name, 200)}\n\n${each.extracted_content}`);
  const names = all
    .filter(({ extracted_content }) => !extracted_content?.trim())
    .map(({ file_name }) => oneLine(file_name, 200))
    .filter(Boolean);
  const attached = [...new Set(names)].slice(0, 50);
  return [
    said.length > 0 ? said.join("\n\n") : (whole ?? ""),
    ...texts,
    attached.length > 0 && `Attachments (not kept): ${attached.join(", ")}`,
  ]
    .filter(Boolean)
    .join("\n\n")
    .trim();
}

const artifactSchema = z.object({ title: text, path: text, content: text, file_text: text, new_str: text });

/** The text of what was written beside the conversation: an artifact, or a file. */
function artifactIn(input: unknown): string[] {
  const read = artifactSchema.safeParse(input);
  if (!read.success) return [];
  const { title, path, content, file_text, new_str } = read.data;
  const written = content || file_text || new_str;
  const name = oneLine(title || path || "", 200);
  return written ? [`Artifact${name && `: ${name}`}\n\n${written}`] : [];
}
