import * as path from "node:path";
import type { Found } from "@mh/core/memory/import/found.ts";
import { isUnwantedFolder, parseMail } from "@mh/core/memory/import/mail.ts";
import { mailBytesMax } from "@mh/core/memory/import/mbox.ts";
import type { Step } from "@mh/core/memory/import/source.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { readWhole } from "./chunks.ts";
import type { InputFile, Opened } from "./source.ts";
import { inputFile, nameIn, sortedEntries } from "./walk.ts";

const depthMax = 32;
const flagTags: Record<string, string> = { F: "flagged", R: "replied", P: "forwarded" };

/** Mails that lie one in a file. What is unfinished (tmp), thrown away or unwanted is left out. */
export async function* readMaildir({ files }: Opened): AsyncGenerator<Step> {
  let read = 0;
  for (const file of files) {
    read += file.sizeBytes;
    for (const each of await readMail(file)) yield { each, read };
  }
}

/** The mails of a Maildir, of its Maildir++ folders (`.Work.Plans`) and of Maildirs nested as plain folders. */
export function mailsBelow(base: string): { files: InputFile[]; remarks: Found[] } {
  const files: InputFile[] = [];
  const remarks: Found[] = [];
  const visit = (folder: string, depth: number) => {
    const label = labelOf(nameIn(base, folder));
    if (label.some(isUnwantedFolder)) {
      remarks.push({
        note: "The folder holds drafts, spam or trash and was passed over.",
        where: nameIn(base, folder),
      });
      return;
    }
    for (const entry of sortedEntries(folder, base, remarks)) {
      if (!entry.isDirectory() || entry.name === "tmp") continue;
      const full = path.join(folder, entry.name);
      if (entry.name !== "cur" && entry.name !== "new") {
        if (depth < depthMax) visit(full, depth + 1);
        continue;
      }
      for (const mail of sortedEntries(full, base, remarks)) {
        if (mail.isFile() && !mail.name.startsWith(".")) files.push(inputFile(path.join(full, mail.name), base));
        else if (mail.isSymbolicLink())
          remarks.push({ note: "It is a link and was not followed.", where: nameIn(base, path.join(full, mail.name)) });
      }
    }
  };
  visit(base, 0);
  return { files, remarks };
}

async function readMail({ path: file, name, sizeBytes }: InputFile): Promise<Found[]> {
  const flags = /[:;!]2,([A-Za-z]*)$/.exec(name)?.[1] ?? "";
  if (/[TD]/.test(flags)) return [{ note: "It is a draft or was deleted, and was passed over.", where: name }];
  if (sizeBytes > mailBytesMax) return [{ refused: "It is larger than 50 MB.", externalId: null, where: name }];
  const label = labelOf(path.posix.dirname(path.posix.dirname(name)));
  const tags = [...(label.length > 0 ? [label.join("/")] : []), ...[...flags].flatMap((flag) => flagTags[flag] ?? [])];
  const bytes = readWhole(file);
  if (typeof bytes === "string") return [{ refused: bytes, externalId: null, where: name }];
  return await parseMail(bytes, { sha256Hex: nodeCrypto.sha256Hex, where: name, tags });
}

/** ".Work.Plans" and "Work/Plans" are both Work, Plans. */
function labelOf(folder: string): string[] {
  return folder
    .split("/")
    .flatMap((part) => (part.startsWith(".") ? part.slice(1).split(".") : [part]))
    .filter(Boolean)
    .map(folderName);
}

/** IMAP's UTF-7 (RFC 3501 §5.1.3), in which folders are named: "Entw&APw-rfe". */
function folderName(name: string): string {
  return name.replace(/&([A-Za-z0-9+,]*)-/g, (_, code: string) =>
    code === "" ? "&" : new TextDecoder("utf-16be").decode(Buffer.from(code.replaceAll(",", "/"), "base64")),
  );
}
