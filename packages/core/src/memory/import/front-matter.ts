import { parse } from "yaml";
import { tooMuchYaml } from "../../model/yaml-bounds.ts";
import type { Property } from "./properties.ts";
import { tomlEntries } from "./toml.ts";

/** What a note says of itself. Each key is the owner's own; a few are read as more than text. */
export type FrontMatter = { title?: string; tags: string[]; aliases: string[]; properties: Property[] };

const none: FrontMatter = { tags: [], aliases: [], properties: [] };
const depthMax = 6;
const valuesMax = 2_000;
/** They stand at the head of the note, and are not said twice. */
const inHead = new Set(["title", "aliases", "alias"]);

/** Parts a note into its front matter and its body. Broken YAML is no reason to lose what it says: it is read by lines. */
export function splitFrontMatter(text: string): { front: FrontMatter; body: string; warning?: string } {
  const toml = /^\+\+\+[ \t]*\r?\n([\s\S]*?)^\+\+\+[ \t]*(?:\r?\n|$)/m.exec(text.startsWith("+++") ? text : "");
  if (toml?.index === 0) return { front: frontOf(tomlEntries(toml[1] ?? "")), body: text.slice(toml[0].length) };
  const opening = /^---[ \t]*\r?\n/.exec(text);
  if (opening === null) return { front: none, body: text };
  const closing = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m.exec(text.slice(opening[0].length));
  if (closing === null) return { front: none, body: text };
  const yaml = text.slice(opening[0].length, opening[0].length + closing.index);
  const body = text.slice(opening[0].length + closing.index + closing[0].length);
  const value = parseYaml(yaml);
  if (value === null) return { front: none, body };
  if (typeof value === "object" && !Array.isArray(value))
    return { front: frontOf(Object.entries(value).map(([name, each]) => ({ name, value: each }))), body };
  const lines = yaml.split("\n").flatMap((line) => {
    const [, name = "", written = ""] = /^([\p{L}\p{N}_][^:\n]{0,100}?)[ \t]*:[ \t]+(\S.*)$/u.exec(line) ?? [];
    return name === "" ? [{ name: "", value: line.replace(/^[\s-]+/, "").trim() }] : [{ name, value: written.trim() }];
  });
  const warning = "The front matter is not valid YAML and was read line by line.";
  return { front: frontOf(lines), body, warning };
}

function frontOf(entries: { name: string; value: unknown }[]): FrontMatter {
  const of = (...names: string[]) =>
    entries.filter(({ name }) => names.includes(name.toLowerCase())).map(({ value }) => value);
  const title = of("title").flatMap((value) => textsOf(value).slice(0, 1))[0];
  return {
    ...(title === undefined || title === "" ? {} : { title }),
    tags: of("tags", "tag").flatMap(words),
    aliases: of("aliases", "alias").flatMap(listed),
    properties: entries
      .filter(({ name }) => !inHead.has(name.toLowerCase()))
      .flatMap(({ name, value }) => propertiesOf(name, value, 0)),
  };
}

/** What is nested is named by its way: `location.city`. */
function propertiesOf(name: string, value: unknown, depth: number): Property[] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || depth > depthMax) {
    const values = textsOf(value);
    return values.length === 0 ? [] : [{ name: name === "" ? "note" : name, values }];
  }
  return Object.entries(value).flatMap(([key, each]) => propertiesOf(`${name}.${key}`, each, depth + 1));
}

/** Every word of a value. `[[Page]]` without quotes is YAML for a list in a list. */
function textsOf(value: unknown, depth = 0): string[] {
  if (value === null || value === undefined || depth > depthMax) return [];
  if (Array.isArray(value)) {
    const [only] = value;
    if (value.length === 1 && Array.isArray(only) && only.length === 1 && typeof only[0] === "string")
      return [`[[${only[0]}]]`];
    return value.slice(0, valuesMax).flatMap((each) => textsOf(each, depth + 1));
  }
  if (typeof value === "object")
    return Object.entries(value).flatMap(([key, each]) => {
      const texts = textsOf(each, depth + 1);
      return texts.length === 0 ? [key] : [`${key}: ${texts.join(", ")}`];
    });
  return [String(value).replace(/\s+/g, " ").trim()].filter(Boolean);
}

function parseYaml(yaml: string): unknown {
  if (tooMuchYaml(yaml)) return undefined;
  try {
    return parse(yaml, { logLevel: "error" }) ?? null;
  } catch {
    // No object: the caller reads it by lines and warns.
    return undefined;
  }
}

/** A list, or one text with commas. */
function listed(value: unknown): string[] {
  const parts = Array.isArray(value) ? value : typeof value === "string" ? value.split(",") : [];
  return parts
    .flatMap((part) => (typeof part === "string" || typeof part === "number" ? [String(part).trim()] : []))
    .filter(Boolean);
}

/** As `listed`, also parted by spaces and without the `#`. */
function words(value: unknown): string[] {
  return listed(value)
    .flatMap((part) => part.split(/\s+/))
    .map((tag) => tag.replace(/^#+/, "").toLowerCase())
    .filter(Boolean);
}
