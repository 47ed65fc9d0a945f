/** Native or WebAssembly: they find their own files beside themselves, so they are installed, not bundled. */
export const external = ["better-sqlite3", "@cedar-policy/cedar-wasm", "@napi-rs/keyring"];
