import { Fault } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import type { Context } from "./command.ts";
import type { Client } from "./connect.ts";
import { Exit, exitCodes } from "./exit.ts";
import { isStdinTyped, readStdin } from "./input.ts";

const triesMax = 3;

/** Opens the owner's secrets in the process that holds the home: asks for the passphrase, or has the keychain ask. */
export async function unlock(context: Context, client: Client): Promise<void> {
  const { store } = doneValue(await client.act("secret.list", {}));
  if (store === "keychain") return void doneValue(await client.act("secret.unlock", {}));
  await untilRight(context, "The passphrase of your secrets", (passphrase) =>
    offering(context, passphrase, async (offer) => void doneValue(await client.act("secret.unlock", { offer }))),
  );
}

/** Asks again as long as it was wrong, at a terminal. */
export async function untilRight(
  { print }: Context,
  message: string,
  attempt: (passphrase: string) => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(print.canAsk ? await askedFor(message) : piped());
    } catch (error) {
      const isWrong = error instanceof Fault && error.code === "secret.locked";
      if (!isWrong || !print.canAsk || tries === triesMax) throw error;
      print.note("That is not the passphrase.");
    }
  }
}

/** A passphrase that is chosen now: asked for twice, or piped in. */
export async function newPassphrase({ print }: Context): Promise<string> {
  if (!print.canAsk) return piped();
  const passphrase = await askedFor("A passphrase for your secrets (a few words; nobody can restore it)");
  if (passphrase !== (await askedFor("The same once more"))) throw new Fault("usage", "The two are not the same.");
  return passphrase;
}

/** Leaves a value for one command, and takes it back where that did not take it. */
export async function offering<T>(
  { root, environment }: Context,
  value: string,
  work: (offer: string) => Promise<T>,
): Promise<T> {
  const offer = offerSecret(root, environment, value);
  try {
    return await work(offer.id);
  } finally {
    offer.withdraw();
  }
}

function doneValue<T>(outcome: Outcome<T>): T {
  if (outcome.status === "done") return outcome.value;
  if (outcome.status === "failed") throw new Fault(outcome.fault.code, outcome.fault.message);
  throw new Fault("secret.failed", `They were not opened (${outcome.status}): \`mh why ${outcome.id}\`.`);
}

async function askedFor(message: string): Promise<string> {
  const { askHidden } = await import("./prompt.ts");
  const answer = await askHidden(message);
  if (answer === undefined) throw new Exit(exitCodes.interrupted);
  return answer;
}

function piped(): string {
  if (isStdinTyped()) throw new Fault("usage", "What you type would be seen. Leave --json away, or give it by a pipe.");
  return readStdin().replace(/\r?\n$/, "");
}
