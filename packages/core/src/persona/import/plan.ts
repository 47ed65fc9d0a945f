import type { PersonaImportLine } from "@mh/contract/persona-import.ts";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import { tellingWords } from "../../facts/claim-words.ts";
import { isDenied } from "../../facts/statements/statements.ts";
import { slugOf } from "../../memory/slug.ts";
import { entriesIn } from "../entries.ts";
import { goalPoint, goalsIn, goalsPath, horizonOf, withPoints } from "../goals.ts";
import { type ImportFile, type Sorted, sortFile } from "./sort.ts";

/** The text of a section as it stands; empty where nothing does. */
type TextOf = (section: PersonaSection) => string;

/** Says of each line of files from elsewhere what an import does with it: those before a line count as standing. */
export function planImport(
  files: readonly ImportFile[],
  textOf: TextOf,
): (PersonaImportLine & Pick<Sorted, "box" | "headings">)[] {
  const standing = new Standings();
  for (const section of personaSections)
    for (const { text } of entriesIn("", textOf(section))) standing.add(section, standingOf(text));
  return files.flatMap(sortFile).map((sorted) => {
    const { file, line, text, section, why, box, headings } = sorted;
    const told = { file, line, text, section: section ?? null, why, against: null, box, headings };
    if (section === undefined) return { ...told, state: "left out" as const };
    if (harmless(text) === "")
      return { ...told, section: null, why: "nothing is said there", state: "left out" as const };
    const own = standingOf(harmless(text));
    if (standing.has(own.key) || standing.has(slugOf(withoutBraces(text)))) return { ...told, state: "known" as const };
    const against = standing.against(section, own);
    if (against !== undefined) return { ...told, state: "conflict" as const, against };
    standing.add(section, own);
    return { ...told, state: "new" as const };
  });
}

interface Standing {
  key: string;
  label: string | undefined;
  /** Its words in one order, whatever theirs is; empty where it has none that tell anything. */
  words: string;
  isDenied: boolean;
  text: string;
}

const withoutBraces = (text: string): string =>
  text
    .trimEnd()
    .replace(/\{[^{}]*\}$/, "")
    .trimEnd();

function standingOf(text: string): Standing {
  const plain = withoutBraces(text);
  const label = /^([\p{L}][\p{L} '’-]{1,30}):\s*\S/u.exec(plain)?.[1]?.toLowerCase();
  const words = [...tellingWords(plain)].sort().join(" ");
  return { key: slugOf(plain), label, words, isDenied: isDenied(plain), text: plain };
}

/** What stands, found by what another line would have in common with it. */
class Standings {
  readonly #keys = new Set<string>();
  readonly #texts = new Map<string, string>();

  has = (key: string): boolean => this.#keys.has(key);

  add(section: PersonaSection, { key, label, words, isDenied, text }: Standing): void {
    this.#keys.add(key);
    const marks = [label !== undefined && `${section} label ${label}`, words && `${section} ${isDenied} ${words}`];
    for (const mark of marks) if (mark && !this.#texts.has(mark)) this.#texts.set(mark, text);
  }

  /** The same label with something else behind it; or the same words, of which one says no. */
  against(section: PersonaSection, { label, words, isDenied }: Standing): string | undefined {
    const labelled = label === undefined ? undefined : this.#texts.get(`${section} label ${label}`);
    return labelled ?? (words === "" ? undefined : this.#texts.get(`${section} ${!isDenied} ${words}`));
  }
}

type Line = ReturnType<typeof planImport>[number];

/** The text of a section with new lines below a heading that says where they came from. */
export function withImported(section: PersonaSection, text: string, lines: readonly Line[]): string {
  if (section === "goals") return withImportedGoals(text, lines);
  // It may stand below a heading of the owner's that says otherwise: what comes from elsewhere is never a hard rule.
  const mark = section === "decision-rules" ? " {soft}" : "";
  const blocks = [...Map.groupBy(lines, ({ file }) => file)].map(([file, own]) =>
    [`## From ${visibleName(file)}`, "", ...own.map((line) => `- ${harmless(line.text)}${mark}`)].join("\n"),
  );
  return [text.trimEnd(), ...blocks].filter(Boolean).join("\n\n");
}

function withImportedGoals(text: string, lines: readonly Line[]): string {
  const keys = new Set(goalsIn(goalsPath, text).map(({ key }) => key));
  const said = lines.map(({ text: words, headings, box }) => ({
    horizon: horizonOf(headings) ?? ("medium" as const),
    point: goalPoint(keys, harmless(words), { status: box }),
  }));
  return [...Map.groupBy(said, ({ horizon }) => horizon)].reduce(
    (next, [horizon, own]) =>
      withPoints(
        next,
        horizon,
        own.map(({ point }) => point),
      ),
    text,
  );
}

/** What stands in braces would be read as the owner's own mark, and headings and boxes as those of the file. */
const harmless = (text: string): string =>
  text
    .replaceAll("{", "(")
    .replaceAll("}", ")")
    .replace(/^(?:(?:#+|\[[^\]]\])(?:\s+|$))+/, "");
const visibleName = (file: string): string => harmless(file.replace(/[\r\n]+/g, " ")).slice(0, 200);
