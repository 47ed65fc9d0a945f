import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { codeFolder } from "../places.ts";

const bytesMax = 100_000;

/** Prompts are files, `brain/prompts/<name>.md`: the owner's own in the home, else the one that came with mh. */
export function promptFiles(root: string): (name: string) => string {
  const folders = [root, codeFolder(import.meta.dirname)].map((folder) => path.join(folder, "brain", "prompts"));
  return (name) => {
    for (const folder of folders) {
      const file = path.join(folder, `${name}.md`);
      const facts = fs.statSync(file, { throwIfNoEntry: false });
      // A pipe would be waited for.
      if (facts?.isFile() && facts.size <= bytesMax) return fs.readFileSync(file, "utf8").trim();
    }
    throw new Fault("file.not-found", `The prompt brain/prompts/${name}.md is not there. Reinstall mh, or write one.`);
  };
}
