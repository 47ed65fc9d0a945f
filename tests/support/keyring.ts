import { spawn, spawnSync } from "node:child_process";

const has = (program: string) => spawnSync(program, ["--version"]).error === undefined;
export const hasKeyring = has("gnome-keyring-daemon") && has("dbus-run-session");

export interface Keyring extends AsyncDisposable {
  /** What leads a process to this session. */
  environment: { DBUS_SESSION_BUS_ADDRESS: string };
}

/**
 * A desktop session with a real gnome-keyring, whose files lie in a folder. `locked`: nobody has logged in; who asks for
 * its password finds no screen to ask on.
 */
export async function startKeyring(folder: string, { locked = false } = {}): Promise<Keyring> {
  const start = locked
    ? "gnome-keyring-daemon --start --components=secrets"
    : "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets";
  const script = `${start} >/dev/null && printf '%s\\n' "$DBUS_SESSION_BUS_ADDRESS" && exec cat >/dev/null`;
  const session = spawn("dbus-run-session", ["--", "sh", "-c", script], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { PATH: process.env.PATH, HOME: folder },
  });
  const ended = new Promise<void>((resolve) => session.once("close", () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    session.stdout.once("data", (chunk: Buffer) => resolve(String(chunk).trim()));
    session.once("error", reject);
    session.once("exit", (code) => reject(new Error(`The session ended with ${code}.`)));
  });
  return {
    environment: { DBUS_SESSION_BUS_ADDRESS: address },
    async [Symbol.asyncDispose]() {
      session.stdin.end();
      await ended;
    },
  };
}
