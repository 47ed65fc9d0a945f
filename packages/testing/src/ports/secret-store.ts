import assert from "node:assert/strict";
import type { SecretStore } from "@mh/host/secrets/secret-store.ts";
import type { Suite } from "./suite.ts";

export const secretStoreSuite: Suite<SecretStore> = {
  async "an empty store has no names, no values, and nothing to remove"(store) {
    assert.deepEqual(await store.names(), []);
    assert.equal(await store.read("none"), undefined);
    assert.deepEqual(await store.readAll(), new Map());
    await store.remove("none");
  },
  async "a value comes back as it was, whatever its letters and its length"(store) {
    const values = { plain: "hunter2", "mail.ada@example.org": " pässwörd 🔑\n", long: "x".repeat(2000) };
    for (const [name, value] of Object.entries(values)) await store.write(name, value);
    assert.deepEqual((await store.names()).sort(), Object.keys(values).sort());
    for (const [name, value] of Object.entries(values)) assert.equal(await store.read(name), value);
    assert.deepEqual(new Map([...(await store.readAll())].sort()), new Map(Object.entries(values).sort()));
  },
  async "a name has one value, the last one, and none once it is removed"(store) {
    await store.write("token", "one");
    await store.write("token", "two");
    assert.deepEqual([await store.names(), await store.read("token")], [["token"], "two"]);
    await store.remove("token");
    assert.deepEqual([await store.names(), await store.read("token")], [[], undefined]);
  },
};
