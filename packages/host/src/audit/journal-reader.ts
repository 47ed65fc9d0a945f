import type { JournalReaderDeps } from "@mh/core/journal/walk.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { nodeFiles, nodeGzip } from "../adapters/node-files.ts";
import { type HomeDisk, homeDisk } from "../encryption/home-disk.ts";

/** What reads a home's journal without opening the home. Throws `home.locked`. */
export function journalReader(
  root: string,
  environment: Record<string, string | undefined> = process.env,
): JournalReaderDeps & { disk: HomeDisk } {
  const disk = homeDisk(root, environment);
  return { files: disk.files, gzip: nodeGzip, crypto: nodeCrypto, sealer: disk.cipher, disk };
}

/** The same without any key: of an encrypted home it tells whether the log is whole, and nothing that it says. */
export const blindReader = (root: string): JournalReaderDeps => ({
  ...{ files: nodeFiles(root), gzip: nodeGzip, crypto: nodeCrypto },
});
