import { fileRead, fileRemove, fileWrite, outFolder } from "@mh/contract/files.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { fileWrittenBy, type WrittenDeps } from "../documents/written-by.ts";
import { always, defineOwn, defineQuery } from "../kernel/skill.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";

/** Writes a text file below `out/files`. What stood there is kept for undoing. */
export function writeFileSkill(deps: WrittenDeps) {
  return defineOwn(fileWrite, {
    stored: {
      recall(db, commandId) {
        const { path, bytes } = fileWrittenBy(db, deps, commandId) ?? {};
        return path === undefined || !bytes ? undefined : { path, bytes: bytes.length };
      },
    },
    apply({ path, text }, { tx }) {
      const full = placeOf(deps.files, path);
      const bytes = utf8.encode(text);
      tx.write(full, bytes);
      return { path: full, bytes: bytes.length };
    },
  });
}

/** Removes a file below `out/files`. */
export function removeFileSkill(deps: WrittenDeps) {
  return defineOwn(fileRemove, {
    classify: always("write", "medium"),
    stored: {
      recall(db, commandId) {
        const written = fileWrittenBy(db, deps, commandId);
        return written && { path: written.path };
      },
    },
    apply({ path }, { tx }) {
      const full = placeOf(deps.files, path);
      if (!tx.read(full)) throw new Fault("file.not-found", `There is no ${full}.`);
      tx.write(full, undefined);
      return { path: full };
    },
  });
}

export function readFileSkill(deps: { files: Files }) {
  return defineQuery(fileRead, {
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
  const full = `${outFolder}/${path}`;
  const link = files.linkOn(full);
  if (link) throw new Fault("args.invalid", `${link} is a link, and links are not followed.`);
  return full;
}
