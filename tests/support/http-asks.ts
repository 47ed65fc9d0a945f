import { type ServedHome, token } from "../serve-home.ts";

// What the tests of HTTP ask a served home.

/** The owner's token, as a header of a request that is written by hand. */
export const authorization = `Authorization: Bearer ${token}`;
export const capture = (text: string) => ({ skill: "memory.capture", args: { text } });
export const memories = async ({ home }: ServedHome) =>
  (await home.own<{ memories: { content: string }[] }>("memory.list")).memories.map(({ content }) => content).sort();

/** A query of the owner's, with the headers as they are given. */
export function query(...headers: readonly string[]): string {
  const body = '{"skill":"memory.stats"}';
  const usual = [
    authorization,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  return `${["POST /v1/query HTTP/1.1", ...headers, ...usual].join("\r\n")}\r\n\r\n${body}`;
}
