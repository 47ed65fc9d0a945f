import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { type DocumentKind, writeDocument } from "../documents/document.ts";
import { defineOwn, defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import { always } from "../kernel/skill.ts";
import { writeManifest } from "../kernel/write-manifest.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import { type PersonaSection, personaPath, personaSections } from "./persona-documents.ts";

const showInput = z.strictObject({ section: z.enum(personaSections).optional() });
const section = z.strictObject({ section: z.enum(personaSections), path: z.string(), text: z.string() });
type Section = z.infer<typeof section>;

/** Who the owner is, section by section, as the last good text of each file. */
export function showPersonaSkill() {
  return defineQuery<z.infer<typeof showInput>, { sections: Section[] }>({
    manifest: readManifest(
      "persona.show",
      "Show your persona",
      showInput,
      z.strictObject({ sections: z.array(section) }),
    ),
    classify: always("read"),
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

const updateInput = z.strictObject({ section: z.enum(personaSections), text: z.string().min(1).max(200_000) });
const output = z.strictObject({ section: z.enum(personaSections), path: z.string() });

/** Rewrites one section. The text before is kept for undoing. */
export function updatePersonaSkill(deps: { kinds: readonly DocumentKind[] }) {
  return defineOwn<z.infer<typeof updateInput>, z.infer<typeof output>>({
    manifest: writeManifest("persona.update", "Rewrite a part of your persona", {
      input: updateInput,
      output,
      event: "persona.updated",
      control: ["section", "text"],
    }),
    classify: always("write", "high"),
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
