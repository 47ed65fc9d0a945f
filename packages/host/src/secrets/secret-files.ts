import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { isTemporary } from "../adapters/cut-off-writes.ts";
import { readPlainText } from "../adapters/plain-file.ts";
import { removePrivate, writePrivate } from "./private-file.ts";

export interface SecretFiles {
  /** Throws `secret.missing`. */
  read(name: string): string;
  names(): string[];
  write(name: string, value: string): void;
  remove(name: string): void;
}

/**
 * The key file store: plain text in files of the owner alone (0600), in the key folder beside the home's keys. Here lie
 * mh's own keys as well.
 */
export function secretFiles(keyFolder: string): SecretFiles {
  const folder = secretFolder(keyFolder);
  const fileOf = (name: string) => path.join(folder, encodeURIComponent(name));
  return {
    read(name) {
      try {
        return readPlainText(fileOf(name));
      } catch (cause) {
        throw missing(name, cause);
      }
    },
    names() {
      const files = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
      return files
        .filter((file) => !isTemporary(file))
        .map(decodeURIComponent)
        .sort();
    },
    write: (name, value) => writePrivate(fileOf(name), value),
    remove: (name) => removePrivate(fileOf(name)),
  };
}

export const secretFolder = (keyFolder: string): string => path.join(keyFolder, "secrets");

export const missing = (name: string, cause?: unknown): Fault =>
  new Fault("secret.missing", `There is no secret ${name}. \`mh secret set ${name}\` asks for it.`, { cause });
