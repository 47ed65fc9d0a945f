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
  context: Context,
  message: string,
  attempt: (passphrase: string) => Promise<void>,
): Promise<void> {
  const { print } = context;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(await givenPassphrase(context, message));
    } catch (error) {
      const isWrong = error instanceof Fault && (error.code === "secret.locked" || error.code === "home.locked");
      if (!isWrong || !print.canAsk || tries === triesMax) throw error;
      print.note("That is not the passphrase.");
    }
  }
}

/** A passphrase that is chosen now: asked for twice, or piped in. */
export async function newPassphrase({ print }: Context, what = "your secrets"): Promise<string> {
  if (!print.canAsk) return pipedLines()[0];
  const passphrase = await askedFor(`A passphrase for ${what} (a few words; nobody can restore it)`);
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

/** A passphrase that was chosen before: asked for, or piped in. */
export const givenPassphrase = async ({ print }: Context, message: string): Promise<string> =>
  print.canAsk ? askedFor(message) : pipedLines()[0];

/** The passphrase of now and the one that takes its place: asked for, or piped in, a line each. */
export async function bothPassphrases(context: Context, what: string): Promise<{ before: string; after: string }> {
  if (!context.print.canAsk) {
    const [before, after = ""] = pipedLines();
    return { before, after };
  }
  const before = await askedFor("The passphrase of now");
  return { before, after: await newPassphrase(context, what) };
}

async function askedFor(message: string): Promise<string> {
  const { askHidden } = await import("./prompt.ts");
  const answer = await askHidden(message);
  if (answer === undefined) throw new Exit(exitCodes.interrupted);
  return answer;
}

/** A passphrase is one line: what a password manager prints below it is none of it. */
function pipedLines(): [string, ...string[]] {
  if (isStdinTyped()) throw new Fault("usage", "What you type would be seen. Leave --json away, or give it by a pipe.");
  const [first = "", ...more] = readStdin().split(/\r?\n/);
  return [first, ...more];
}
