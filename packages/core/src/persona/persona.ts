import { personaShow, personaUpdate } from "@mh/contract/persona.ts";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import type { DocumentKind } from "../documents/document.ts";
import { fileWrittenBy, type WrittenDeps } from "../documents/written-by.ts";
import { always, defineOwn, defineQuery } from "../kernel/skill.ts";
import type { Files } from "../ports/files.ts";
import { brokenText, sectionAt, writeSection } from "./persona-documents.ts";
import { lastGoodText, personaPath } from "./section-text.ts";

/** Who the owner is, section by section, as the last good text of each file. */
export function showPersonaSkill({ files }: { files: Files }) {
  return defineQuery(personaShow, {
    run({ section }, { db }) {
      const wanted: readonly PersonaSection[] = section ? [section] : personaSections;
      const sections = wanted.flatMap((name) => {
        const path = personaPath(name);
        const text = lastGoodText(db, name);
        const broken = brokenText(files, path, text);
        return text !== undefined || broken !== null ? [{ section: name, path, text: text ?? "", broken }] : [];
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
        const section = sectionAt(fileWrittenBy(db, deps, commandId)?.path);
        return section && { section, path: personaPath(section) };
      },
    },
    apply: ({ section, text, reason }, context) => ({
      section,
      path: writeSection(deps.kinds, context, section, { text, reason }),
    }),
  });
}
