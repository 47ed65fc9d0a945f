import { Fault } from "@mh/contract/values/fault.ts";
import JSON5 from "json5";
import { parse } from "yaml";
import { tomlEntries } from "../memory/import/toml.ts";
import { isNestedTooDeep } from "../model/nesting.ts";
import { tooMuchYaml } from "../model/yaml-bounds.ts";

/** What a program's settings say, whichever form they have by their name. Throws `import.unreadable`. */
export function settingsIn(place: string, text: string): Record<string, unknown> {
  const value = read(place, text);
  if (typeof value !== "object" || value === null || Array.isArray(value) || isNestedTooDeep(value))
    throw new Fault("import.unreadable", `${place} holds no settings by their names.`);
  return value as Record<string, unknown>;
}

function read(place: string, text: string): unknown {
  try {
    if (/\.ya?ml$/i.test(place)) return yamlTree(text);
    if (/\.toml$/i.test(place)) return tomlTree(text);
    return JSON5.parse(plainSeparators(text));
  } catch (cause) {
    throw new Fault("import.unreadable", `${place} cannot be read: ${(cause as Error).message.slice(0, 100)}`, {
      cause,
    });
  }
}

function yamlTree(text: string): unknown {
  const much = tooMuchYaml(text);
  if (much) throw new Fault("import.unreadable", `line ${much.line}: ${much.why}`);
  return parse(text, { maxAliasCount: 10 });
}

/** Separators of lines are written out, wherever they stand. */
export const plainSeparators = (text: string): string =>
  text.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");

/** Tables within tables. What is no list, number or switch is a text. */
function tomlTree(text: string): Record<string, unknown> {
  const root: Record<string, unknown> = Object.create(null);
  for (const { name, value } of tomlEntries(text)) {
    const way = name.match(/"[^"]*"|'[^']*'|[^.]+/g)?.map((part) => part.replace(/^["']|["']$/g, "")) ?? [];
    let table = root;
    for (const part of way.slice(0, -1)) {
      if (!isTable(table[part])) table[part] = Object.create(null);
      table = table[part] as Record<string, unknown>;
    }
    const last = way.at(-1);
    if (last !== undefined) table[last] = plain(value);
  }
  return JSON.parse(JSON.stringify(root)) as Record<string, unknown>;
}

const isTable = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

function plain(value: unknown): unknown {
  if (value === "true" || value === "false") return value === "true";
  if (typeof value === "string" && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)) return Number(value);
  const inline = typeof value === "string" ? /^\{(.*)\}$/s.exec(value.trim())?.[1] : undefined;
  if (inline === undefined) return value;
  const pairs = inline.matchAll(
    /(?:"([^"]*)"|'([^']*)'|(?<![\w.-])([\w.-]+))\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^,\s}]+))/g,
  );
  return Object.fromEntries([...pairs].map(([, a, b, c, d, e, f]) => [a ?? b ?? c ?? "", d ?? e ?? f ?? ""]));
}
