import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { readPlainText } from "../adapters/plain-file.ts";

const bytesMax = 5_000_000;

/** Where other programs keep how they reach MCP servers, below the owner's home. */
const usual = [
  ".claude.json",
  ".config/Claude/claude_desktop_config.json",
  "Library/Application Support/Claude/claude_desktop_config.json",
  ".cursor/mcp.json",
  ".config/Code/User/mcp.json",
  "Library/Application Support/Code/User/mcp.json",
  ".codeium/windsurf/mcp_config.json",
  ".gemini/settings.json",
  ".config/zed/settings.json",
  ".config/opencode/opencode.json",
  ".lmstudio/mcp.json",
];
/** The same in a project's folder. */
const usualHere = [".mcp.json", ".cursor/mcp.json", ".vscode/mcp.json"];

export const ownersFolder = ({ HOME }: Record<string, string | undefined>): string => HOME || os.homedir();

/** The files of those programs that are there. */
export function clientFiles(environment: Record<string, string | undefined>, here: string): string[] {
  const all = [
    ...usual.map((file) => path.join(ownersFolder(environment), file)),
    ...usualHere.map((file) => path.join(here, file)),
  ];
  return [...new Set(all)].filter((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
}

/** Throws `file.not-found`, `import.unreadable`. */
export function readClientFile(file: string): string {
  const facts = fs.statSync(file, { throwIfNoEntry: false });
  if (!facts?.isFile()) throw new Fault("file.not-found", `There is no file ${file}. Give the path of one.`);
  if (facts.size > bytesMax) throw new Fault("import.unreadable", `${file} is larger than settings are.`);
  return readPlainText(file);
}
