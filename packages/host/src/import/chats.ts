import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { chatFormatOf } from "@mh/core/memory/import/chat.ts";
import type { Found } from "@mh/core/memory/import/found.ts";
import { elementsOf } from "@mh/core/memory/import/json-array.ts";
import type { Step } from "@mh/core/memory/import/source.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { chunksOf } from "./chunks.ts";
import type { InputFile, Opened } from "./source.ts";
import { type ZipEntry, zipEntries } from "./zip.ts";

/** Exports split what is large: conversations.json, conversations-000.json, … */
export const isConversations = (name: string): boolean =>
  /^conversations[\w-]*\.json$/i.test(path.posix.basename(name));

/** ChatGPT's or Claude's export: the file, its folder, or the zip as it was sent. */
export async function* readChats({ format, files }: Opened): AsyncGenerator<Step> {
  const parse =
    format === "chatgpt"
      ? (await import("@mh/core/memory/import/chatgpt.ts")).parseChatGpt
      : (await import("@mh/core/memory/import/claude.ts")).parseClaude;
  const context = { sha256Hex: nodeCrypto.sha256Hex };
  let before = 0;
  let number = 0;
  for (const file of files) {
    const counted = partsOf(file);
    for (const part of counted.parts) {
      yield* guarded(file, before, function* () {
        for (const element of elementsOf(part)) {
          number += 1;
          const read = before + Math.min(element.read, file.sizeBytes);
          const found: Found[] =
            "refused" in element
              ? [{ refused: element.refused, externalId: null, where: `conversation ${number}` }]
              : parse(element.bytes, number, context);
          for (const each of found) yield { each, read };
        }
      });
    }
    before += file.sizeBytes;
    for (const each of counted.remarks) yield { each, read: before };
  }
}

/** Which of the exports a file is, by its first conversation. Throws a Fault where a zip cannot be read. */
export function chatFormatIn(file: InputFile): "chatgpt" | "claude" | undefined {
  const [part = []] = partsOf(file).parts;
  for (const element of elementsOf(part)) return "bytes" in element ? chatFormatOf(element.bytes) : undefined;
  return undefined;
}

function partsOf(file: InputFile): { parts: Iterable<Uint8Array>[]; remarks: Found[] } {
  if (!/\.zip$/i.test(file.name)) return { parts: [chunksOf(file.path)], remarks: [] };
  const entries = zipEntries(file.path);
  const wanted = entries.filter(({ name }) => isConversations(name));
  return { parts: wanted.map((entry) => entry.open()), remarks: entries.filter(isOther).map(otherRemark) };
}

const isOther = ({ name }: ZipEntry): boolean => /\.json$/i.test(name) && !isConversations(name);
export const otherRemark = ({ name }: { name: string }): Found => ({
  note: "It holds no conversations and was passed over.",
  where: name,
});

function* guarded(file: InputFile, read: number, steps: () => Generator<Step>): Generator<Step> {
  try {
    yield* steps();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    yield { each: { refused: error.message, externalId: null, where: file.name }, read };
  }
}
