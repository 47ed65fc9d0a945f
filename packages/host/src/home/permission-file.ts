import * as os from "node:os";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { readPlainText } from "../adapters/plain-file.ts";

/** Another program's permission file, and the folders that its paths are meant from. Throws `import.unreadable`. */
export function permissionFile(
  file: string,
  environment: Record<string, string | undefined>,
): { text: string; base: string; home: string } {
  const full = path.resolve(file);
  const folder = path.dirname(full);
  const home = environment.HOME || os.homedir();
  // `.claude/settings.json` speaks of the project that it lies in.
  const base = path.basename(folder).startsWith(".") ? path.dirname(folder) : folder;
  try {
    return { text: readPlainText(full), base, home };
  } catch (cause) {
    throw new Fault("import.unreadable", `${file} cannot be read. Give the path of a settings.json.`, { cause });
  }
}
