import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { libraries, ownerOf, root, specifierOf } from "./library.ts";

interface Public {
  specifier: string;
  /** Undefined: all that the file exports. */
  names: ReadonlySet<string> | undefined;
}

/** Files whose exports a public entry gives on, or that are one. */
const byFile = new Map<string, Public[]>(libraries.flatMap(publicFiles));

function publicFiles(library: (typeof libraries)[number]): [string, Public[]][] {
  const found = Object.entries(library.entries).flatMap(([subpath, entry]): [string, Public][] => {
    const specifier = specifierOf(library, subpath);
    const text = readFileSync(join(root, entry), "utf8");
    const givenOn = text.matchAll(/^export (?:type )?(?:\*|\{([^}]*)\}) from "(\.[^"]+)";/gms);
    return [
      [entry, { specifier, names: undefined }],
      ...Array.from(givenOn, ([, names, path = ""]): [string, Public] => [
        join(dirname(entry), path),
        { specifier, names: names === undefined ? undefined : new Set(namesIn(names)) },
      ]),
    ];
  });
  return [...Map.groupBy(found, ([file]) => file)].map(([file, all]) => [file, all.map(([, each]) => each)]);
}

/** The names between the braces of an import or export. One that is given another name counts as not given. */
export function namesIn(list: string): string[] {
  const items = list.split(",").map((item) => item.trim().replace(/^type /, ""));
  return items.filter((item) => item !== "" && !item.includes(" as "));
}

/** The public entry that gives on all these names of a file; undefined where there is none. */
export function publicEntry(file: string, names: readonly string[]): string | undefined {
  return byFile.get(file)?.find((entry) => names.every((name) => entry.names?.has(name) ?? true))?.specifier;
}

/** Names that a file exports and that exist when it runs: no types. */
export function runtimeNames(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const declared = text.matchAll(/^export (?:abstract )?(?:async )?(?:const|let|function\*?|class|enum) (\w+)/gm);
  const listed = text.matchAll(/^export \{([^}]*)\}/gms);
  const inLists = Array.from(listed, ([, list = ""]) => list.split(",").map((item) => item.trim())).flat();
  const values = inLists.filter((item) => item !== "" && !item.startsWith("type "));
  return [...Array.from(declared, ([, name = ""]) => name), ...values.map((item) => item.split(" as ").at(-1) ?? item)];
}

/** A class, or anything else of which a process may hold one only. */
export const mustBeOne = (file: string): boolean => /^export (abstract )?class /m.test(readText(file));

const readText = (file: string): string => (ownerOf(file) ? readFileSync(join(root, file), "utf8") : "");
