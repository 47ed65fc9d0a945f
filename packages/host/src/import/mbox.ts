import { basename, extname } from "node:path";
import type { Found } from "@mh/core/memory/import/found.ts";
import { isUnwantedFolder, parseMail } from "@mh/core/memory/import/mail.ts";
import { type MboxPart, messagesOf } from "@mh/core/memory/import/mbox.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { chunksOf } from "./chunks.ts";
import type { FileStep, InputFile, ReadContext } from "./source.ts";

/** A mailbox of any size, message by message. */
export async function* readMbox(
  file: InputFile,
  { place, isAmongOthers, timeZone, nowMs }: ReadContext,
): AsyncGenerator<FileStep> {
  const { path, name, sizeBytes } = file;
  if (isAmongOthers && isUnwantedFolder(basename(name, extname(name)))) {
    const note = "The mailbox holds drafts, spam or trash and was passed over.";
    return yield { each: { note, where: name }, read: sizeBytes };
  }
  const remarks: Found[] = [];
  let count = 0;
  const onJunk = (bytes: number) => {
    const note = `Before the first message stand ${bytes.toLocaleString("en")} bytes that are none.`;
    remarks.push({ note, where: name });
  };
  for (const part of messagesOf(chunksOf(path), onJunk)) {
    count += 1;
    for (const each of await readMessage(part, place(file, `message ${part.number}`), { timeZone, nowMs }))
      yield { each, read: part.read };
  }
  if (count === 0) remarks.push({ refused: "There is no message in it.", externalId: null, where: name });
  for (const each of remarks) yield { each, read: sizeBytes };
}

async function readMessage(part: MboxPart, where: string, zone: { timeZone: string; nowMs: number }): Promise<Found[]> {
  if (part.isTooLarge) {
    const [, subject = "no subject"] =
      /^Subject: *([^\r\n]{1,80})/im.exec(Buffer.from(part.bytes).toString("latin1")) ?? [];
    return [{ refused: "It is larger than 50 MB.", externalId: null, where: `${where} (${subject})` }];
  }
  const { envelope, isLast } = part;
  const found = await parseMail(part.bytes, { sha256Hex: nodeCrypto.sha256Hex, ...zone, where, envelope, isLast });
  if (isLast && !part.endsInNewline)
    found.push({ note: "The mailbox ends in the middle of a line: its last message may be cut off.", where });
  return found;
}
