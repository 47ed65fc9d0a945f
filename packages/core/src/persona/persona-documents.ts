import { Fault } from "@mh/contract/values/fault.ts";
import type { DocumentKind } from "../documents/document.ts";

/** Who the owner is, in prose: one Markdown file each. */
export const personaSections = ["persona", "values", "goals", "relationships", "routines", "decision-rules"] as const;
export type PersonaSection = (typeof personaSections)[number];

export const personaPath = (section: PersonaSection): string => `persona/${section}.md`;

const charactersMax = 200_000;

export const personaDocuments: DocumentKind = {
  where: "persona",
  owns: (path) => personaSections.some((section) => path === personaPath(section)),
  check(path, text) {
    if (text.length > charactersMax) throw new Fault("document.invalid", `${path} is longer than 200,000 characters.`);
  },
  project(_db, path, text) {
    this.check(path, text);
  },
  drop: () => undefined,
};
