import { Fault } from "@mh/contract/values/fault.ts";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import { type DocumentKind, writeDocument } from "../documents/document.ts";
import { textIn } from "../documents/markdown.ts";
import { keepReason } from "../documents/reasons.ts";
import type { OwnContext } from "../kernel/skill.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";
import { decisionRulesIn } from "./decision-rules.ts";
import { entriesIn } from "./entries.ts";
import { goalsIn } from "./goals.ts";
import { routinesIn } from "./routines.ts";
import { personaPath } from "./section-text.ts";

const charactersMax = 200_000;

/** How a section is read; whatever it throws keeps its last good text in force. */
const readers: Readonly<Record<PersonaSection, (path: string, text: string) => unknown>> = {
  persona: entriesIn,
  values: entriesIn,
  goals: goalsIn,
  relationships: entriesIn,
  routines: routinesIn,
  "decision-rules": decisionRulesIn,
};

export const personaDocuments: DocumentKind = {
  where: "persona",
  keepsFormer: true,
  owns: (path) => sectionAt(path) !== undefined,
  check(path, text) {
    if (text.length > charactersMax) throw new Fault("document.invalid", `${path} is longer than 200,000 characters.`);
    const section = sectionAt(path);
    if (section) readers[section](path, text);
  },
  project(_db, path, text) {
    this.check(path, text);
  },
  drop: () => undefined,
};

export const sectionAt = (path: string | undefined): PersonaSection | undefined =>
  personaSections.find((section) => personaPath(section) === path);

/** Writes a section anew, and why it is changed. */
export function writeSection(
  kinds: readonly DocumentKind[],
  context: Pick<OwnContext, "tx" | "commandId" | "principal">,
  section: PersonaSection,
  { text, reason }: { text: string; reason?: string | undefined },
): string {
  const { tx, commandId } = context;
  const path = personaPath(section);
  const whole = `${text.trimEnd()}\n`;
  personaDocuments.check(path, whole);
  const before = tx.read(path);
  if (before && decodeUtf8(before) === whole)
    throw new Fault("memory.unchanged", `${path} says just that already; nothing was written.`);
  writeDocument(tx, kinds, commandId, path, whole);
  keepReason(tx, context, reason);
  return path;
}

/** Why what the file says now is not taken; null where it is in force. */
export function brokenText(files: Files, path: string, inForce: string | undefined): string | null {
  const bytes = files.read(path);
  if (bytes === undefined || decodeUtf8(bytes) === (inForce ?? null)) return null;
  try {
    personaDocuments.check(path, textIn(path, bytes));
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
  return null;
}
