import { basename, extname } from "node:path";
import type { Found } from "@mh/core/memory/import/found.ts";
import { isUnwantedFolder, parseMail } from "@mh/core/memory/import/mail.ts";
import { type MboxPart, messagesOf } from "@mh/core/memory/import/mbox.ts";
import type { Step } from "@mh/core/memory/import/source.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { chunksOf } from "./chunks.ts";
import type { Opened } from "./source.ts";

/** Mailboxes of any size, message by message. */
export async function* readMbox({ files }: Opened): AsyncGenerator<Step> {
  let before = 0;
  for (const { path, name, sizeBytes } of files) {
    if (files.length > 1 && isUnwantedFolder(basename(name, extname(name)))) {
      before += sizeBytes;
      yield {
        each: { note: "The mailbox holds drafts, spam or trash and was passed over.", where: name },
        read: before,
      };
      continue;
    }
    const inFile = files.length > 1 ? `${name}, ` : "";
    const remarks: Found[] = [];
    let count = 0;
    const onJunk = (bytes: number) => {
      remarks.push({
        note: `Before the first message stand ${bytes.toLocaleString("en")} bytes that are none.`,
        where: name,
      });
    };
    for (const part of messagesOf(chunksOf(path), onJunk)) {
      count += 1;
      const where = `${inFile}message ${part.number}`;
      for (const each of await readMessage(part, where)) yield { each, read: before + part.read };
    }
    if (count === 0)
      yield { each: { refused: "There is no message in it.", externalId: null, where: name }, read: before };
    before += sizeBytes;
    for (const each of remarks) yield { each, read: before };
  }
}

async function readMessage(part: MboxPart, where: string): Promise<Found[]> {
  if (part.isTooLarge) {
    const [, subject = "no subject"] =
      /^Subject: *([^\r\n]{1,80})/im.exec(Buffer.from(part.bytes).toString("latin1")) ?? [];
    return [{ refused: "It is larger than 50 MB.", externalId: null, where: `${where} (${subject})` }];
  }
  const { envelope, isLast } = part;
  const found = await parseMail(part.bytes, { sha256Hex: nodeCrypto.sha256Hex, where, envelope, isLast });
  if (isLast && !part.endsInNewline)
    found.push({ note: "The mailbox ends in the middle of a line: its last message may be cut off.", where });
  return found;
}
