/** `keychain` and `passphrase` encrypt; `keyfile` is plain text in files of the owner's alone. */
export const secretStores = ["keychain", "passphrase", "keyfile"] as const;
export type SecretStoreKind = (typeof secretStores)[number];

/** Keys of mh's own, which lie with the home's other keys: the daemon's token, and what begins with `mh.`. */
export const isOwnSecret = (name: string): boolean => name === "daemon-token" || name.toLowerCase().startsWith("mh.");
