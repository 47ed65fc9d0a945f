import { memoryLearn, memoryPrefer } from "@mh/contract/memory.ts";
import { authors } from "../../documents/authors.ts";
import { type DocumentKind, freePath, kindFor, writeDocument } from "../../documents/document.ts";
import { makeMarkdown } from "../../documents/markdown.ts";
import { type NoteKind, noteFolders } from "../../documents/notes.ts";
import { fileWrittenBy, type WrittenDeps } from "../../documents/written-by.ts";
import { defineOwn, type OwnContext } from "../../kernel/skill.ts";
import { decodeUtf8 } from "../../ports/bytes.ts";
import type { Database } from "../../ports/database.ts";
import { slugOf } from "../slug.ts";

export interface NoteDeps extends WrittenDeps {
  kinds: readonly DocumentKind[];
}

/** Keeps how something is done, as a Markdown file that may be edited by hand. */
export function learnSkill(deps: NoteDeps) {
  return defineOwn(memoryLearn, {
    stored: { recall: (db, commandId) => noteWrittenBy(db, deps, commandId) },
    apply: (args, context) => writeNote(deps, "procedural", context, args),
  });
}

/** Keeps what the owner likes, wants or does not want. */
export function preferSkill(deps: NoteDeps) {
  return defineOwn(memoryPrefer, {
    stored: { recall: (db, commandId) => noteWrittenBy(db, deps, commandId) },
    apply: (args, context) => writeNote(deps, "preference", context, args),
  });
}

/** The note that a command wrote, from its file: its id stands in it, edited since or not. */
export function noteWrittenBy(db: Database, deps: NoteDeps, command: string): { id: string; path: string } | undefined {
  const written = fileWrittenBy(db, deps, command);
  if (!written) return undefined;
  const { path } = written;
  const text = decodeUtf8(written.bytes ?? deps.files.read(path) ?? new Uint8Array());
  const id = text && kindFor(deps.kinds, path)?.idOf?.(path, text);
  return id ? { id, path } : undefined;
}

interface NoteText {
  title?: string;
  text: string;
  tags?: string[] | undefined;
  /** Ids of the memories that it was learned from, and of the proposal that said so. */
  sources?: string[];
  proposal?: string;
}

/** Writes a note as a file of its own; who else than the owner has a part in it stands in its front matter. */
export function writeNote(
  deps: NoteDeps,
  kind: NoteKind,
  { tx, commandId, origins }: OwnContext,
  { title, text, tags, sources, proposal }: NoteText,
) {
  const id = deps.crypto.id();
  const path = freePath(tx, noteFolders[kind], slugOf(title ?? text), id);
  const front = {
    id,
    ...(title && { title }),
    ...(tags?.length && { tags }),
    created: new Date(tx.now).toISOString(),
    ...authors([], origins),
    ...(proposal && { proposal }),
    ...(sources?.length && { sources }),
  };
  writeDocument(tx, deps.kinds, commandId, path, makeMarkdown(path, front, text));
  return { id, path };
}
