import { personaImport, personaPreview } from "@mh/contract/persona-import.ts";
import { personaSections } from "@mh/contract/values/persona-sections.ts";
import type { DocumentKind } from "../../documents/document.ts";
import { keepReason } from "../../documents/reasons.ts";
import { always, defineOwn, defineQuery } from "../../kernel/skill.ts";
import { writeSection } from "../persona-documents.ts";
import { sectionText, standingText } from "../section-text.ts";
import { planImport, withImported } from "./plan.ts";

/** What an import would do with each line; nothing is written. */
export function previewPersonaSkill() {
  return defineQuery(personaPreview, {
    run({ files }, { db }) {
      return { lines: shown(planImport(files, (section) => sectionText(db, section))) };
    },
  });
}

/** Writes what is new, as one change: a line at odds with what stands changes nothing, and what is said to a machine stays out. */
export function importPersonaSkill({ kinds }: { kinds: readonly DocumentKind[] }) {
  return defineOwn(personaImport, {
    classify: always("write", "high"),
    stored: "kept",
    apply({ files, reason }, context) {
      const texts = new Map(personaSections.map((section) => [section, standingText(context.tx, section)]));
      const lines = planImport(files, (section) => texts.get(section) ?? "");
      const fresh = Map.groupBy(
        lines.filter(({ state }) => state === "new"),
        ({ section }) => section,
      );
      const why = reason ?? `imported from ${files.map(({ name }) => name).join(", ")}`.slice(0, 2_000);
      const written = personaSections.flatMap((section) => {
        const own = fresh.get(section) ?? [];
        if (own.length === 0) return [];
        const text = withImported(section, texts.get(section) ?? "", own);
        return [{ section, path: writeSection(kinds, context, section, { text }), lines: own.length }];
      });
      if (written.length > 0) keepReason(context.tx, context, why);
      return { written, lines: shown(lines) };
    },
  });
}

const shown = (lines: ReturnType<typeof planImport>) =>
  lines.map(({ box: _box, headings: _headings, ...line }) => line);
