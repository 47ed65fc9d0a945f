/** `keychain` and `passphrase` encrypt; `keyfile` is plain text in files of the owner's alone. */
export const secretStores = ["keychain", "passphrase", "keyfile"] as const;
export type SecretStoreKind = (typeof secretStores)[number];

/** Tokens that mh got by signing in to a server: they go there and nowhere else, whatever a setting names. */
export const isLoginSecret = (name: string): boolean => name.toLowerCase().startsWith("mcp-login.");

/** Keys of mh's own, which lie with the home's other keys: the daemon's token, and what begins with `mh.`. */
export const isOwnSecret = (name: string): boolean => /^(?:daemon-token$|mh\.)/i.test(name);
