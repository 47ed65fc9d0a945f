// Writes the entry of the contract package, which offers every file that it has. `npm run format` runs this.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "packages", "contract", "src");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "index.ts")
  .sort();
const head =
  "// All that crosses an edge of mh: values, commands and their ends, contracts. `npm run format` writes this file.";
writeFileSync(join(folder, "index.ts"), [head, ...files.map((file) => `export * from "./${file}";`), ""].join("\n"));
