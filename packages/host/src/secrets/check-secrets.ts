import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { type SecretStoreKind, secretStores } from "@mh/contract/values/secret-store.ts";
import type { SecretSettings } from "@mh/core/secrets/settings.ts";
import type { Finding } from "../home/check-home.ts";
import { keyFileStore } from "./key-files.ts";
import { Keychain } from "./keychain.ts";
import { passphraseFrom } from "./passphrase-credential.ts";
import { PassphraseFiles } from "./passphrase-files.ts";
import { secretFiles, secretFolder } from "./secret-files.ts";

type Found = Omit<Finding, "what">;

/** Says where secrets lie, how well that guards them, and what lies elsewhere. Opens nothing that asks. */
export async function checkSecrets(
  at: { keyFolder: string; homeId: string; environment: Record<string, string | undefined> },
  settings: SecretSettings,
): Promise<Found[]> {
  const stores = {
    keychain: new Keychain(at.homeId, at.environment),
    passphrase: new PassphraseFiles(at.keyFolder, at.homeId, {}),
    keyfile: keyFileStore(secretFiles(at.keyFolder)),
  };
  const names = async (kind: SecretStoreKind) => stores[kind].names().catch(faultText);
  const isOld = (await stores.keyfile.names()).length > 0;
  const inForce = settings.store ?? (isOld ? "keyfile" : undefined);
  const found: Found[] = [];
  if (inForce === undefined) found.push(ok("none yet; mh secret set NAME keeps one, and chooses where"));
  if (inForce === "keychain") found.push(await inKeychain(stores.keychain));
  if (inForce === "passphrase") found.push(sealed(await names("passphrase"), settings, at.environment));
  if (inForce === "keyfile") found.push(...plain(await names("keyfile"), at.keyFolder));
  for (const kind of secretStores.filter((each) => each !== inForce)) {
    const left = await names(kind);
    if (typeof left === "string" || left.length === 0) continue;
    const message = `${left.length} lie in another place (${kind}): a move was cut off, or the setting changed`;
    found.push({ level: "warn", message, next: `mh secret store ${inForce} brings them in and removes them there.` });
  }
  return [...found, ...openToOthers(at.keyFolder)];
}

const ok = (message: string): Found => ({ level: "ok", message });

/** A keychain that can be read can be written without asking, too. */
async function inKeychain(keychain: Keychain): Promise<Found> {
  const names = await keychain.names().catch(faultText);
  const lacks = typeof names === "string" ? names : await keychain.lacks();
  if (lacks === undefined) return ok(`${names.length} in this machine's keychain, which was tried just now`);
  return { level: "bad", message: lacks, next: "Log in to the desktop of this machine, or start its keyring." };
}

function sealed(
  names: string[] | string,
  { passphraseFile }: SecretSettings,
  environment: Record<string, string | undefined>,
): Found {
  const message = `${names.length} encrypted with your passphrase (scrypt, AES-256-GCM)`;
  try {
    const isHanded = passphraseFrom(passphraseFile, environment) !== undefined;
    const how = isHanded ? `; the daemon reads it from ${passphraseFile}` : "; mh up and mh secret unlock ask for it";
    return ok(message + how);
  } catch (error) {
    if (error instanceof Fault) return { level: "bad", message: `${message}. ${error.message}` };
    throw error;
  }
}

function plain(names: string[] | string, keyFolder: string): Found[] {
  const message = `${names.length} as plain text in ${secretFolder(keyFolder)}: guarded by the rights of the files alone`;
  return [{ level: "ok", message, next: "mh secret store keychain, or passphrase, encrypts them." }];
}

/** Files that others than the owner may read; mh's own keys lie there in every store. */
function openToOthers(keyFolder: string): Found[] {
  if (process.platform === "win32") return [];
  const files = ["secrets", "sealed", "offers"].flatMap((name) => below(path.join(keyFolder, name)));
  return files
    .filter((file) => (fs.statSync(file).mode & 0o077) !== 0)
    .map((file) => ({ level: "bad", message: `${file} can be read by others`, next: `chmod go= ${file}` }) as const);
}

const below = (folder: string): string[] =>
  fs.existsSync(folder) ? [folder, ...fs.readdirSync(folder).map((name) => path.join(folder, name))] : [];

function faultText(error: unknown): string {
  if (error instanceof Fault) return error.message;
  throw error;
}
