import { secretList, secretMove, secretRemove, secretSet, secretUnlock } from "@mh/contract/secrets.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwnSecret, type SecretStoreKind } from "@mh/contract/values/secret-store.ts";
import { always, type CommandContext, defineOutside } from "../kernel/skill.ts";
import type { SecretOffers, SecretStores, Secrets } from "../ports/secrets.ts";

export interface SecretDeps {
  secrets: Secrets & SecretOffers & SecretStores;
  /** Writes down which store is in force, as a command of its own that this one caused. */
  chooseStore: (store: SecretStoreKind, context: CommandContext) => Promise<void>;
}

/** Each is looked for in all that is written, in many forms. */
const valueMax = 64 * 1024;
const asOwner = { stored: "once", classify: always("admin", "medium") } as const;

export function setSecretSkill({ secrets, chooseStore }: SecretDeps) {
  return defineOutside(secretSet, {
    ...asOwner,
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
  return defineOutside(secretRemove, {
    ...asOwner,
    async run({ name }) {
      if (!(await secrets.names()).includes(name)) {
        throw new Fault("secret.missing", `There is no secret ${name}. \`mh secret list\` shows which there are.`);
      }
      await secrets.remove(name);
      return { name };
    },
  });
}

export function listSecretsSkill({ secrets }: Pick<SecretDeps, "secrets">) {
  return defineOutside(secretList, {
    ...asOwner,
    async run() {
      const state = await secrets.state();
      return { names: state.locked === null || state.store === "passphrase" ? await secrets.names() : null, ...state };
    },
  });
}

export function unlockSecretsSkill({ secrets }: Pick<SecretDeps, "secrets">) {
  return defineOutside(secretUnlock, {
    ...asOwner,
    async run({ offer }) {
      await secrets.unlock(offer && secrets.take(offer));
      return { store: (await secrets.state()).store };
    },
  });
}

export function moveSecretsSkill({ secrets, chooseStore }: SecretDeps) {
  return defineOutside(secretMove, {
    ...asOwner,
    async run({ to, offer }, context) {
      const settle = () => chooseStore(to, context);
      return { store: to, ...(await secrets.move(to, offer && secrets.take(offer), settle)) };
    },
  });
}
