import { expect, test } from "vitest";
import { utf8 } from "../ports/bytes.ts";
import { messageOf } from "./mail-parse.ts";

test("lines without end are cut off: fifty such mails cost no minute", async () => {
  const bytes = utf8.encode(`Begins\n${"\n".repeat(60_000)}ends\n`);
  const part = { type: "text/plain", part: "1", size: bytes.length };
  const summary = { uid: 1, seen: false, sizeBytes: bytes.length, receivedAt: null, structure: part };
  const { text, isCut } = await messageOf({ ...summary, headers: new Uint8Array() }, { part, bytes }, 200_000);
  expect([text, isCut]).toEqual(["Begins", true]);
});
