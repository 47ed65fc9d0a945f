import * as fs from "node:fs";
import * as path from "node:path";
import { nodeFiles } from "../adapters/node-files.ts";
import { readHome } from "../home/home-file.ts";
import { keyFolder } from "../places.ts";
import { leaveOffer, offerFolder } from "./sealed-offer.ts";

const offerMsMax = 7 * 24 * 3_600_000;

/** A value on its way to `secret.set`. */
export interface SecretOffer {
  id: string;
  /** Takes it back, where no command took it. */
  withdraw(): void;
}

/**
 * Leaves a value of the owner's where `secret.set` takes it from: sealed, in a file of theirs alone beside the keys, and
 * not in an argument, which an approval request could keep. By itself it does nothing. What nobody took in a week is
 * thrown away.
 */
export function offerSecret(root: string, environment: Record<string, string | undefined>, value: string): SecretOffer {
  const keys = keyFolder(readHome(nodeFiles(root), root).id, environment);
  removeOld(offerFolder(keys));
  const { token, file } = leaveOffer(keys, value);
  return { id: token, withdraw: () => fs.rmSync(file, { force: true }) };
}

function removeOld(folder: string): void {
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    if (Date.now() - fs.statSync(file).mtimeMs > offerMsMax) fs.rmSync(file, { force: true });
  }
}
