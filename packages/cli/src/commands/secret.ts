import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type SecretStoreKind, secretStores } from "@mh/contract/values/secret-store.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { secretLengthMin } from "@mh/core/kernel/known-secrets.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { actOnce, actUnlocked, type CommandModule, type Context, Exit, exitCodes, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import { isStdinTyped, readStdin } from "../input.ts";
import { counted } from "../numbers.ts";

export const command: CommandModule = {
  uses: ["secret.list", "secret.set", "secret.remove", "secret.unlock", "secret.move"],
  build(parser, context) {
    parser.addHelpText("after", "\nExamples:\n  mh secret set ntfy\n  pass show mail/work | mh secret set work-mail");
    parser
      .command("list", { isDefault: true })
      .description("The names of your passwords and tokens. Their values are shown to nobody.")
      .addHelpText("after", "\nExample:\n  mh secret list")
      .action(() => list(context));
    parser
      .command("set <name>")
      .description("Keep a password or token: asked for unseen, or read from standard input.")
      .addHelpText("after", "\nExample:\n  mh secret set ntfy")
      .action((name: string) => set(context, name));
    parser
      .command("rm <name>")
      .description("Throw a password or token away.")
      .addHelpText("after", "\nExample:\n  mh secret rm ntfy")
      .action((name: string) => remove(context, name));
    parser
      .command("unlock")
      .description("Open them for the daemon: by your passphrase, or by the keychain's own window.")
      .addHelpText("after", "\nExample:\n  mh secret unlock")
      .action(() => open(context));
    parser
      .command("store")
      .argument("[where]", "keychain, passphrase or keyfile")
      .description("Where they lie; with a place, bring them all there.")
      .addHelpText("after", "\nExamples:\n  mh secret store\n  mh secret store passphrase")
      .action((where?: string) => (where === undefined ? tellStore(context) : move(context, where)));
  },
};

/** What a store is, in words that promise no more than it holds. */
const storeWords: Record<SecretStoreKind, string> = {
  keychain: "in this machine's keychain",
  passphrase: "in files encrypted with your passphrase",
  keyfile: "as plain text, in files that only your user may read",
};

async function list(context: Context): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "secret.list", {});
  if (print.isJson) return print.json(value);
  if (value.locked !== null) print.note(visible(value.locked));
  if (value.names?.length === 0) return print.line("No secrets. `mh secret set NAME` keeps one.");
  for (const name of value.names ?? []) print.line(visible(name));
}

async function set(context: Context, name: string): Promise<void> {
  const { print, root, environment } = context;
  const value = await given(context, name);
  const offer = offerSecret(root, environment, value);
  let isParked = false;
  try {
    await using client = await context.connect();
    const args = { name, offer: offer.id };
    let outcome = await actUnlocked(context, client, "secret.set", args);
    if (outcome.status === "failed" && outcome.fault.code === "secret.no-store" && print.canAsk) {
      print.note(visible(outcome.fault.message));
      await moveBy(context, client, await chosenStore());
      outcome = await client.act("secret.set", args);
    }
    isParked = outcome.status === "parked";
    const { store } = valueFrom<{ store: SecretStoreKind }>(context, outcome);
    if (print.isJson) return print.json({ name, store });
    print.line(`${visible(name)} is kept ${storeWords[store]}.`);
    if (value.trim().length < secretLengthMin)
      print.note(
        `It has fewer than ${secretLengthMin} characters, and cannot be told from other text in what mh writes.`,
      );
  } finally {
    // An approval request keeps it until it is answered; any other end has no more use for it.
    if (!isParked) offer.withdraw();
  }
}

async function remove(context: Context, name: string): Promise<void> {
  const value = await actOnce(context, "secret.remove", { name });
  if (context.print.isJson) return context.print.json(value);
  context.print.line(`${visible(value.name)} is thrown away.`);
}

async function open(context: Context): Promise<void> {
  const { findDaemon } = await import("@mh/host/daemon/daemon-file.ts");
  const { unlock } = await import("../unlock.ts");
  await using client = await context.connect();
  await unlock(context, client);
  const isKept = findDaemon(context.root) !== undefined;
  if (context.print.isJson) return context.print.json({ unlocked: true, daemon: isKept });
  context.print.line(
    isKept
      ? "Your secrets are open, until the daemon ends."
      : "They open. No daemon runs here that could keep them open; `mh up` asks when it starts.",
  );
}

async function tellStore(context: Context): Promise<void> {
  const { print } = context;
  const { store, locked } = await actOnce(context, "secret.list", {});
  if (print.isJson) return print.json({ store, locked });
  if (store === null) return print.line("Nowhere yet. `mh secret set NAME` chooses, or `mh secret store PLACE`.");
  print.line(`They lie ${storeWords[store]} (${store}).`);
  if (locked !== null) print.note(visible(locked));
}

async function move(context: Context, where: string): Promise<void> {
  const { print } = context;
  const to = secretStores.find((kind) => kind === where);
  if (!to) throw new Fault("usage", `There is no place ${visible(where)}. There are ${secretStores.join(", ")}.`);
  await using client = await context.connect();
  const value = await moveBy(context, client, to);
  if (print.isJson) return print.json(value);
  print.line(`They lie ${storeWords[to]} now; ${counted(value.moved.length, "secret")} came along.`);
  if (value.from.includes("keyfile"))
    print.note("The plain files are removed. Backups of them, and the disk's free space, may hold them still.");
}

async function moveBy(context: Context, client: Client, to: SecretStoreKind): Promise<ValueFor<"secret.move">> {
  const state = valueFrom(context, await client.act("secret.list", {}));
  const isOpen = state.store === "passphrase" && state.locked === null;
  if (to !== "passphrase" || isOpen) {
    return valueFrom(context, await actUnlocked(context, client, "secret.move", { to }));
  }
  const { newPassphrase, offering } = await import("../unlock.ts");
  return offering(context, await newPassphrase(context), async (offer) =>
    valueFrom(context, await client.act("secret.move", { to, offer })),
  );
}

async function chosenStore(): Promise<SecretStoreKind> {
  const { askChoice } = await import("../prompt.ts");
  const to = await askChoice<SecretStoreKind>("Where shall your secrets lie?", [
    { value: "passphrase", label: "In files encrypted with a passphrase, which the daemon asks for when it starts" },
    { value: "keyfile", label: "In plain files that only your user may read" },
  ]);
  if (to === undefined) throw new Exit(exitCodes.interrupted);
  return to;
}

async function given({ print }: Context, name: string): Promise<string> {
  if (!print.canAsk && isStdinTyped()) {
    throw new Fault("usage", "What you type would be seen. Leave --json away, or give it by a pipe.");
  }
  const value = print.canAsk ? await asked(name) : readStdin().replace(/\r?\n$/, "");
  if (value === "") throw new Fault("usage", "Nothing was given, so nothing is kept.");
  return value;
}

async function asked(name: string): Promise<string> {
  const { askHidden } = await import("../prompt.ts");
  const answer = await askHidden(`The secret ${visible(name)}`);
  if (answer === undefined) throw new Exit(exitCodes.interrupted);
  return answer;
}
