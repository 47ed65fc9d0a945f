import { once } from "@mh/contract/once.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { MemoryKind } from "@mh/contract/values/memory-kinds.ts";
import { z } from "zod";
import { hashtagsOf } from "../memory/extract/tags.ts";
import { dropMemory, putMemory } from "../memory/project.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { originsOf } from "./authors.ts";
import { type DocumentKind, idOfPath } from "./document.ts";
import { invalid, readMarkdown } from "./markdown.ts";

/** Memories that are one Markdown file each, and the folders they lie in. */
export const noteFolders = { procedural: "memory/procedural", preference: "memory/preferences" } as const;
export type NoteKind = keyof typeof noteFolders;

const listed = once(() => z.union([z.array(z.coerce.string()), z.string().transform((text) => text.split(/[\s,]+/))]));
const noteSchema = once(() =>
  z.looseObject({
    id: z.string().min(6).max(100).optional(),
    title: z.coerce.string().max(500).nullish(),
    tags: listed().nullish(),
    created: z.string().nullish(),
    /** Who wrote it, where not the owner. */
    by: listed().nullish(),
    /** The memories that it was learned from, and the proposal that said so. */
    sources: listed().nullish(),
    proposal: z.coerce.string().max(100).nullish(),
  }),
);

export function noteDocuments(crypto: Crypto): DocumentKind[] {
  return Object.entries(noteFolders).map(([kind, folder]) => ({
    where: folder,
    owns: (path) => path.startsWith(`${folder}/`) && path.endsWith(".md"),
    check: (path, text) => void readNote(crypto, path, text, kind as NoteKind, unasked),
    idOf: (path, text) => readNote(crypto, path, text, kind as NoteKind, unasked).id,
    project(db, path, text, changedAt, byHand) {
      const record = readNote(crypto, path, text, kind as NoteKind, { changedAt, byHand });
      const other = db.prepare("SELECT file FROM memories WHERE id = ? AND file <> ?").get(record.id, path);
      if (other) throw invalid(path, 1, `${(other as { file: string }).file} has the same id`);
      dropNote(db, path, record.id);
      putMemory(db, crypto, record, path);
    },
    drop: (db, path) => dropNote(db, path),
  }));
}

interface Came {
  changedAt: number;
  byHand: boolean;
}
/** Where only its form or its id is wanted. */
const unasked: Came = { changedAt: 0, byHand: false };

function readNote(
  crypto: Crypto,
  path: string,
  text: string,
  kind: NoteKind,
  { changedAt, byHand }: Came,
): MemoryRecord {
  const { front, body } = readMarkdown(path, text, noteSchema());
  const id = front.id ?? idOfPath(crypto.sha256Hex, path);
  const name = path.slice(path.lastIndexOf("/") + 1, -".md".length).replaceAll("-", " ");
  const title = front.title ?? (body === "" ? name : undefined);
  const created = instant(front.created) ?? new Date(changedAt).toISOString();
  return {
    v: 1,
    id,
    rev: 1,
    op: "put",
    cmd: "",
    kind: kind satisfies MemoryKind,
    at: created,
    recordedAt: created,
    eventAt: [],
    content: [title, body].filter(Boolean).join("\n\n"),
    tags: [...new Set([...(front.tags ?? []), ...hashtagsOf(body)])].filter(Boolean),
    entities: [],
    source: kind,
    origins: originsOf(path, front.by, byHand),
    links: [
      ...(front.proposal ? [{ type: "proposal", to: front.proposal }] : []),
      ...(front.sources ?? []).filter(Boolean).map((to) => ({ type: "source", to })),
    ],
    count: 1,
  };
}

function instant(text: string | null | undefined): string | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** Takes out what the file said before, under whatever id. */
function dropNote(db: Database, path: string, except = ""): void {
  const sql = "SELECT id FROM memories WHERE file = ? AND kind IN ('procedural', 'preference') AND id <> ?";
  const rows = db.prepare(sql).all(path, except) as { id: string }[];
  for (const { id } of rows) {
    dropMemory(db, id);
    db.prepare("DELETE FROM lines WHERE id = ?").run(id);
  }
}
