import { personaShow, personaUpdate } from "@mh/contract/persona.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import { type DocumentKind, writeDocument } from "../documents/document.ts";
import { fileWrittenBy, type WrittenDeps } from "../documents/written-by.ts";
import { always, defineOwn, defineQuery } from "../kernel/skill.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import { personaPath } from "./persona-documents.ts";

/** Who the owner is, section by section, as the last good text of each file. */
export function showPersonaSkill() {
  return defineQuery(personaShow, {
    run({ section }, { db }) {
      const wanted: readonly PersonaSection[] = section ? [section] : personaSections;
      const read = db.prepare("SELECT text FROM documents WHERE path = ?");
      const sections = wanted.flatMap((name) => {
        const row = read.get(personaPath(name)) as { text: string } | undefined;
        return row ? [{ section: name, path: personaPath(name), text: row.text }] : [];
      });
      return { sections };
    },
  });
}

/** Rewrites one section. The text before is kept for undoing. */
export function updatePersonaSkill(deps: WrittenDeps & { kinds: readonly DocumentKind[] }) {
  return defineOwn(personaUpdate, {
    classify: always("write", "high"),
    stored: {
      recall(db, commandId) {
        const path = fileWrittenBy(db, deps, commandId)?.path;
        const section = personaSections.find((each) => personaPath(each) === path);
        return section && { section, path: personaPath(section) };
      },
    },
    apply({ section, text }, { tx, commandId }) {
      const path = personaPath(section);
      const whole = `${text.trimEnd()}\n`;
      const before = tx.read(path);
      if (before && decodeUtf8(before) === whole) {
        throw new Fault("memory.unchanged", `${path} says just that already; nothing was written.`);
      }
      writeDocument(tx, deps.kinds, commandId, path, whole);
      return { section, path };
    },
  });
}
