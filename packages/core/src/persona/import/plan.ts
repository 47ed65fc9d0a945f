import type { PersonaImportLine } from "@mh/contract/persona-import.ts";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import { tellingWords } from "../../facts/claim-words.ts";
import { isDenied } from "../../facts/statements/statements.ts";
import { slugOf } from "../../memory/slug.ts";
import { entriesIn } from "../entries.ts";
import { goalsIn, withGoal } from "../goals.ts";
import { personaPath } from "../persona-documents.ts";
import { type ImportFile, type Sorted, sortFile } from "./sort.ts";

/** The text of a section as it stands; empty where nothing does. */
type TextOf = (section: PersonaSection) => string;

interface Standing {
  key: string;
  label: string | undefined;
  words: ReadonlySet<string>;
  text: string;
}

/** Says of each line of files from elsewhere what an import does with it: those before a line count as standing. */
export function planImport(
  files: readonly ImportFile[],
  textOf: TextOf,
): (PersonaImportLine & Pick<Sorted, "box" | "headings">)[] {
  const standing = new Map(
    personaSections.map((section) => [section, entriesIn("", textOf(section)).map(({ text }) => standingOf(text))]),
  );
  const all = [...standing.values()];
  return files.flatMap(sortFile).map((sorted) => {
    const { file, line, text, section, why, box, headings } = sorted;
    const told = { file, line, text, section: section ?? null, why, against: null, box, headings };
    if (section === undefined) return { ...told, state: "left out" as const };
    const own = standingOf(harmless(text));
    const keys = [own.key, standingOf(text).key];
    if (all.some((each) => each.some(({ key }) => keys.includes(key)))) return { ...told, state: "known" as const };
    const against = standing.get(section)?.find((other) => isAgainst(other, own));
    if (against) return { ...told, state: "conflict" as const, against: against.text };
    standing.get(section)?.push(own);
    return { ...told, state: "new" as const };
  });
}

function standingOf(text: string): Standing {
  const plain = text.replace(/\s*\{[^{}]*\}\s*$/, "");
  const label = /^([\p{L}][\p{L} '’-]{1,30}):\s*\S/u.exec(plain)?.[1]?.toLowerCase();
  return { key: slugOf(plain), label, words: tellingWords(plain), text: plain };
}

/** The same label with something else behind it; or the same words, of which one says no. */
function isAgainst(a: Standing, b: Standing): boolean {
  if (a.label !== undefined && a.label === b.label) return true;
  const isSame = a.words.size > 0 && a.words.size === b.words.size && [...a.words].every((word) => b.words.has(word));
  return isSame && isDenied(a.text) !== isDenied(b.text);
}

type Line = ReturnType<typeof planImport>[number];

/** The text of a section with new lines below a heading that says where they came from. */
export function withImported(section: PersonaSection, text: string, lines: readonly Line[]): string {
  if (section === "goals") return lines.reduce(withImportedGoal, text);
  const blocks = [...Map.groupBy(lines, ({ file }) => file)].map(([file, own]) =>
    [`## From ${visibleName(file)}`, "", ...own.map((line) => `- ${harmless(line.text)}`)].join("\n"),
  );
  return [text.trimEnd(), ...blocks].filter(Boolean).join("\n\n");
}

function withImportedGoal(text: string, { text: words, headings, box }: Line): string {
  const above = headings.join(" ");
  const horizon = /\b(?:short|kurz)/i.test(above) ? "short" : /\b(?:long|lang)/i.test(above) ? "long" : "medium";
  const title = harmless(words);
  const added = withGoal(text, goalsIn(personaPath("goals"), text), { title, horizon });
  return box === "done" || box === "dropped"
    ? added.replace(`- [ ] ${title}`, `- [${box === "done" ? "x" : "-"}] ${title}`)
    : added;
}

/** What stands in braces would be read as the owner's own mark, and a heading or a box as one of the file. */
const harmless = (text: string): string =>
  text
    .replaceAll("{", "(")
    .replaceAll("}", ")")
    .replace(/^(?:#+|\[[^\]]\])\s+/, "");
const visibleName = (file: string): string => harmless(file.replace(/[\r\n]+/g, " ")).slice(0, 200);
