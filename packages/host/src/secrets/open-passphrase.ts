import { secretSettings } from "@mh/core/secrets/settings.ts";
import { SettingsForm } from "@mh/core/settings/settings-form.ts";
import { homeDisk } from "../encryption/home-disk.ts";
import { readConfig, readHome } from "../home/home-file.ts";
import { keyFolder } from "../places.ts";
import { PassphraseFiles } from "./passphrase-files.ts";
import type { SecretMemory } from "./vault.ts";

/**
 * For whoever is about to open a home, while no lock is held yet: tries a passphrase, and remembers its key. Undefined
 * where none is needed, because secrets lie elsewhere or a file is to hold it.
 */
export function passphraseOpener(
  root: string,
  environment: Record<string, string | undefined>,
  memory: SecretMemory,
): ((passphrase: string) => Promise<void>) | undefined {
  const files = homeDisk(root, environment).files;
  const { store, passphraseFile } = secretSettings.of(readConfig(files, new SettingsForm([secretSettings])));
  if (store !== "passphrase" || passphraseFile || environment.CREDENTIALS_DIRECTORY) return undefined;
  const { id } = readHome(files, root);
  const sealed = new PassphraseFiles(keyFolder(id, environment), id, memory.held);
  return sealed.isMade ? (passphrase) => sealed.unlock(passphrase) : undefined;
}
