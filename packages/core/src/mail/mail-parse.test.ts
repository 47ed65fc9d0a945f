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

test("lines that flow are joined with those that quote as deep, never with the answer below them", async () => {
  const bytes = utf8.encode("> a long \n> quote \nAn answer \nof two lines.\n");
  const part = { type: "text/plain", part: "1", size: bytes.length, parameters: { format: "flowed" } };
  const summary = { uid: 1, seen: false, sizeBytes: bytes.length, receivedAt: null, structure: part };
  const { text } = await messageOf({ ...summary, headers: new Uint8Array() }, { part, bytes }, 200_000);
  expect(text).toBe("> a long quote\nAn answer of two lines.");
});

const about = async (from: string, results: string, authServer?: string) => {
  const headers = utf8.encode(`Authentication-Results: ${results}\r\nFrom: ${from}\r\nSubject: Hello\r\n\r\n`);
  const summary = { uid: 1, seen: false, sizeBytes: headers.length, receivedAt: null, structure: undefined, headers };
  return (await messageOf(summary, undefined, 1_000, authServer)).signedBy;
};

test.each<[results: string, isSigned: boolean]>([
  ["mx.home.example; dkim=pass; dmarc=pass (p=none) header.from=bank.example", true],
  ["MX.home.example 1; dmarc=pass header.from=Bank.example", true],
  ["mx.home.example; dmarc=fail header.from=bank.example", false],
  ["mx.home.example; spf=pass; dkim=pass header.d=bank.example", false],
  ["mx.home.example; dmarc=pass header.from=evil.example", false],
  ["mx.home.example; dmarc=pass", false],
  ['mx.home.example; spf=fail smtp.mailfrom="; dmarc=pass header.from=bank.example"', false],
  ["mx.home.example; spf=fail (; dmarc=pass header.from=bank.example)", false],
  ["mx.home.example; spf=fail (a (b) ; dmarc=pass header.from=bank.example ; c)", false],
  ['mx.home.example; spf=fail smtp.mailfrom="a\\" ; dmarc=pass header.from=bank.example ; \\"b"', false],
  ['mx.home.example; dkim=pass header.b="a/b"; dmarc=pass (p=NONE) header.from=bank.example', true],
  ["mx.evil.example; dmarc=pass header.from=bank.example", false],
])("K8 a sender is who the named server found that they are: %s", async (results, isSigned) => {
  const from = "Bank <post@bank.example>";
  expect(await about(from, results, "mx.home.example")).toBe(isSigned ? "post@bank.example" : undefined);
  expect(await about(from, results)).toBe(undefined);
});
