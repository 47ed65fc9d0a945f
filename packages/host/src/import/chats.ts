import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { chatFormatOf } from "@mh/core/memory/import/chat.ts";
import type { Found } from "@mh/core/memory/import/found.ts";
import { elementsOf } from "@mh/core/memory/import/json-array.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { chunksOf, whyUnread } from "./chunks.ts";
import type { FileStep, InputFile, ReadContext } from "./source.ts";
import { type ZipEntry, zipEntries } from "./zip.ts";

/** Exports split what is large: conversations.json, conversations-000.json, … */
export const isConversations = (name: string): boolean =>
  /^conversations[\w-]*\.json$/i.test(path.posix.basename(name));

/** What Claude's export has beside conversations. */
export const isBeside = (name: string): boolean => /^(?:memories|projects)\.json$/i.test(path.posix.basename(name));

/** ChatGPT's or Claude's export: one of its files, or the zip as it was sent. */
export async function* readChats(file: InputFile, { place }: ReadContext): AsyncGenerator<FileStep> {
  const format = file.kind === "chatgpt" || file.kind === "claude" ? file.kind : chatFormatIn(file);
  if (format === undefined) {
    const refused = "It is no export of ChatGPT or Claude that can be read: they hold a conversations.json.";
    return yield { each: { refused, externalId: null, where: file.name }, read: file.sizeBytes };
  }
  const parse =
    format === "chatgpt"
      ? (await import("@mh/core/memory/import/chatgpt.ts")).parseChatGpt
      : (await import("@mh/core/memory/import/claude.ts")).parseClaude;
  const context = { sha256Hex: nodeCrypto.sha256Hex };
  let number = 0;
  const { parts, remarks } = partsOf(file);
  for (const part of parts) {
    yield* guarded(file, function* () {
      for (const element of elementsOf(part)) {
        number += 1;
        const found: Found[] =
          "refused" in element
            ? [{ refused: element.refused, externalId: null, where: `conversation ${number}` }]
            : parse(element.bytes, number, context);
        for (const each of found) yield { each: { ...each, where: place(file, each.where) }, read: element.read };
      }
    });
  }
  for (const each of remarks) yield { each, read: file.sizeBytes };
}

/** Whether a zip holds conversations; one that cannot be opened holds none. */
export function isExport(file: string): boolean {
  try {
    return zipEntries(file).some(({ name }) => isConversations(name));
  } catch (error) {
    if (error instanceof Fault || whyUnread(error) !== undefined) return false;
    throw error;
  }
}

/** Which of the exports a file is, by its first conversation. Throws a Fault where a zip cannot be read. */
export function chatFormatIn(file: InputFile): "chatgpt" | "claude" | undefined {
  const [part = []] = partsOf(file, isConversations).parts;
  for (const element of elementsOf(part)) return "bytes" in element ? chatFormatOf(element.bytes) : undefined;
  return undefined;
}

function partsOf(
  file: InputFile,
  isPart = (name: string) => isConversations(name) || isBeside(name),
): { parts: Iterable<Uint8Array>[]; remarks: Found[] } {
  if (!/\.zip$/i.test(file.name)) return { parts: [chunksOf(file.path)], remarks: [] };
  const entries = zipEntries(file.path);
  const wanted = entries.filter(({ name }) => isPart(name));
  return { parts: wanted.map((entry) => entry.open()), remarks: entries.filter(isOther).map(otherRemark) };
}

const isOther = ({ name }: ZipEntry): boolean => /\.json$/i.test(name) && !isConversations(name) && !isBeside(name);
const otherRemark = ({ name }: { name: string }): Found => ({
  note: "It holds no conversations and was passed over.",
  where: name,
});

function* guarded(file: InputFile, steps: () => Generator<FileStep>): Generator<FileStep> {
  try {
    yield* steps();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    yield { each: { refused: error.message, externalId: null, where: file.name }, read: file.sizeBytes };
  }
}
