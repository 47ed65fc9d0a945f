import type { PersonaSection } from "@mh/contract/values/persona-sections.ts";
import { textInForce } from "../documents/document.ts";
import { textIn } from "../documents/markdown.ts";
import type { OwnContext } from "../kernel/skill.ts";
import type { Database } from "../ports/database.ts";

export const personaPath = (section: PersonaSection): string => `persona/${section}.md`;

/** What is in force of a section; undefined where nothing ever was. */
export const lastGoodText = (db: Database, section: PersonaSection): string | undefined =>
  textInForce(db, personaPath(section));

/** What is in force of a section; empty where nothing is. */
export const sectionText = (db: Database, section: PersonaSection): string => lastGoodText(db, section) ?? "";

/** What stands in the file of a section, to be written on: nothing is written into what nobody can read. */
export function standingText(tx: Pick<OwnContext["tx"], "read">, section: PersonaSection): string {
  const path = personaPath(section);
  const bytes = tx.read(path);
  return bytes ? textIn(path, bytes) : "";
}
