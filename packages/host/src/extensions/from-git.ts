import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { refused, type Tree, TreeMaker, treeBounds } from "@mh/core/extensions/package-tree.ts";
import { absoluteFolders } from "../find-program.ts";
import { type DiskStart, diskStart } from "../sandbox/filled-disk.ts";
import { standing } from "../sandbox/missing.ts";
import { watch } from "../sandbox/watchdog.ts";

const timeoutMs = 60_000;
const cloneMax = { bytesMax: 200_000_000, filesMax: 100_000 };

/** A repository, and of it a branch or tag and a folder, where they are named. */
export interface GitSource {
  url: string;
  protocol: "https" | "ssh" | "file";
  ref?: string | undefined;
  folder?: string | undefined;
}

/**
 * The files of a repository's last commit. Nothing is checked out: they are read from git's own store, so no hook, filter,
 * submodule or link of the repository ever acts. Only the protocol that the owner named is spoken.
 * Throws `skill.refused`, and `stopped` where STOP stands.
 */
export async function treeFromGit(
  source: GitSource,
  { environment, stopFile }: { environment: Environment; stopFile: string },
  signal: AbortSignal,
): Promise<Tree> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-git-"));
  try {
    const at = path.join(folder, "repository");
    const git = new Git(
      source,
      { environment, stopFile },
      folder,
      AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    );
    const which = source.ref === undefined ? [] : ["--branch", source.ref];
    await git.run(["clone", "--bare", "--depth=1", "--single-branch", "--no-tags", ...which, "--", source.url, at]);
    const listed = await git.run(["-C", at, "ls-tree", "-r", "-z", "-l", "--full-tree", "HEAD"]);
    return await read(git, at, listed.toString("utf8"), source.folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function read(git: Git, repository: string, listed: string, folder: string | undefined): Promise<Tree> {
  const maker = new TreeMaker();
  const prefix = folder === undefined ? "" : `${folder.replace(/\/+$/, "")}/`;
  for (const line of listed.split("\0").filter(Boolean)) {
    const at = line.indexOf("\t");
    const [mode, type, object = "", size] = line.slice(0, at).split(/ +/);
    const name = line.slice(at + 1);
    if (!name.startsWith(prefix)) continue;
    const inside = name.slice(prefix.length);
    if (type !== "blob" || (mode !== "100644" && mode !== "100755"))
      throw refused(`${inside.slice(0, 100)} is a link or a repository of its own`);
    maker.check(inside, Number(size));
    maker.add(inside, await git.run(["-C", repository, "cat-file", "blob", object]));
  }
  const tree = maker.tree();
  if (tree.size === 0) throw refused(folder === undefined ? "the repository is empty" : `it has no folder ${folder}`);
  return tree;
}

type Environment = Record<string, string | undefined>;

class Git {
  readonly #options: readonly string[];
  readonly #environment: Environment;
  readonly #folder: string;
  readonly #stopFile: string;
  readonly #signal: AbortSignal;

  constructor(
    { protocol }: GitSource,
    { environment, stopFile }: { environment: Environment; stopFile: string },
    folder: string,
    signal: AbortSignal,
  ) {
    const { PATH, HOME, SSH_AUTH_SOCK } = environment;
    this.#folder = folder;
    this.#stopFile = stopFile;
    this.#signal = signal;
    this.#options = [
      ...["protocol.allow=never", `protocol.${protocol}.allow=always`],
      ...[
        "core.hooksPath=/dev/null",
        "core.fsmonitor=false",
        "submodule.recurse=false",
        "fetch.recurseSubmodules=false",
      ],
      ...["core.symlinks=false", "transfer.fsckObjects=true", "credential.helper=", "http.followRedirects=initial"],
    ].flatMap((setting) => ["-c", setting]);
    // Keys for ssh lie in the owner's home; for everything else git has none.
    const home =
      protocol === "ssh" ? { HOME, SSH_AUTH_SOCK, GIT_SSH_COMMAND: "ssh -oBatchMode=yes" } : { HOME: folder };
    const quiet = { GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", LC_ALL: "C" };
    this.#environment = {
      // Without any, where systems install it.
      PATH: absoluteFolders(PATH ?? "/usr/local/bin:/usr/bin:/bin").join(path.delimiter),
      ...home,
      ...quiet,
      GIT_TEMPLATE_DIR: "",
      GIT_LFS_SKIP_SMUDGE: "1",
    };
  }

  run(args: readonly string[]): Promise<Buffer> {
    if (fs.existsSync(this.#stopFile)) throw new Fault("stopped", standing);
    // A group of its own: what git starts to speak with the other side ends with it.
    const options = { env: this.#environment, cwd: this.#folder, detached: true };
    const writable = diskStart(this.#folder);
    const child = spawn("git", [...this.#options, ...args], options);
    child.stdin.end();
    return this.#end(child, writable, args.find((arg) => !arg.startsWith("-")) ?? "");
  }

  #end(child: ChildProcessWithoutNullStreams, writable: DiskStart[], what: string): Promise<Buffer> {
    const out: Buffer[] = [];
    let [size, said, why] = [0, "", ""];
    const end = (because: string) => {
      why ||= because;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const late = () => end("it took too long");
    this.#signal.addEventListener("abort", late, { once: true });
    if (this.#signal.aborted) late();
    const { pid } = child;
    const order = { kind: "group", limits: { timeMs: timeoutMs, disk: cloneMax }, writable } as const;
    const watched = pid === undefined ? undefined : watch({ ...order, pid, stopFile: this.#stopFile });
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      out.push(chunk);
      if (size > treeBounds.bytesMax) end("it is too large");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-2_000);
    });
    return new Promise<Buffer>((resolve, reject) => {
      child.on("error", () => reject(refused("git is not installed")));
      child.on("close", (code) => {
        const reason = watched?.facts.reason;
        if (reason === "stopped") return reject(new Fault("stopped", standing));
        if (reason) why ||= reason === "disk" ? "it is too large" : "it took too long";
        if (code === 0 && !why) return resolve(Buffer.concat(out));
        const fatal = /^fatal: (.*)$/m.exec(said)?.[1] ?? `git ${what} failed`;
        reject(refused(why || fatal.replace(/\p{C}/gu, " ").slice(0, 200)));
      });
    }).finally(() => {
      watched?.[Symbol.dispose]();
      this.#signal.removeEventListener("abort", late);
    });
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended meanwhile, which is what was wanted.
  }
}
