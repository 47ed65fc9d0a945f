// Prints every secret of a home as one JSON object, as a process of the owner's reads them: for tests that need to know.

import { isOwnSecret } from "@mh/contract/values/secret-store.ts";
import { secretSettings } from "@mh/core/secrets/settings.ts";
import { SettingsForm } from "@mh/core/settings/settings-form.ts";
import { nodeFiles } from "@mh/host/adapters/node-files.ts";
import { readConfig, readHome } from "@mh/host/home/home-file.ts";
import { keyFolder } from "@mh/host/places.ts";
import { newSecretMemory, Vault } from "@mh/host/secrets/vault.ts";

const [root = "", passphrase] = process.argv.slice(2);
const files = nodeFiles(root);
const { id } = readHome(files, root);
const vault = new Vault({
  ...{ keyFolder: keyFolder(id, process.env), homeId: id, environment: process.env, memory: newSecretMemory() },
  settings: () => secretSettings.of(readConfig(files, new SettingsForm([secretSettings]))),
});
if ((await vault.state()).locked !== null) await vault.unlock(passphrase);
const names = (await vault.names()).filter((name) => !isOwnSecret(name));
const values = await Promise.all(names.map(async (name) => [name, await vault.read(name)]));
process.stdout.write(JSON.stringify(Object.fromEntries(values)));
