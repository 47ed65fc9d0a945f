import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import { makeFolder, owe, syncNames } from "../adapters/durable-names.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { readPlainText } from "../adapters/plain-file.ts";

/** Keys of one home, kept outside it. */
export interface Keys {
  /** Ed25519 seed that signs checkpoints. */
  signingSeed: Uint8Array;
  /** Hides short values that are only kept as hashes. */
  hmacKey: Uint8Array;
  /** Seals what of the index gives rights. Nothing is named by it, so nobody is shown what it makes of words of theirs. */
  indexKey: Uint8Array;
  /** Marks the lines of the memory that commands wrote. */
  lineKey: Uint8Array;
  /** Marks the records of the log that this home wrote. */
  macKey: Uint8Array;
}

/** What a folder holds that is some home's: all other keys are made of these. */
export const keyFiles = ["signing.key", "hmac.key"] as const;

/** Reads the keys of a home, or makes them. Without them the log can still be read, but nothing can be written. */
export function loadKeys(folder: string, options: { make?: boolean } = {}): Keys {
  const [signingSeed, hmacKey] = keyFiles.map((name) => key(folder, name, options)) as [Uint8Array, Uint8Array];
  const derived = (use: string) => Buffer.from(nodeCrypto.hmacHex(signingSeed, use), "hex");
  return {
    signingSeed,
    hmacKey,
    indexKey: derived("mh index"),
    lineKey: derived("mh lines"),
    macKey: derived("mh log"),
  };
}

function key(folder: string, name: string, { make = false }: { make?: boolean }): Uint8Array {
  const file = path.join(folder, name);
  try {
    if (make && !fs.existsSync(file)) {
      makeFolder(folder);
      owe(folder);
      fs.writeFileSync(file, `${Buffer.from(nodeCrypto.random(32)).toString("base64")}\n`, {
        mode: 0o600,
        flag: "wx",
        flush: true,
      });
      syncNames(folder);
    }
    const bytes = Buffer.from(readPlainText(file), "base64");
    if (bytes.length === 32) return bytes;
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") throw diskFault(error);
  }
  throw new Fault(
    "keys.missing",
    `The key ${file} is missing or damaged. Restore it from a backup of your config folder.`,
  );
}
