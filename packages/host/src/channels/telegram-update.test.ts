import { expect, test } from "vitest";
import { updateOf } from "./telegram-update.ts";

const typed = (text: string) =>
  updateOf({ update_id: 7, message: { message_id: 1, chat: { id: 2, type: "private" }, from: { id: 2 }, text } });

test("H25 half a character in what is typed is a replacement sign: it could not be kept, and would come again for ever", () => {
  expect(typed("one \ud83d two")?.content).toEqual({ kind: "text", text: "one \ufffd two" });
  expect(typed("one 😀 two")?.content).toEqual({ kind: "text", text: "one 😀 two" });
});
