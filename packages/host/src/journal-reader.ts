import { nodeCrypto } from "@mh/core/adapters/node-crypto.ts";
import { nodeFiles, nodeGzip } from "@mh/core/adapters/node-files.ts";
import type { JournalReaderDeps } from "@mh/core/journal/walk.ts";
import { plainLines } from "@mh/core/ports/line-codec.ts";

/** What reads a home's journal without opening the home. */
export function journalReader(root: string): JournalReaderDeps {
  return { files: nodeFiles(root), gzip: nodeGzip, crypto: nodeCrypto, codec: plainLines };
}
