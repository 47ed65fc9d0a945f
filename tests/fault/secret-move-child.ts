// Moves the secrets of a key folder to another store, and dies by SIGKILL just before it changes the disk for the n-th time.
import * as fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import * as path from "node:path";
import { type SecretStoreKind, secretStores } from "@mh/contract/values/secret-store.ts";
import { newSecretMemory, Vault } from "@mh/host/secrets/vault.ts";

const [folder = "", target = "", passphrase, step = "0"] = process.argv.slice(2);
const to = secretStores.find((kind) => kind === target) ?? "keyfile";
const settings = path.join(folder, "store");

let left = Number(step);
const real = createRequire(import.meta.url)("node:fs") as Record<string, (...args: unknown[]) => unknown>;
for (const name of ["writeFileSync", "renameSync", "rmSync"]) {
  const change = real[name];
  real[name] = (...args) => {
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
    return change?.(...args);
  };
}
syncBuiltinESMExports();

const memory = newSecretMemory();
const vault = new Vault({
  ...{ keyFolder: folder, homeId: "home", environment: {}, memory },
  settings: () => ({ store: fs.readFileSync(settings, "utf8") as SecretStoreKind }),
});
if ((await vault.state()).locked !== null) await vault.unlock(passphrase);
await vault.move(to, passphrase, async () => {
  fs.writeFileSync(`${settings}.new`, to);
  fs.renameSync(`${settings}.new`, settings);
});
