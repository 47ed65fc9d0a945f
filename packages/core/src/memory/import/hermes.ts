import type { Found } from "./found.ts";
import { type NoteContext, parseNote } from "./markdown.ts";
import { asFound, idPartOf, memoriesOf, readable, writtenBy } from "./note.ts";
import { plainSections } from "./sections.ts";

const settings = new Set(["SOUL.md", "AGENTS.md", "TOOLS.md", "IDENTITY.md", "CLAUDE.md", "README.md"]);
const assistant = "Hermes";

/**
 * One file of a Hermes home: its memories stand in one file, parted by lines of `§`. What the assistant wrote is an
 * artifact, never the owner's own words. An entry is known by what it says: the file has no other names for them.
 */
export function parseHermes(path: string, text: string, context: NoteContext): Found[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (settings.has(name)) return [{ note: "It sets the assistant up and is no memory.", where: path }];
  if (/^(?:skills|hooks|plugins|cron)\//.test(path))
    return [{ note: "It belongs to a skill of the assistant and is no memory.", where: path }];
  const entries = readable(text, context.warnings)
    .split(/^§[ \t]*\r?$/m)
    .map((entry) => entry.trim())
    .filter(Boolean);
  if (entries.length < 2) return writtenBy(assistant, asFound(path, parseNote(path, text, context)));
  const seen = new Map<string, number>();
  return writtenBy(
    assistant,
    entries.flatMap((entry) => {
      // It keeps its name while its first words stay.
      const slug = idPartOf(entry, 8) || "entry";
      const count = (seen.get(slug) ?? 0) + 1;
      seen.set(slug, count);
      const id = `${path}#${slug}${count > 1 ? `-${count}` : ""}`;
      const note = { aliases: [], tags: [], properties: [], sections: plainSections(entry) };
      const items = memoriesOf(path, note, context);
      return asFound(
        path,
        items.map((item, n) => ({ ...item, externalId: n > 0 ? `${id}~${n + 1}` : id })),
      );
    }),
  );
}
