import { Fault } from "@mh/contract/values/fault.ts";
import type { DaemonMessage } from "@mh/host/daemon/background.ts";
import type { DaemonReport } from "@mh/host/daemon/daemon.ts";
import { keepSecretsFromStandardError } from "@mh/host/daemon/last-words.ts";
import { loadLean } from "@mh/host/home/load-lean.ts";
import { newSecretMemory } from "@mh/host/secrets/vault.ts";
import { type Context, exitCodes } from "./command.ts";

/** Is the daemon until Ctrl-C, SIGTERM or the end of the terminal; a second signal does not wait. */
export async function runDaemon(
  { root, signal, environment }: Context,
  tell: (report: DaemonReport) => void,
  secretMemory = newSecretMemory(),
): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  const onStop = () => stopped.resolve();
  signal.addEventListener("abort", onStop);
  for (const name of ["SIGTERM", "SIGHUP"] as const) process.once(name, onStop);
  if (signal.aborted) onStop();
  const { Daemon, stopWithinMs } = await loadLean(() => import("@mh/host/daemon/daemon.ts"));
  const daemon = await Daemon.start(root, { environment, secretMemory });
  tell(daemon.report);
  // The socket and the timers of a daemon do not keep a process alive by themselves.
  const awake = setInterval(() => undefined, 60_000);
  try {
    await Promise.race([stopped.promise, daemon.failed]);
  } finally {
    clearInterval(awake);
    const late = setTimeout(() => process.exit(exitCodes.interrupted), stopWithinMs);
    late.unref();
    await daemon[Symbol.asyncDispose]();
  }
}

/** The same for a parent that waits to hear how the start went. */
export async function runInBackground(context: Context): Promise<void> {
  // Who waited may be gone by now; that is no reason to end.
  const send = (message: DaemonMessage) => process.connected && process.send?.(message, () => undefined);
  const secretMemory = newSecretMemory();
  keepSecretsFromStandardError((text) => secretMemory.known.redact(text));
  try {
    await runDaemon(
      context,
      (report) => {
        send({ ready: report });
      },
      secretMemory,
    );
  } catch (error) {
    if (error instanceof Fault) send({ fault: { code: error.code, message: error.message } });
    throw error;
  }
}
