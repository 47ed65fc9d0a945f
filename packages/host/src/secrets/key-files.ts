import { isOwnSecret } from "@mh/contract/values/secret-store.ts";
import type { SecretFiles } from "./secret-files.ts";
import type { SecretStore } from "./secret-store.ts";

/** The key files as a store of the owner's secrets: mh's own keys, which lie there too, are left out. */
export function keyFileStore(files: SecretFiles): SecretStore {
  const names = () => files.names().filter((name) => !isOwnSecret(name));
  const read = (name: string) => (names().includes(name) ? files.read(name) : undefined);
  return {
    kind: "keyfile",
    names: async () => names(),
    read: async (name) => read(name),
    readAll: async () => new Map(names().map((name) => [name, files.read(name)])),
    write: async (name, value) => files.write(name, value),
    remove: async (name) => files.remove(name),
  };
}
