import { isOwner } from "@mh/contract/values/principal.ts";
import { contentSchema } from "@mh/contract/values/text.ts";
import { z } from "zod";
import { type DocumentKind, freePath, writeDocument } from "../../documents/document.ts";
import { makeMarkdown } from "../../documents/markdown.ts";
import { type NoteKind, noteFolders } from "../../documents/notes.ts";
import { defineOwn } from "../../kernel/legacy.ts";
import { always, type OwnContext } from "../../kernel/skill.ts";
import { writeManifest } from "../../kernel/write-manifest.ts";
import type { Crypto } from "../../ports/crypto.ts";
import { slugOf } from "../slug.ts";

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
    manifest: writeManifest("memory.learn", "Remember how something is done", {
      input: learnInput,
      output,
      event: "memory.learned",
    }),
    classify: always("write"),
    apply: (args, context) => write(deps, "procedural", context, args),
  });
}

/** Keeps what the owner likes, wants or does not want. */
export function preferSkill(deps: NoteDeps) {
  return defineOwn<z.infer<typeof preferInput>, z.infer<typeof output>>({
    manifest: writeManifest("memory.prefer", "Remember a preference", {
      input: preferInput,
      output,
      event: "memory.preferred",
    }),
    classify: always("write"),
    apply: (args, context) => write(deps, "preference", context, args),
  });
}

function write(
  deps: NoteDeps,
  kind: NoteKind,
  { tx, commandId, principal }: OwnContext,
  { title, text, tags }: { title?: string; text: string; tags?: string[] | undefined },
) {
  const id = deps.crypto.id();
  const path = freePath(tx, noteFolders[kind], slugOf(title ?? text), id);
  const front = {
    id,
    ...(title && { title }),
    ...(tags?.length && { tags }),
    created: new Date(tx.now).toISOString(),
    ...(!isOwner(principal) && { by: principal }),
  };
  writeDocument(tx, deps.kinds, commandId, path, makeMarkdown(path, front, text));
  return { id, path };
}
