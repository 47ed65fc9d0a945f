import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { defineOwn, defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import { always } from "../kernel/skill.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";

const folder = "out/files";

/** A path below `out/files`: plain names, no way out, nothing that another system would read otherwise. */
const pathSchema = z
  .string()
  .min(1)
  .max(500)
  .refine((path) => path === path.normalize("NFC") && path.isWellFormed(), "a path is written in NFC")
  .refine(
    (path) =>
      path.split("/").every((part) => /^[^\p{Cc}\p{Cf}\\:*?"<>|/]{1,120}$/u.test(part) && !/^\.|[. ]$/.test(part)),
    "a path is plain names with slashes between, below out/files; no name begins with a dot",
  );

const writeInput = z.strictObject({ path: pathSchema, text: z.string().max(8_000_000) });
const written = z.strictObject({ path: z.string(), bytes: z.number() });

/** Writes a text file below `out/files`. What stood there is kept for undoing. */
export function writeFileSkill(deps: { files: Files }) {
  return defineOwn<z.infer<typeof writeInput>, z.infer<typeof written>>({
    manifest: {
      name: "file.write",
      version: "1.0.0",
      title: "Write a file in out/files",
      input: writeInput,
      output: written,
      effects: ["write"],
      permissions: { paths: [folder] },
      control: ["path"],
      provenance: { types: { path: "path" } },
      undo: "mh undo",
      retry: "safe",
      event: "file.written",
    },
    classify: always("write"),
    apply({ path, text }, { tx }) {
      const full = placeOf(deps.files, path);
      const bytes = utf8.encode(text);
      tx.write(full, bytes);
      return { path: full, bytes: bytes.length };
    },
  });
}

const byPath = z.strictObject({ path: pathSchema });

/** Removes a file below `out/files`. */
export function removeFileSkill(deps: { files: Files }) {
  const output = z.strictObject({ path: z.string() });
  return defineOwn<z.infer<typeof byPath>, { path: string }>({
    manifest: {
      name: "file.remove",
      version: "1.0.0",
      title: "Remove a file from out/files",
      input: byPath,
      output,
      effects: ["write"],
      permissions: { paths: [folder] },
      control: ["path"],
      undo: "mh undo",
      retry: "safe",
      event: "file.removed",
    },
    classify: always("write", "medium"),
    apply({ path }, { tx }) {
      const full = placeOf(deps.files, path);
      if (!tx.read(full)) throw new Fault("file.not-found", `There is no ${full}.`);
      tx.write(full, undefined);
      return { path: full };
    },
  });
}

export function readFileSkill(deps: { files: Files }) {
  const output = z.strictObject({ path: z.string(), text: z.string() });
  return defineQuery<z.infer<typeof byPath>, { path: string; text: string }>({
    manifest: readManifest("file.read", "Read a file of out/files", byPath, output),
    classify: always("read"),
    run({ path }) {
      const full = placeOf(deps.files, path);
      const bytes = deps.files.read(full);
      const text = bytes && decodeUtf8(bytes);
      if (text !== undefined) return { path: full, text };
      throw new Fault("file.not-found", bytes ? `${full} is not text.` : `There is no ${full}.`);
    },
  });
}

/** A link below the folder may lead anywhere: none is followed. */
function placeOf(files: Files, path: string): string {
  const full = `${folder}/${path}`;
  const link = files.linkOn(full);
  if (link) throw new Fault("args.invalid", `${link} is a link, and links are not followed.`);
  return full;
}
