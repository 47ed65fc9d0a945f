import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { codeFolder, readerIn } from "../places.ts";

const bytesMax = 100_000;

/** Prompts are files, `brain/prompts/<name>.md`: the owner's own in the home, else the one that came with mh. */
export function promptFiles({ root, files }: { root: string; files: Pick<Files, "read"> }): (name: string) => string {
  const folders = [root, codeFolder(import.meta.dirname)].map((folder) => path.resolve(folder, "brain", "prompts"));
  const read = readerIn(root, files);
  return (name) => {
    for (const folder of folders) {
      const file = path.join(folder, `${name}.md`);
      const facts = fs.statSync(file, { throwIfNoEntry: false });
      // A pipe would be waited for.
      const bytes = facts?.isFile() && facts.size <= bytesMax ? read(file) : undefined;
      if (bytes) return decodeLossy(bytes).trim();
    }
    throw new Fault("file.not-found", `The prompt brain/prompts/${name}.md is not there. Reinstall mh, or write one.`);
  };
}
