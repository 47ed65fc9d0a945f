import { decodeUtf8 } from "../../ports/bytes.ts";
import { bounded, oneLine } from "./bounded.ts";
import type { Found, ImportContext } from "./found.ts";

/** One turn of a conversation, as every export tells it somehow. */
export type Turn = { id: string | undefined; isOwner: boolean; text: string; at: string | undefined; where: string };
export type Conversation = { id: string; title: string; source: string; assistant: string };

/**
 * A turn as a memory: what the owner said is theirs, what the assistant wrote is an artifact. The first of the owner's
 * turns bears the conversation's title.
 */
export function turnsAsMemories(
  turns: readonly Turn[],
  { id, title, source, assistant }: Conversation,
  { sha256Hex }: Pick<ImportContext, "sha256Hex">,
): Found[] {
  const first = turns.find(({ isOwner, text }) => isOwner && text.trim() !== "");
  return turns.flatMap((turn, n) => {
    const heading = turn === first && title !== "" ? `${oneLine(title, 300)}\n\n` : "";
    return bounded(
      {
        externalId: turn.id ?? `${id}#${n + 1}-${sha256Hex(turn.text).slice(0, 12)}`,
        content: turn.text.trim() === "" ? "" : heading + turn.text,
        kind: turn.isOwner ? "episodic" : "artifact",
        source,
        session: `${source}:${id}`,
        ...(turn.isOwner ? {} : { speaker: assistant }),
        ...(turn.at !== undefined && { at: turn.at }),
      },
      turn.where,
    );
  });
}

/** One conversation's JSON, or why it is none. */
export function parseJson(bytes: Uint8Array): { value: unknown } | { refused: string } {
  const text = decodeUtf8(bytes);
  if (text === undefined) return { refused: "It is not UTF-8." };
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, "")) };
  } catch {
    return { refused: "It is not valid JSON." };
  }
}

/** Seconds since 1970, or a date as text, as ISO 8601 UTC. */
export function instantOf(time: number | string | null | undefined): string | undefined {
  if (time === null || time === undefined || time === 0 || time === "") return undefined;
  const ms = typeof time === "number" ? time * 1_000 : Date.parse(time);
  return ms > 0 && ms < Date.UTC(9999, 0) ? new Date(ms).toISOString() : undefined;
}

/** Which of the two exports a conversation is from, if any. */
export function chatFormatOf(bytes: Uint8Array): "chatgpt" | "claude" | undefined {
  const parsed = parseJson(bytes);
  const value = "value" in parsed ? parsed.value : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, "mapping") ? "chatgpt" : Object.hasOwn(value, "chat_messages") ? "claude" : undefined;
}
