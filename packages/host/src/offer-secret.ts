import * as fs from "node:fs";
import * as path from "node:path";
import { nodeCrypto } from "@mh/core/adapters/node-crypto.ts";
import { diskFault, nodeFiles } from "@mh/core/adapters/node-files.ts";
import { readHome } from "./home-file.ts";
import { keyFolder } from "./places.ts";
import { offerFile } from "./secret-files.ts";

const offerMsMax = 7 * 24 * 3_600_000;

/** A value on its way to `secret.set`. */
export interface SecretOffer {
  id: string;
  /** Takes it back, where no command took it. */
  withdraw(): void;
}

/**
 * Leaves a value of the owner's where `secret.set` takes it from: a file of theirs alone beside the keys, not an argument,
 * which a question could keep. By itself it does nothing. What nobody took in a week is thrown away.
 */
export function offerSecret(root: string, environment: Record<string, string | undefined>, value: string): SecretOffer {
  const keys = keyFolder(readHome(nodeFiles(root), root).id, environment);
  const id = nodeCrypto.id();
  const file = offerFile(keys, id);
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    removeOld(path.dirname(file));
    fs.writeFileSync(file, value, { mode: 0o600, flush: true });
  } catch (error) {
    throw diskFault(error);
  }
  return { id, withdraw: () => fs.rmSync(file, { force: true }) };
}

function removeOld(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    if (Date.now() - fs.statSync(file).mtimeMs > offerMsMax) fs.rmSync(file, { force: true });
  }
}
