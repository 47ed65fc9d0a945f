import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { beginningOf } from "./chunks.ts";
import { kindByBeginning, kindByExtension } from "./kinds.ts";
import type { FileKind } from "./source.ts";

/** What a file that was named is: by its name, else by how it begins. Throws a Fault where neither tells. */
export function detectFile(file: string): FileKind {
  const known = kindByExtension(file) ?? kindByBeginning(file);
  if (known !== undefined) return known;
  const start = beginningOf(file, 4_096)
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (start.startsWith("From ")) return "mbox";
  if (start.startsWith("PK\u0003\u0004") || start.startsWith("[")) return "chats";
  if (start.startsWith("{") || start === "") return "ndjson";
  throw new Fault(
    "import.unreadable",
    `What ${path.basename(file)} is, neither its name nor its beginning tells; --format says it.`,
  );
}

/** Whose home or space a folder is, by how it is laid out; a folder of anything else where it is nobody's. */
export function detectFolder(folder: string): "openclaw" | "hermes" | "silverbullet" | "folder" {
  const names = new Set(fs.readdirSync(folder));
  if (isHermes(folder)) return "hermes";
  if (
    fs.existsSync(path.join(workspaceIn(folder), "SOUL.md")) ||
    clues(names, ["AGENTS.md", "MEMORY.md", "IDENTITY.md", "HEARTBEAT.md", "memory"]) >= 2
  )
    return "openclaw";
  const runsSilverBullet = names.has("_plug") || [...names].some((name) => name.startsWith(".silverbullet"));
  if (runsSilverBullet || clues(names, ["SETTINGS.md", "CONFIG.md", "Library", "index.md"]) >= 2) return "silverbullet";
  return names.has("SETTINGS.md") || names.has("CONFIG.md") ? "silverbullet" : "folder";
}

/** OpenClaw's home holds the workspace in a folder of that name. */
export function workspaceIn(folder: string): string {
  const inner = path.join(folder, "workspace");
  return !fs.existsSync(path.join(folder, "SOUL.md")) && fs.existsSync(path.join(inner, "SOUL.md")) ? inner : folder;
}

/** Hermes keeps its memories in a folder of their own, or parts them by a line of `§`. */
function isHermes(folder: string): boolean {
  const memories = path.join(folder, "memories", "MEMORY.md");
  if (fs.existsSync(memories)) return true;
  const file = path.join(folder, "MEMORY.md");
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true && /^§\s*$/m.test(beginningText(file));
}

const beginningText = (file: string): string => beginningOf(file, 65_536).toString("utf8");

function clues(names: ReadonlySet<string>, wanted: readonly string[]): number {
  return wanted.filter((name) => names.has(name)).length;
}
