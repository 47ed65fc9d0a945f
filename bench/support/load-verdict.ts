import * as fs from "node:fs";
import * as path from "node:path";
import { filesBelow } from "../../tests/support/files-below.ts";
import type { Loaded } from "./load.ts";

/** Whether each text that was told once is what one memory says, by the files alone; what is not, in sentences. */
export function notOnce(root: string, { once, undone }: Loaded): string[] {
  const said = new Map<string, { rev: number; content: string; count: number }>();
  const files = filesBelow(path.join(root, "memory", "episodic")).filter((file) => file.endsWith(".ndjson"));
  for (const line of files.flatMap((file) => fs.readFileSync(file, "utf8").trimEnd().split("\n"))) {
    const { id, rev, content, count } = JSON.parse(line) as { id: string; rev: number; content: string; count: number };
    if (rev > (said.get(id)?.rev ?? 0)) said.set(id, { rev, content, count });
  }
  const held = new Map<string, number>();
  for (const { content, count } of said.values()) held.set(content, (held.get(content) ?? 0) + count);
  const wrong = once.filter((text) => held.get(text) !== 1);
  return [
    ...wrong.map((text) => `“${text}” was told once, and is there ${held.get(text) ?? 0} times`),
    ...undone.filter((text) => held.has(text)).map((text) => `“${text}” was taken back, and is there`),
  ];
}
