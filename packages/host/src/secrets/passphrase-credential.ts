import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { readNamed } from "../adapters/plain-file.ts";

/** By this name systemd hands it over: `LoadCredential=mh-passphrase:FILE`, or `LoadCredentialEncrypted=`. */
const credentialName = "mh-passphrase";

/**
 * The passphrase that a service manager or the settings give this process; undefined where neither does. Throws
 * `secret.locked` where the file that the settings name is not there, or can be read by others.
 */
export function passphraseFrom(
  named: string | undefined,
  environment: Record<string, string | undefined>,
): string | undefined {
  const handed = environment.CREDENTIALS_DIRECTORY && path.join(environment.CREDENTIALS_DIRECTORY, credentialName);
  if (handed && fs.existsSync(handed)) return firstLine(handed);
  if (named === undefined) return undefined;
  const facts = fs.statSync(named, { throwIfNoEntry: false });
  if (!facts) throw locked(`${named} is not there`, "Correct secrets.passphraseFile in config.yaml");
  if (process.platform !== "win32" && (facts.mode & 0o077) !== 0)
    throw locked(`${named} can be read by others`, `\`chmod 600 ${named}\``);
  return firstLine(named);
}

function firstLine(file: string): string {
  try {
    return readNamed(file).toString("utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (cause) {
    throw new Fault("secret.locked", `The passphrase in ${file} cannot be read. Correct its rights.`, { cause });
  }
}

const locked = (why: string, next: string): Fault =>
  new Fault("secret.locked", `Your secrets are locked: ${why}. ${next}, or open them by \`mh secret unlock\`.`);
