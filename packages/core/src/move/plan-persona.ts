import { Fault } from "@mh/contract/values/fault.ts";
import { tried } from "../model/tried.ts";
import { reasonsToRefuse } from "../persona/import/for-machine.ts";
import { personaDocuments } from "../persona/persona-documents.ts";
import { personaPath } from "../persona/section-text.ts";
import type { MovedFolder } from "./folder.ts";
import { left, type Planned } from "./move-plan.ts";
import type { MovedInto } from "./moved-into.ts";

interface PersonaText {
  /** Its place, and what it is called there. */
  from: string;
  name: string;
  text: string | Fault;
}

const section = "persona";
const shownMax = 12;

/** Texts at these places, in their order. */
export const textsIn = (folder: MovedFolder, places: readonly string[]): PersonaText[] =>
  places
    .flatMap((place) => folder.files(place))
    .map((from) => ({ from, name: from.slice(from.lastIndexOf("/") + 1), text: tried(() => folder.text(from)) }));

/** One part of the persona of all texts that say who somebody is. It is written where nothing is; what it says is shown. */
export function planPersona(program: string, texts: readonly PersonaText[], here: MovedInto): Planned[] {
  const unread: Planned[] = [];
  const read: { from: string; name: string; text: string }[] = [];
  for (const { from, name, text } of texts) {
    if (text instanceof Fault) unread.push(left("persona", from, name, text.message));
    else {
      const { kept, refused } = withoutRights(text);
      unread.push(...refused.slice(0, shownMax).map(({ line, why }) => left("persona", from, line, why)));
      if (refused.length > shownMax)
        unread.push(left("persona", from, `${refused.length - shownMax} more lines`, "they are of the same kinds"));
      if (kept !== "") read.push({ from, name, text: kept });
    }
  }
  const [first] = read;
  if (!first) return unread;
  const words = read.length === 1 ? first.text : read.map(({ name, text }) => `# ${name}\n\n${text}`).join("\n\n");
  const item = {
    kind: "persona" as const,
    from: first.from,
    title: `who you are, of ${read.map(({ name }) => name).join(", ")}`,
  };
  const wrong = tried(() => personaDocuments.check(personaPath(section), `${words}\n`));
  if (wrong instanceof Fault) return [...unread, left("persona", first.from, item.title, wrong.message)];
  const before = here.persona.trim();
  if (before === words) return [...unread, { ...item, state: "same", notes: [] }];
  const lines = words.split("\n").filter((line) => line.trim() !== "");
  const notes = [
    ...lines.slice(0, shownMax),
    ...(lines.length > shownMax ? [`… and ${lines.length - shownMax} more lines`] : []),
  ];
  const command = `mh persona edit ${section}`;
  if (before !== "")
    return [
      ...unread,
      { ...item, state: "conflict", why: "Your persona says something else, and stays", notes, command },
    ];
  const does = [{ skill: "persona.update", args: { section, text: words, reason: `Moved in from ${program}` } }];
  return [...unread, { ...item, state: "new", notes, does }];
}

/** Without lines that would give something away, or take the word from the owner: those are named, and stay where they are. */
function withoutRights(text: string): { kept: string; refused: { line: string; why: string }[] } {
  const lines = text.split("\n");
  const reasons = reasonsToRefuse(lines);
  const refused = lines.flatMap((line, n) => {
    const why = reasons[n];
    return why === undefined ? [] : [{ line: line.trim().slice(0, 200), why }];
  });
  const kept = lines.filter((_, n) => reasons[n] === undefined);
  return { kept: kept.join("\n").trim(), refused };
}
