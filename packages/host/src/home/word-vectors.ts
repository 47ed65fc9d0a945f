import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { WordRelations } from "@mh/core/memory/search/word-relations.ts";
import { WordVectors } from "@mh/core/memory/search/word-vectors.ts";
import { codeFolder } from "../places.ts";

let read: WordVectors | undefined;

/** The vectors of words that come with mh, 5 MB, read at the first question of a process. */
export function wordVectors(): WordVectors {
  read ??= readFiles(path.join(codeFolder(import.meta.dirname), "brain", "words"));
  return read;
}

function readFiles(folder: string): WordVectors {
  const file = (name: string) => fs.readFileSync(path.join(folder, name));
  try {
    return new WordVectors(file("english.bin"), new WordRelations(file("relations.bin")));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault("file.not-found", `The word vectors of mh could not be read (${why}). Reinstall mh.`);
  }
}
