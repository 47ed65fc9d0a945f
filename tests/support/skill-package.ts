import * as fs from "node:fs";
import * as path from "node:path";

/** What `mh` in the front matter says, whole; a test changes what it is about. */
export const block = (more: object = {}) => ({
  abi: 1,
  version: "1.0.0",
  requires: {},
  permissions: { skills: [], hosts: [], secrets: {} },
  limits: { seconds: 10, memoryMiB: 256, outputKiB: 64 },
  scripts: { count: script() },
  ...more,
});

export const script = (more: object = {}) => ({
  title: "Count the letters of a text",
  file: "scripts/count.ts",
  input: { type: "object", properties: { text: { type: "string", maxLength: 1000 } }, required: ["text"] },
  output: { type: "object", properties: { letters: { type: "integer", minimum: 0 } }, required: ["letters"] },
  effect: "read",
  risk: "low",
  control: [],
  types: { text: "text" },
  undo: null,
  retry: "safe",
  ...more,
});

export interface PackageText {
  name?: string;
  /** Undefined leaves the block out. */
  mh?: unknown;
  files?: Record<string, string>;
}

const counting = "export const run = ({ text }: { text: string }) => ({ letters: text.length });\n";

/** The files of a package that counts letters. */
export function packageFiles({ name = "letters", mh = block(), files = {} }: PackageText = {}): Record<string, string> {
  const front = { name, description: `What ${name} is for.`, ...(mh === null ? {} : { mh }) };
  return {
    "SKILL.md": `---\n${JSON.stringify(front, null, 2)}\n---\n\n# How to count\n\nLetter by letter.\n`,
    "scripts/count.ts": counting,
    ...files,
  };
}

/** Writes a package below a folder, and gives its path. */
export function writePackage(below: string, text: PackageText = {}): string {
  const folder = path.join(below, text.name ?? "letters");
  fs.rmSync(folder, { recursive: true, force: true });
  writeFiles(folder, packageFiles(text));
  return folder;
}

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
}
