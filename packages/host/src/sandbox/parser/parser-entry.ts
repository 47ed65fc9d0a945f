// Runs inside the sandbox, alone: beside Node's own modules there are its neighbours in this folder and the libraries that
// `parser-job.ts` names. It is sent one file after another, and answers with what stands in each.
import * as net from "node:net";
import type { ParsedDocument } from "@mh/core/memory/import/document.ts";
import { FileStream } from "./file-stream.ts";
import { Unreadable } from "./unreadable.ts";

const channel = new net.Socket({ fd: 3, readable: true, writable: true });
const files = new FileStream({
  more: () => send({ more: true }),
  whole: (kind, bytes) => answer(kind, bytes),
});
channel.on("data", (chunk) => files.push(chunk as Buffer));
channel.on("close", () => process.exit(0));
// A library may drop a promise of a damaged part; the one that is waited for says how it ended.
process.on("unhandledRejection", () => undefined);

function send(message: object): void {
  channel.write(`${JSON.stringify(message)}\n`);
}

async function answer(kind: string, bytes: Uint8Array): Promise<void> {
  const found = await parsed(kind, bytes).then(
    (document) => ({ document }),
    (error: unknown) => ({ refused: error instanceof Unreadable ? error.message : "It is damaged beyond reading." }),
  );
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  send({ ...found, used: { cpuMs: (userCPUTime + systemCPUTime) / 1_000, memoryBytes: maxRSS * 1_024 } });
}

/** Each brings its libraries along. */
async function parsed(kind: string, bytes: Uint8Array): Promise<ParsedDocument> {
  if (kind === "pdf") return (await import("./pdf.ts")).readPdf(bytes);
  if (kind === "docx" || kind === "odt") return (await import("./word.ts")).readWord(bytes, kind);
  throw new Error(`There is no parser for ${kind}.`);
}
