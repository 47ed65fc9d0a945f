import { Fault } from "@mh/contract/values/fault.ts";
import { isOwnSecret, type SecretStoreKind, secretStores } from "@mh/contract/values/secret-store.ts";
import { z } from "zod";
import { defineOutside } from "../kernel/legacy.ts";
import { always, type CommandContext } from "../kernel/skill.ts";
import type { SecretOffers, SecretStores, Secrets } from "../ports/secrets.ts";

export interface SecretDeps {
  secrets: Secrets & SecretOffers & SecretStores;
  /** Writes down which store is in force, as a command of its own that this one caused. */
  chooseStore: (store: SecretStoreKind, context: CommandContext) => Promise<void>;
}

/** Each is looked for in all that is written, in many forms. */
const valueMax = 64 * 1024;
const nameSchema = z
  .string()
  .regex(/^[a-z0-9][\w.-]{0,63}$/i, "a secret's name is letters, digits, dots and dashes")
  .refine((name) => !name.toLowerCase().startsWith("mh."), "names that begin with mh. are mh's own");
const offerSchema = z.string().regex(/^[\w-]{43}$/, "an offer is what `mh secret` made of a value");
const storeSchema = z.enum(secretStores);
const byName = z.strictObject({ name: nameSchema });
const setInput = z.strictObject({ name: nameSchema, offer: offerSchema });
const setOutput = z.strictObject({ name: nameSchema, store: storeSchema });

/**
 * Keeps a value under a name. The value waits beside the home, and never comes this way: not even into an argument. The
 * first one of all goes into the machine's keychain where that works; where it does not, the owner chooses.
 */
export function setSecretSkill({ secrets, chooseStore }: SecretDeps) {
  return secretSkill<z.infer<typeof setInput>, z.infer<typeof setOutput>>({
    ...{ verb: "set", title: "Keep a password or token", event: "secret.kept" },
    ...{ input: setInput, output: setOutput },
    async run({ name, offer }, context) {
      const store = isOwnSecret(name) ? "keyfile" : await openStore(secrets, chooseStore, context);
      const value = secrets.take(offer);
      if (value.length > valueMax)
        throw new Fault("args.invalid", `A secret has at most ${valueMax / 1024} Ki characters. This is a file.`);
      await secrets.write(name, value);
      return { name, store };
    },
  });
}

/** The store in force, chosen now where it was not; the value is not taken before there is a place for it. */
async function openStore(
  secrets: SecretStores,
  chooseStore: SecretDeps["chooseStore"],
  context: CommandContext,
): Promise<SecretStoreKind> {
  const { store, locked } = await secrets.state();
  if (locked !== null) throw new Fault("secret.locked", locked);
  if (store !== null) return store;
  const lacks = await secrets.keychainLacks();
  if (lacks !== undefined) {
    const choice =
      "`mh secret store passphrase` encrypts with one of yours, `mh secret store keyfile` keeps plain files";
    throw new Fault("secret.no-store", `There is no place for secrets yet: ${lacks}. ${choice} for your user alone.`);
  }
  await chooseStore("keychain", context);
  return "keychain";
}

export function removeSecretSkill({ secrets }: Pick<SecretDeps, "secrets">) {
  return secretSkill<z.infer<typeof byName>, { name: string }>({
    ...{ verb: "remove", title: "Throw a password or token away", event: "secret.removed" },
    ...{ input: byName, output: byName },
    async run({ name }) {
      if (!(await secrets.names()).includes(name)) {
        throw new Fault("secret.missing", `There is no secret ${name}. \`mh secret list\` shows which there are.`);
      }
      await secrets.remove(name);
      return { name };
    },
  });
}

const none = z.strictObject({});
const listOutput = z.strictObject({
  /** Null where the store does not tell them while it is locked. */
  names: z.array(z.string()).nullable(),
  store: storeSchema.nullable(),
  /** Why no value can be read now. */
  locked: z.string().nullable(),
});
export type SecretList = z.infer<typeof listOutput>;

/** Names alone, and where they lie; a value is shown to nobody. */
export function listSecretsSkill({ secrets }: Pick<SecretDeps, "secrets">) {
  return secretSkill<Record<string, never>, SecretList>({
    ...{ verb: "list", title: "List the names of your passwords and tokens", event: "secret.listed" },
    ...{ input: none, output: listOutput },
    async run() {
      const state = await secrets.state();
      return { names: state.locked === null || state.store === "passphrase" ? await secrets.names() : null, ...state };
    },
  });
}

const unlockInput = z.strictObject({
  /** Where the passphrase waits; none for the keychain, which asks by itself. */
  offer: offerSchema.optional(),
});
const unlockOutput = z.strictObject({ store: storeSchema.nullable() });

export function unlockSecretsSkill({ secrets }: Pick<SecretDeps, "secrets">) {
  return secretSkill<z.infer<typeof unlockInput>, z.infer<typeof unlockOutput>>({
    ...{ verb: "unlock", title: "Open the store of your passwords and tokens", event: "secret.unlocked" },
    ...{ input: unlockInput, output: unlockOutput },
    async run({ offer }) {
      await secrets.unlock(offer && secrets.take(offer));
      return { store: (await secrets.state()).store };
    },
  });
}

const moveInput = z.strictObject({
  to: storeSchema,
  /** Where the passphrase waits that encrypts from here on. */
  offer: offerSchema.optional(),
});
const moveOutput = z.strictObject({ store: storeSchema, moved: z.array(z.string()), from: z.array(storeSchema) });
export type SecretsMoved = z.infer<typeof moveOutput>;

/** Brings every secret to another store. Cut off in the middle it loses none, and done again it comes to its end. */
export function moveSecretsSkill({ secrets, chooseStore }: SecretDeps) {
  return secretSkill<z.infer<typeof moveInput>, SecretsMoved>({
    ...{ verb: "move", title: "Keep your passwords and tokens elsewhere", event: "secret.moved" },
    ...{ input: moveInput, output: moveOutput },
    async run({ to, offer }, context) {
      const settle = () => chooseStore(to, context);
      return { store: to, ...(await secrets.move(to, offer && secrets.take(offer), settle)) };
    },
  });
}

/** Outside skills of effect `admin`: secrets lie outside the home, and are the owner's alone. */
function secretSkill<In, Out>(skill: {
  verb: string;
  title: string;
  event: string;
  input: z.ZodType<In>;
  output: z.ZodType<Out>;
  run(args: In, context: CommandContext): Promise<Out>;
}) {
  const { verb, title, event, input, output, run } = skill;
  return defineOutside<In, Out>({
    manifest: {
      ...{ name: `secret.${verb}`, version: "1.0.0", title, input, output, event },
      effects: ["admin"],
      permissions: {},
      control: [],
      undo: null,
      retry: "never",
    },
    classify: always("admin", "medium"),
    run,
  });
}
