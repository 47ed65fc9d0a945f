import type { Found } from "./found.ts";
import { asFound, memoriesOf, type NoteContext, readable } from "./note.ts";
import type { Property } from "./properties.ts";
import { type Section, sectionPieces } from "./sections.ts";

const linesMax = 50_000;

/** An Org file (https://orgmode.org/worg/org-syntax.html): its keywords and drawers, and a section for each headline. */
export function parseOrg(path: string, text: string, context: NoteContext): Found[] {
  const { warnings = [] } = context;
  const lines = readable(text, warnings).split(/\r?\n/);
  if (lines.length > linesMax) warnings.push("Only the first 50,000 lines were read.");
  const properties: Property[] = [];
  const tags: string[] = [];
  const sections: Section[] = [];
  const trail: { depth: number; heading: string }[] = [];
  let title: string | undefined;
  let open = { heading: "", path: [] as string[], lines: [] as string[] };
  let block: "source" | "drawer" | "log" | undefined;
  const close = (nextDepth: number) => {
    const content = linked(open.lines.join("\n")).trim();
    const isAlone = open.heading !== "" && nextDepth <= (trail.at(-1)?.depth ?? 0);
    if (content !== "" || isAlone) sections.push(...sectionPieces(open.heading, open.path, content));
  };
  for (const line of lines.slice(0, linesMax)) {
    if (block !== undefined) {
      if (block === "source" ? /^\s*#\+end_/i.test(line) : /^\s*:END:\s*$/i.test(line)) block = undefined;
      else if (block === "source") open.lines.push(line);
      else if (block === "drawer") drawer(line);
      continue;
    }
    const headline = /^(\*{1,50})\s+(.{1,2000})$/.exec(line);
    const keyword = /^\s*#\+([\w-]{1,40}):\s*(.{0,2000})$/.exec(line);
    if (headline) {
      const depth = headline[1]?.length ?? 1;
      close(depth);
      const [, written = "", own = ""] =
        /^(.*?)(?:(?<!\s)\s+(:[\w@#%:]+:))?$/u.exec(headline[2]?.trimEnd() ?? "") ?? [];
      tags.push(...own.split(":").filter(Boolean));
      const heading = linked(written).slice(0, 500).toWellFormed();
      while ((trail.at(-1)?.depth ?? 0) >= depth) trail.pop();
      trail.push({ depth, heading });
      open = { heading, path: trail.map((above) => above.heading), lines: [] };
    } else if (/^\s*#\+begin_/i.test(line)) block = "source";
    else if (/^\s*:PROPERTIES:\s*$/i.test(line)) block = "drawer";
    else if (/^\s*:(?:LOGBOOK|CLOCK):\s*$/i.test(line)) block = "log";
    else if (keyword) setting(keyword[1] ?? "", keyword[2] ?? "");
    else if (!/^\s*#(?:\s|$)/.test(line)) open.lines.push(line);
  }
  close(0);
  return asFound(path, memoriesOf(path, { title, aliases: [], tags: tagsOf(tags), properties, sections }, context));

  function setting(name: string, value: string): void {
    const key = name.toLowerCase();
    if (key === "title") title = value.trim() || undefined;
    else if (key === "filetags") tags.push(...value.split(/[:\s]+/).filter(Boolean));
    else if (value.trim() !== "" && !/^(?:startup|options|property|seq_todo|todo|setupfile|latex.*|html.*)$/.test(key))
      properties.push({ name: key, values: [stamp(value.trim())] });
  }

  /** The file's own properties are the note's; those of a headline are its text. */
  function drawer(line: string): void {
    const [, name = "", value = ""] = /^\s*:([^:\s]{1,100}):\s+(.{1,2000})$/.exec(line) ?? [];
    if (name === "" || /^(?:id|custom_id)$/i.test(name)) return;
    if (open.heading === "") properties.push({ name: name.toLowerCase(), values: [stamp(value.trim())] });
    else open.lines.push(`${name.toLowerCase()}: ${value.trim()}`);
  }
}

const tagsOf = (tags: readonly string[]): string[] => [...new Set(tags.map((tag) => tag.toLowerCase()))];

/** `<2026-03-01 Sun 10:00>` as the date that it is. */
function stamp(value: string): string {
  const [, day, time] =
    /^[[<](\d{4}-\d{2}-\d{2})(?:\s+[^\s\d>\]]{1,20})?(?:\s+(\d{1,2}:\d{2}))?[^>\]]{0,40}[\]>]$/u.exec(value) ?? [];
  return day === undefined ? value : [day, time].filter(Boolean).join(" ");
}

/** Links as other notes write them: `[[target][words]]` is `[[target|words]]`, an address stays what it is. */
function linked(text: string): string {
  return text.replace(/\[\[([^[\]\n]{1,500})\](?:\[([^[\]\n]{1,500})\])?\]/g, (_, target: string, words?: string) => {
    if (/^(?:https?|mailto):/i.test(target)) return words === undefined ? target : `${words} (${target})`;
    const page = target.replace(/^(?:file|id|roam):/i, "").replace(/\.org(?:::.*)?$/i, "");
    return words === undefined ? `[[${page}]]` : `[[${page}|${words}]]`;
  });
}
