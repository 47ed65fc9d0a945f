import * as fs from "node:fs";
import * as path from "node:path";
import type { Found } from "@mh/core/memory/import/found.ts";
import { isUnwantedFolder, parseMail } from "@mh/core/memory/import/mail.ts";
import { mailBytesMax } from "@mh/core/memory/import/mbox.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { beginningOf, readWhole } from "./chunks.ts";
import { looksLikeMail } from "./kinds.ts";
import type { FileStep, InputFile, ReadContext } from "./source.ts";
import type { Walk } from "./walk.ts";

const depthMax = 32;
const looksMax = 20;
const flagTags: Record<string, string> = { F: "flagged", R: "replied", P: "forwarded" };

/** Takes in a Maildir with its Maildir++ folders (`.Work.Plans`) and Maildirs nested as plain folders, if it is one. */
export function walkMaildir(walk: Walk, folder: string): boolean {
  if (!isMaildir(folder)) return false;
  visit(walk, folder, 0);
  return true;
}

/** What is unfinished (tmp), thrown away or unwanted is left out; mails that lie beside cur are mails. */
function visit(walk: Walk, folder: string, depth: number): void {
  if (labelOf(walk.nameOf(folder)).some(isUnwantedFolder))
    return walk.close(folder, "maildir", "The folder holds drafts, spam or trash and was passed over.");
  const entries = walk.entries(folder);
  const beside = new Set(entries.map(({ name }) => name));
  for (const entry of entries) {
    const full = path.join(folder, entry.name);
    if (!entry.isDirectory()) takeMail(walk, entry, full, beside);
    else if (entry.name === "tmp") walk.close(full, "unfinished mails");
    else if (entry.name === "cur" || entry.name === "new")
      for (const mail of walk.entries(full)) {
        if (mail.isDirectory()) walk.close(path.join(full, mail.name), "folder", "It is a folder among mails.");
        else if (mail.name.startsWith(".")) walk.end("skipped", "hidden", walk.nameOf(path.join(full, mail.name)));
        else takeMail(walk, mail, path.join(full, mail.name), beside, true);
      }
    else if (depth < depthMax) visit(walk, full, depth + 1);
    else walk.close(full, "folder", "The folder lies too deep and was passed over.");
  }
}

/** "1709300000.M1P2.host:2,S" for one: its place tells that it is a mail, and beside cur how it begins. */
function takeMail(walk: Walk, entry: fs.Dirent, full: string, beside: ReadonlySet<string>, isSure = false): void {
  const isMail = isSure || (entry.isFile() && looksLikeMail(startOf(full)));
  walk.take(entry, full, beside, isMail ? "maildir" : undefined);
}

/** A Maildir has cur and new, of which an archive may have left out what was empty. */
function isMaildir(folder: string): boolean {
  const names = new Set(namesIn(folder));
  if (!names.has("cur") && !names.has("new")) return false;
  if (names.has("cur") && (names.has("new") || names.has("tmp"))) return isFolder(path.join(folder, "cur"));
  const only = path.join(folder, names.has("cur") ? "cur" : "new");
  if (!isFolder(only)) return false;
  return namesIn(only)
    .slice(0, looksMax)
    .some((name) => /:2,[A-Za-z]*$/.test(name) || looksLikeMail(startOf(path.join(only, name))));
}

const isFolder = (full: string): boolean => fs.statSync(full, { throwIfNoEntry: false })?.isDirectory() === true;

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    // Its reader says that it may not be read.
    return [];
  }
}

function startOf(full: string): string {
  try {
    return fs.lstatSync(full).isFile() ? beginningOf(full, 4_096).toString("latin1") : "";
  } catch {
    // The reader says what is the matter with it.
    return "";
  }
}

/** Mails that lie one in a file. */
export async function* readMail(file: InputFile, context: ReadContext): AsyncGenerator<FileStep> {
  for (const each of await mailIn(file, context)) yield { each, read: file.sizeBytes };
}

async function mailIn(
  { path: file, name, sizeBytes }: InputFile,
  { isAmongOthers, timeZone, nowMs }: ReadContext,
): Promise<Found[]> {
  const flags = /[:;!]2,([A-Za-z]*)$/.exec(name)?.[1] ?? "";
  if (/[TD]/.test(flags)) return [{ note: "It is a draft or was deleted, and was passed over.", where: name }];
  if (sizeBytes > mailBytesMax) return [{ refused: "It is larger than 50 MB.", externalId: null, where: name }];
  const folder = path.posix.dirname(name);
  const label = labelOf(/(?:^|\/)(?:cur|new)$/.test(folder) ? path.posix.dirname(folder) : folder);
  const tags = [...(label.length > 0 ? [label.join("/")] : []), ...[...flags].flatMap((flag) => flagTags[flag] ?? [])];
  const bytes = readWhole(file);
  if (typeof bytes === "string") return [{ refused: bytes, externalId: null, where: name }];
  const context = { sha256Hex: nodeCrypto.sha256Hex, timeZone, nowMs, where: name, ...(isAmongOthers && { tags }) };
  return await parseMail(bytes, context);
}

/** One mail that was saved as a file; Apple Mail (`.emlx`) writes its length before it, and its own marks behind. */
export async function* readSavedMail(file: InputFile, { timeZone, nowMs }: ReadContext): AsyncGenerator<FileStep> {
  const { name, sizeBytes } = file;
  const end = (each: Found): FileStep => ({ each, read: sizeBytes });
  if (sizeBytes > mailBytesMax)
    return yield end({ refused: "It is larger than 50 MB.", externalId: null, where: name });
  const bytes = readWhole(file.path);
  if (typeof bytes === "string") return yield end({ refused: bytes, externalId: null, where: name });
  const length = /\.emlx$/i.test(name) ? /^\s*(\d+)\s*\n/.exec(bytes.subarray(0, 32).toString("latin1")) : null;
  const mail = length ? bytes.subarray(length[0].length, length[0].length + Number(length[1])) : bytes;
  const context = { sha256Hex: nodeCrypto.sha256Hex, timeZone, nowMs, where: name, isLast: true };
  for (const each of await parseMail(mail, context)) yield end(each);
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
