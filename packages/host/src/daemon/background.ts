import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import type { DaemonReport } from "./daemon.ts";
import { findDaemon } from "./daemon-file.ts";

/** What a daemon in the background tells the one who started it: once. */
export type DaemonMessage = { ready: DaemonReport } | { fault: { code: string; message: string } };

/** What it writes where nobody looks: only what escapes it in a crash. */
const crashLog = (root: string): string => path.join(root, "logs", "run", "daemon-crash.log");

const crashLogBytesMax = 2 ** 20;

/** Starts `mh daemon run` in the background, and waits until it is up. Throws what kept it from starting. */
export async function startInBackground(root: string, mh: string): Promise<DaemonReport> {
  fs.mkdirSync(path.dirname(crashLog(root)), { recursive: true, mode: 0o700 });
  const size = fs.statSync(crashLog(root), { throwIfNoEntry: false })?.size ?? 0;
  const out = fs.openSync(crashLog(root), size > crashLogBytesMax ? "w" : "a", 0o600);
  // What Node would read of compiled code it keeps for as long as it lives, 5 MB.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const child = spawn(process.execPath, [mh, "--home", root, "daemon", "run"], {
    env,
    detached: true,
    cwd: root,
    stdio: ["ignore", out, out, "ipc"],
  });
  fs.closeSync(out);
  const message = await new Promise<DaemonMessage>((resolve, reject) => {
    child.once("message", (told) => resolve(told as DaemonMessage));
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      const why = `It ended at once (${signal ?? `code ${code}`}). ${path.relative(root, crashLog(root))} may say why`;
      resolve({ fault: { code: "daemon.refused", message: `${why}; \`mh up\` shows it here.` } });
    });
  });
  if (child.connected) child.disconnect();
  child.unref();
  if ("ready" in message) return message.ready;
  throw new Fault(message.fault.code as FaultCode, message.fault.message);
}

/** Asks the daemon of a home to end, and waits for it. False where none runs. Throws `daemon.refused` where it does not end. */
export async function stopDaemon(root: string, withinMs: number): Promise<boolean> {
  const facts = findDaemon(root);
  if (!facts) return false;
  try {
    process.kill(facts.pid, "SIGTERM");
  } catch (error) {
    // It ended by itself in between.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
  const start = performance.now();
  for (let pause = 10; findDaemon(root)?.pid === facts.pid; pause = Math.min(pause * 2, 100)) {
    if (performance.now() - start > withinMs)
      throw new Fault(
        "daemon.refused",
        `Process ${facts.pid} does not end. \`kill -9 ${facts.pid}\` ends it; nothing is lost.`,
      );
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return true;
}
