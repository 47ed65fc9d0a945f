import { execFile } from "node:child_process";

type Environment = Record<string, string | undefined>;

const endWithinMs = 10_000;

/** What a program of the desktop needs of the environment, and nothing else of it. */
export function desktopSession(environment: Environment): Record<string, string> {
  const { HOME, PATH, LANG, DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS } = environment;
  const session = { HOME, PATH, LANG, DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS };
  return Object.fromEntries(
    Object.entries(session).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Runs a program, no shell between. Answers why it failed; undefined where it did not. */
export function runProgram(
  file: string,
  args: readonly string[],
  { environment, signal }: { environment: Environment; signal: AbortSignal },
): Promise<string | undefined> {
  const env = desktopSession(environment);
  return new Promise((resolve) => {
    execFile(file, args, { env, signal, timeout: endWithinMs, windowsHide: true }, (error, _out, complaint) => {
      if (!error) return resolve(undefined);
      resolve(error.killed ? "it took too long" : complaint.trim().split("\n")[0]?.slice(0, 200) || error.message);
    });
  });
}
