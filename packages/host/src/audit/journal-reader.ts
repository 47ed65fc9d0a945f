import type { JournalReaderDeps } from "@mh/core/journal/walk.ts";
import { plainLines } from "@mh/core/ports/line-codec.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { nodeFiles, nodeGzip } from "../adapters/node-files.ts";

/** What reads a home's journal without opening the home. */
export function journalReader(root: string): JournalReaderDeps {
  return { files: nodeFiles(root), gzip: nodeGzip, crypto: nodeCrypto, codec: plainLines };
}
