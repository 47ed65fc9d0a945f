import type { MemoryRecord } from "@mh/contract/values/memory.ts";

/** What memories of a chat say of where they come from. */
export const chatSource = "chat";

/** Whether a memory is only a question that the owner put to a chat, or the very one that is asked now: neither answers anything. */
export function isAskedInChat({ source, content }: MemoryRecord, question: string): boolean {
  if (source !== chatSource) return false;
  if (wordsOf(content) === wordsOf(question)) return true;
  const sentences = content.match(/[^.!?…？！。؟]+[.!?…？！。؟]*/gu) ?? [];
  return sentences.filter((each) => each.trim() !== "").every((each) => /[?？؟]\s*$/u.test(each));
}

const wordsOf = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
