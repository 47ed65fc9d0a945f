import { z } from "zod";
import { type DocumentKind, freePath, writeDocument } from "../memory/documents/document.ts";
import { makeMarkdown } from "../memory/documents/markdown.ts";
import { type NoteKind, noteFolders } from "../memory/documents/notes.ts";
import { slugOf } from "../memory/slug.ts";
import type { Crypto } from "../ports/crypto.ts";
import { always, defineOwn, type OwnContext } from "../spine/skill.ts";
import { contentSchema } from "./memory-capture.ts";

export interface NoteDeps {
  crypto: Crypto;
  kinds: readonly DocumentKind[];
}

const tags = z.array(z.string().min(1).max(100)).max(100).optional();
const learnInput = z.strictObject({ title: z.string().trim().min(1).max(300), text: contentSchema, tags });
const preferInput = z.strictObject({ text: contentSchema, tags });
const output = z.strictObject({ id: z.string(), path: z.string() });

/** Keeps how something is done, as a Markdown file that may be edited by hand. */
export function learnSkill(deps: NoteDeps) {
  return defineOwn<z.infer<typeof learnInput>, z.infer<typeof output>>({
    manifest: {
      ...noteManifest("learn", "Remember how something is done"),
      input: learnInput,
      event: "memory.learned",
    },
    classify: always("write"),
    apply: (args, context) => write(deps, "procedural", context, args),
  });
}

/** Keeps what the owner likes, wants or does not want. */
export function preferSkill(deps: NoteDeps) {
  return defineOwn<z.infer<typeof preferInput>, z.infer<typeof output>>({
    manifest: { ...noteManifest("prefer", "Remember a preference"), input: preferInput, event: "memory.preferred" },
    classify: always("write"),
    apply: (args, context) => write(deps, "preference", context, args),
  });
}

const noteManifest = (verb: string, title: string) => ({
  name: `memory.${verb}`,
  version: "1.0.0",
  title,
  output,
  effects: ["write"] as const,
  permissions: {},
  control: [],
  undo: "mh undo",
  retry: "safe" as const,
});

function write(
  deps: NoteDeps,
  kind: NoteKind,
  { tx, commandId, principal }: OwnContext,
  { title, text, tags }: { title?: string; text: string; tags?: string[] | undefined },
) {
  const id = deps.crypto.id();
  const path = freePath(tx, noteFolders[kind], slugOf(title ?? text));
  const front = {
    id,
    ...(title && { title }),
    ...(tags?.length && { tags }),
    created: new Date(tx.now).toISOString(),
    ...(principal !== "owner" && { by: principal }),
  };
  writeDocument(tx, deps.kinds, commandId, path, makeMarkdown(path, front, text));
  return { id, path };
}
