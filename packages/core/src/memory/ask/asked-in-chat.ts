import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { chatSource } from "../chat-source.ts";
import { isOnlyAsking } from "./passages.ts";

/** Whether a memory is only a question that the owner put to a chat, or the very one that is asked now: neither answers anything. */
export function isAskedInChat({ source, content }: MemoryRecord, question: string): boolean {
  if (source !== chatSource) return false;
  return wordsOf(content) === wordsOf(question) || isOnlyAsking(content);
}

const wordsOf = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
