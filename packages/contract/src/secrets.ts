import { z } from "zod";
import { defineContract } from "./contract.ts";
import { secretStores } from "./values/secret-store.ts";

// Values never come this way: not into an argument, and not out. What is answered is given once: names of secrets are
// kept in no object.

const name = () =>
  z
    .string()
    .regex(/^[a-z0-9][\w.-]{0,63}$/i, "a secret's name is letters, digits, dots and dashes")
    .refine((text) => !text.toLowerCase().startsWith("mh."), "names that begin with mh. are mh's own");
const offer = (what: string) =>
  z
    .string()
    .regex(/^[\w-]{43}$/, "an offer is what `mh secret` made of a value")
    .describe(`Id under which ${what} waits, sealed, beside the home`);
const store = () => z.enum(secretStores);
const anOffer = "A".repeat(43);

/** Secrets lie outside the home, and are the owner's alone. */
const admin = { kind: "outside", effects: ["admin"], permissions: { secrets: ["*"] } } as const;

/**
 * Keeps a value under a name. The first one of all goes into the machine's keychain where that works; where it does not,
 * the owner chooses.
 */
export const secretSet = defineContract({
  ...admin,
  name: "secret.set",
  title: "Keep a password or token",
  input: () =>
    z.strictObject({ name: name().describe("Name to keep it under, as in ntfy"), offer: offer("the value") }),
  output: () =>
    z.strictObject({
      name: z.string().describe("Name that it is kept under"),
      store: store().describe("Where it lies"),
    }),
  examples: [{ title: "A value that `mh secret set` left", args: { name: "ntfy", offer: anOffer } }],
  event: "secret.kept",
});

export const secretRemove = defineContract({
  ...admin,
  name: "secret.remove",
  title: "Throw a password or token away",
  input: () => z.strictObject({ name: name().describe("Its name, as `secret.list` gives it") }),
  output: () => z.strictObject({ name: z.string().describe("Name of what is gone") }),
  examples: [{ title: "One that is used no more", args: { name: "ntfy" } }],
  event: "secret.removed",
});

/** Names alone, and where they lie; a value is shown to nobody. */
export const secretList = defineContract({
  ...admin,
  name: "secret.list",
  title: "List the names of your passwords and tokens",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      names: z.array(z.string()).nullable().describe("Null where the store does not tell them while it is locked"),
      store: store().nullable().describe("Where they lie; null as long as nobody has chosen"),
      locked: z.string().nullable().describe("Why no value can be read now; null where they can"),
    }),
  examples: [{ title: "All of them", args: {} }],
  event: "secret.listed",
});

export const secretUnlock = defineContract({
  ...admin,
  name: "secret.unlock",
  title: "Open the store of your passwords and tokens",
  input: () =>
    z.strictObject({
      offer: offer("the passphrase")
        .optional()
        .describe("Id under which the passphrase waits; left out for the keychain"),
    }),
  output: () => z.strictObject({ store: store().nullable().describe("The store that is open now") }),
  examples: [{ title: "The keychain, which asks by itself", args: {} }],
  event: "secret.unlocked",
});

/** Brings every secret to another store. Cut off in the middle it loses none, and done again it comes to its end. */
export const secretMove = defineContract({
  ...admin,
  name: "secret.move",
  title: "Keep your passwords and tokens elsewhere",
  input: () =>
    z.strictObject({
      to: store().describe("The store that they are brought to"),
      offer: offer("the new passphrase")
        .optional()
        .describe("Id under which the passphrase waits that encrypts from here on; left out where none is new"),
    }),
  output: () =>
    z.strictObject({
      store: store().describe("The store that is in force now"),
      moved: z.array(z.string()).describe("Names of what was brought there"),
      from: z.array(store()).describe("The stores they came from"),
    }),
  examples: [{ title: "Into plain files of the user's alone", args: { to: "keyfile" } }],
  event: "secret.moved",
});
