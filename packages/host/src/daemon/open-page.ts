import { spawn } from "node:child_process";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { nodeFiles } from "../adapters/node-files.ts";
import { findProgram } from "../find-program.ts";
import { readHome } from "../home/home-file.ts";
import { desktopSession } from "../wiring/desktop-program.ts";
import { findDaemon } from "./daemon-file.ts";
import { keptToken, pageAddress } from "./token.ts";

type Environment = Record<string, string | undefined>;

/** A browser that is started by it may stay its child: what has not failed by then has opened the page. */
const failsWithinMs = 3_000;

/** A link to the page of the daemon that runs, which signs a browser in once. Throws `daemon.refused` where none runs. */
export function daemonPage(root: string, environment: Environment): string {
  return pageAddress(runningUrl(root), runningToken(root, environment));
}

/** The token of the daemon that runs, for programs of the owner's. Throws `daemon.refused` where none runs. */
export function runningToken(root: string, environment: Environment): string {
  runningUrl(root);
  const token = keptToken(readHome(nodeFiles(root), root).id, environment);
  if (token !== undefined) return token;
  const what = "The daemon's token was thrown away while it runs";
  throw new Fault("daemon.refused", `${what}. \`mh daemon stop\` and \`mh daemon start\` make a new one.`);
}

function runningUrl(root: string): string {
  const facts = findDaemon(root);
  if (facts) return facts.url;
  throw new Fault("daemon.refused", "No daemon runs here. `mh daemon start` starts one.");
}

/** Opens an address in the desktop's browser. Throws `daemon.refused` where there is no desktop, or it does not open. */
export async function openInBrowser(
  page: string,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const name = platform === "darwin" ? "open" : "xdg-open";
  const file = findProgram(name, environment.PATH);
  if (!file) throw notOpened(`${name} is not installed here`);
  const isDesktop = platform === "darwin" || environment.DISPLAY || environment.WAYLAND_DISPLAY;
  if (!isDesktop) throw notOpened("there is no desktop session here");
  const why = await startOf(file, page, environment);
  if (why !== undefined) throw notOpened(`${path.basename(file)} ${why}`);
}

/** Why the program failed; undefined where it ended well, or goes on. It lives on when we end. */
function startOf(file: string, page: string, environment: Environment): Promise<string | undefined> {
  const child = spawn(file, [page], { env: desktopSession(environment), detached: true, stdio: "ignore" });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.unref();
      resolve(undefined);
    }, failsWithinMs);
    const end = (why: string | undefined) => {
      clearTimeout(timer);
      resolve(why);
    };
    child.once("error", ({ message }) => end(`did not start: ${message}`));
    child.once("exit", (code, signal) => end(code === 0 ? undefined : `failed (${signal ?? `code ${code}`})`));
  });
}

const notOpened = (why: string): Fault =>
  new Fault("daemon.refused", `The page could not be opened: ${why}. \`mh open --print\` shows its address.`);
