/** The native library of the system's keychain. It is loaded late, and CommonJS: hence a module of its own. */
export { AsyncEntry, findCredentialsAsync } from "@napi-rs/keyring";
