import { spawn } from "node:child_process";
import { connectHome } from "@mh/host/connect/connect-home.ts";
import { stopDaemon } from "@mh/host/daemon/background.ts";
import { Daemon } from "@mh/host/daemon/daemon.ts";
import { Wrong } from "./wrong.ts";

type Environment = Record<string, string>;

export interface Ended {
  /** Undefined for one that was killed. */
  code: number | undefined;
  said: string;
  /** What the daemon said that it went through, and how that ended. */
  served?: string;
}

/**
 * A daemon from its start to its end, and what is done in between; both ends, the daemon's first. It may end at any time, but
 * not without a word, and never not at all.
 */
export async function throughDaemon(
  [program = "", ...args]: readonly string[],
  at: { root: string; environment: Environment; endlessMs: number },
  use: () => Ended,
): Promise<[daemon: Ended, used: Ended]> {
  const child = spawn(program, args, { env: at.environment, stdio: ["ignore", "pipe", "pipe"] });
  const ended = Promise.withResolvers<number | undefined>();
  const ready = Promise.withResolvers<void>();
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += chunk;
      if (/^mh is up/m.test(said)) ready.resolve();
    });
  child.once("close", (code) => ended.resolve(code ?? undefined)).once("error", ended.reject);
  const late = setTimeout(
    () => ended.reject(new Wrong(`The daemon neither comes up nor ends:\n${said}`)),
    at.endlessMs,
  );
  try {
    await Promise.race([ready.promise, ended.promise]);
    const used = use();
    await stopDaemon(at.root, at.endlessMs);
    const code = await ended.promise;
    if (code !== 0 && code !== undefined && said === "") throw new Wrong(`It ends with ${code}, and without a word`);
    return [{ code, said }, used];
  } finally {
    clearTimeout(late);
    child.kill("SIGKILL");
  }
}

/** The next one comes up, whatever the last left behind, and serves. */
export async function nextDaemon(root: string, environment: Environment): Promise<void> {
  await using _daemon = await Daemon.start(root, { environment });
  await using client = await connectHome(root, { environment });
  const { status } = await client.act("memory.list", {});
  if (status !== "done") throw new Wrong(`The next daemon does not answer: ${status}`);
}
