import type { Found } from "./found.ts";
import type { ImportItem } from "./item.ts";

const contentMax = 1_000_000;
const idMax = 1_000;
const tagsMax = 100;
const entitiesMax = 100;

/** The item within what a memory can hold, and a remark where something had to go. An empty one is refused. */
export function bounded(item: ImportItem & { externalId: string }, where: string): Found[] {
  const content = storable(item.content);
  const externalId = oneLine(item.externalId, idMax);
  if (content === "") return [{ refused: "It is empty.", externalId, where }];
  const within: ImportItem & { externalId: string } = {
    ...item,
    externalId,
    content: content.slice(0, contentMax).toWellFormed(),
    ...(item.speaker !== undefined && { speaker: oneLine(item.speaker, 200) }),
    ...(item.session !== undefined && { session: oneLine(item.session, idMax) }),
    ...(item.tags && { tags: [...new Set(item.tags.map(tagOf).filter(Boolean))].slice(0, tagsMax) }),
    ...(item.entities && { entities: eachOnce(item.entities).slice(0, entitiesMax) }),
    ...(item.origin !== undefined && { origin: oneLine(item.origin, 300) }),
  };
  const notes: Found[] =
    content.length > contentMax ? [{ note: "Only the first 1,000,000 characters were taken.", where }] : [];
  return [{ item: within, where }, ...notes];
}

/** Text that can be stored: whole characters, no NUL, line feeds only, nothing blank around it. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD").replace(/\r\n?/g, "\n").trim();
}

export function oneLine(text: string, max: number): string {
  return storable(text.slice(0, 4 * max))
    .replace(/\s+/g, " ")
    .slice(0, max)
    .toWellFormed();
}

/** A tag as `#tags` are kept: lower case, in one piece. */
function tagOf(text: string): string {
  return oneLine(text, 100).toLowerCase().replace(/^#+/, "").replaceAll(" ", "-");
}

function eachOnce(entities: NonNullable<ImportItem["entities"]>): NonNullable<ImportItem["entities"]> {
  const byName = new Map(
    entities
      .map(({ name, kind }) => ({ name: oneLine(name, 200), kind }))
      .filter(({ name }) => name !== "")
      .map((entity) => [entity.name.toLowerCase(), entity]),
  );
  return [...byName.values()];
}
