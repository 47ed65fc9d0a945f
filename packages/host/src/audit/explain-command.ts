import { type Explanation, explain } from "@mh/core/kernel/explain.ts";
import { readHome } from "../home/home-file.ts";
import { loadKeys } from "../home/keys.ts";
import { keyFolder } from "../places.ts";
import { journalReader } from "./journal-reader.ts";
import { indexedLookup, NotIndexed, walkedLookup } from "./record-lookup.ts";

/** Why a command was done, asked or refused, from the home's files as they are: the home is not opened. */
export function explainCommand(
  root: string,
  environment: Record<string, string | undefined>,
  which: string,
): Explanation | undefined {
  const reader = journalReader(root, environment);
  const { hmacKey, indexKey } = loadKeys(keyFolder(readHome(reader.files, root).id, environment));
  const deps = { ...reader, hmacKey, indexKey };
  try {
    using log = indexedLookup(root, deps, reader.disk.cipher?.databaseKey);
    return explain(log, which);
  } catch (error) {
    // The index is a cache: where it is missing, behind or in doubt, the journal itself is read.
    if (!(error instanceof NotIndexed)) throw error;
    return explain(walkedLookup(deps), which);
  }
}
