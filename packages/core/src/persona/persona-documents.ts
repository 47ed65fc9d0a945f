import { Fault } from "@mh/contract/values/fault.ts";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import type { DocumentKind } from "../documents/document.ts";

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
