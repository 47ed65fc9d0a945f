import { Fault } from "@mh/contract/values/fault.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { nodeFiles } from "../adapters/node-files.ts";
import { readHome } from "../home/home-file.ts";
import { keyFolder } from "../places.ts";
import { Cipher } from "./cipher.ts";
import { fitsEnvelope, isEnveloped } from "./envelope.ts";
import { sealedFiles } from "./sealed-files.ts";
import { leftKey } from "./unlocked-key.ts";

type Environment = Record<string, string | undefined>;

/** How a home is read and written: its files, and of an encrypted one what seals all else. */
export interface HomeDisk {
  files: Files;
  cipher: Cipher | undefined;
}

/** Throws `home.locked` for an encrypted home whose key is not there: it is refused, never read as it lies. */
export function homeDisk(root: string, environment: Environment = process.env): HomeDisk {
  const files = nodeFiles(root);
  const { state, dataKey } = encryptionOf(root, environment);
  if (state === "off") return { files, cipher: undefined };
  if (!dataKey) {
    throw new Fault("home.locked", `The home at ${root} is locked. \`mh unlock\` asks for its passphrase.`);
  }
  const cipher = new Cipher(dataKey);
  return { files: sealedFiles(files, cipher), cipher };
}

interface Encryption {
  state: "off" | "locked" | "unlocked";
  /** The folder of its keys. */
  folder: string;
  dataKey?: Uint8Array;
}

/** Either sign is enough: to change one of the two does not get the home written in the clear. */
export function encryptionOf(root: string, environment: Environment): Encryption {
  const home = readHome(nodeFiles(root), root);
  const folder = keyFolder(home.id, environment);
  if (!home.encrypted && !isEnveloped(folder)) return { state: "off", folder };
  const dataKey = leftKey(folder, environment);
  return dataKey && fitsEnvelope(folder, dataKey)
    ? { state: "unlocked", folder, dataKey }
    : { state: "locked", folder };
}
