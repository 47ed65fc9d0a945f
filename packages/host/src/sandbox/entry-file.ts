import * as fs from "node:fs";
import * as path from "node:path";

/** What runs inside the sandbox, or in a thread of its own, and what it is called where it is bundled. */
const bundledAs = {
  "entry.ts": "worker.js",
  "parser/parser-entry.ts": "parser.js",
  "relay-entry.ts": "relay.js",
  "watchdog-entry.ts": "watchdog.js",
};

/** Beside this file in a clone; beside the program where it is bundled. */
export function entryFile(source: keyof typeof bundledAs): string {
  const names = [source, bundledAs[source], `../${bundledAs[source]}`];
  const candidates = names.map((name) => path.join(import.meta.dirname, name));
  const found = candidates.find((file) => fs.existsSync(file));
  if (!found) throw new Error(`None of these is there: ${candidates.join(", ")}.`);
  return fs.realpathSync(found);
}
