import type * as http from "node:http";
import { bodyOf, type ScriptedServer, startScriptedServer } from "../scripted-server.ts";

/** What a transcription server was given. */
export interface Heard {
  model: string | undefined;
  format: string | undefined;
  language: string | undefined;
  file: { name: string; type: string; bytes: Buffer };
  key: string | undefined;
}

export interface Said {
  status?: number;
  /** JSON, or a text as it is. */
  body: unknown;
  headers?: Record<string, string>;
  /** How it ends where it does not end as it should. */
  after?: "hang" | "drop";
}

export interface ScriptedTranscription extends ScriptedServer {
  /** Ends before `/audio/transcriptions`. */
  url: string;
  heard: Heard[];
  script: (heard: Heard) => Said;
}

const words = { text: "Hello Ada, the boiler is repaired.", language: "english", duration: 4.5 };
const segments = [
  { id: 0, start: 0, end: 1.5, text: " Hello Ada," },
  { id: 1, start: 1.5, end: 4.5, text: " the boiler is repaired." },
];

/** Servers as they are met. */
export const transcriptionCharacters = {
  honest: () => ({ body: { task: "transcribe", ...words, segments } }),
  /** Knows no `verbose_json`. */
  brief: () => ({ body: { text: words.text } }),
  "times that cannot be": () => ({ body: { ...words, segments: segments.toReversed() } }),
  "times after the end": () => ({ body: { ...words, segments: [{ ...segments[0], end: 9_000 }] } }),
  "segments that are none": () => ({ body: { ...words, segments: ["Hello", 7] } }),
  silence: () => ({ body: { ...words, text: "  " } }),
  "no transcript": () => ({ body: { choices: [] } }),
  "a text that is a number": () => ({ body: { text: 7 } }),
  html: () => ({ body: "<html>Welcome to the router</html>" }),
  unauthorized: () => ({ status: 401, body: { error: { message: "Incorrect API key" } } }),
  "too large": () => ({ status: 413, body: { error: { message: "Maximum content size exceeded" } } }),
  busy: () => ({ status: 503, body: "loading model" }),
  drops: () => ({ body: '{"text": "Hel', after: "drop" as const }),
  hangs: () => ({ body: "", after: "hang" as const }),
  "a redirect": () => ({ status: 307, body: "", headers: { location: "http://evil.example/v1/audio/transcriptions" } }),
  "a text without end": () => ({ body: { text: "and so on ".repeat(110_000) } }),
} satisfies Record<string, (heard: Heard) => Said>;

/** A server that takes recordings as OpenAI's does, and answers as a script says. */
export async function startScriptedTranscription(): Promise<ScriptedTranscription> {
  const server = await startScriptedServer((request, response) => answer(scripted, request, response));
  const scripted: ScriptedTranscription = Object.assign(server, {
    ...{ url: `${server.url}/v1`, heard: [], script: transcriptionCharacters.honest },
  });
  return scripted;
}

async function answer(
  scripted: ScriptedTranscription,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  if (request.method !== "POST" || request.url !== "/v1/audio/transcriptions")
    return void response.writeHead(404).end("not found");
  const heard = heardIn(request.headers, await bodyOf(request));
  scripted.heard.push(heard);
  const { status = 200, body, headers = {}, after } = scripted.script(heard);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/html" : "application/json";
  response.writeHead(status, { "content-type": type, ...headers });
  if (after === "hang") return response.flushHeaders();
  if (after === "drop") return void response.write(text, () => response.destroy());
  response.end(text);
}

/** RFC 7578, read strictly: what is no form is an error of the test. */
function heardIn(headers: http.IncomingHttpHeaders, body: Buffer): Heard {
  const [, boundary = ""] = /^multipart\/form-data; boundary=(\S+)$/.exec(headers["content-type"] ?? "") ?? [];
  const whole = body.toString("latin1");
  if (boundary === "" || !whole.endsWith(`\r\n--${boundary}--\r\n`)) throw new Error("That is no multipart form.");
  const parts = whole.slice(0, -`\r\n--${boundary}--\r\n`.length).split(`--${boundary}\r\n`).slice(1);
  const fields = new Map(parts.map((part) => partOf(part)));
  const file = fields.get("file");
  if (!file) throw new Error("The form has no file.");
  const field = (name: string) => fields.get(name)?.bytes.toString("utf8").replace(/\r\n$/, "");
  const key = headers.authorization?.replace(/^Bearer /, "");
  return { model: field("model"), format: field("response_format"), language: field("language"), file, key };
}

function partOf(part: string): [name: string, file: Heard["file"]] {
  const end = part.indexOf("\r\n\r\n");
  const head = part.slice(0, end);
  const [, name = ""] = /\bname="([^"]*)"/.exec(head) ?? [];
  const [, fileName = ""] = /filename="([^"]*)"/.exec(head) ?? [];
  const [, type = ""] = /content-type: (\S+)/i.exec(head) ?? [];
  return [name, { name: fileName, type, bytes: Buffer.from(part.slice(end + 4), "latin1") }];
}
