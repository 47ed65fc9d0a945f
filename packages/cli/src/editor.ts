import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";

/** Lets the person change a text in an editor of their choice; nothing is lost when what comes back is refused. */
export function editText(text: string, name: string, environment: Record<string, string | undefined>): string {
  const editor = environment.VISUAL || environment.EDITOR;
  if (!editor) throw new Fault("usage", "No editor is named. Set EDITOR, as in EDITOR=nano mh config edit.");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-edit-"));
  const file = path.join(folder, name);
  fs.writeFileSync(file, text, { mode: 0o600 });
  // The variable may hold arguments, as git reads it.
  const [command = "", ...args] = editor.split(/\s+/);
  const { status, error } = spawnSync(command, [...args, file], { stdio: "inherit" });
  if (error || status !== 0) {
    throw new Fault(
      "usage",
      `${editor} did not end well${error ? ` (${error.message})` : ""}. Your text is in ${file}.`,
    );
  }
  const changed = fs.readFileSync(file, "utf8");
  fs.rmSync(folder, { recursive: true, force: true });
  return changed;
}
