import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";

/** Inputs that found something once, gzipped (`gzip FILE`): a target is given them before all others. */
export function keptInputs(target: string): { name: string; bytes: Buffer }[] {
  const folder = path.join(import.meta.dirname, "kept", target);
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).sort();
  return names.map((name) => ({ name, bytes: gunzipSync(fs.readFileSync(path.join(folder, name))) }));
}
