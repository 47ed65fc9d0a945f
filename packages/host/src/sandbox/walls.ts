import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import type { Writable } from "node:stream";
import { isInside } from "@mh/core/kernel/scope.ts";
import { noKeyring } from "./seccomp.ts";

/**
 * bubblewrap's arguments for a program of this machine: namespaces of its own, no capability, no network, the system's
 * files to read, and scratch space that is gone afterwards. `closed` is hidden where it lies among them. On the descriptor
 * `filter` it waits for what `tellFilter` says.
 */
export function systemWalls(closed: readonly string[], filter: number): string[] {
  const system = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"].filter((each) => fs.existsSync(each));
  const settings = ["/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"];
  const hidden = closed.map(realOf).filter((each) => isInside("/usr", each));
  return [
    ...["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"],
    ...["--setenv", "PATH", "/usr/bin:/usr/sbin", "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8"],
    ...["--ro-bind", "/usr", "/usr"],
    ...system.flatMap((each) =>
      fs.lstatSync(each).isSymbolicLink() ? ["--symlink", fs.readlinkSync(each), each] : ["--ro-bind", each, each],
    ),
    ...settings.flatMap((each) => ["--ro-bind-try", each, each]),
    ...["--proc", "/proc", "--dev", "/dev", "--size", String(256 * 2 ** 20), "--tmpfs", "/tmp"],
    ...hidden.flatMap((each) => ["--tmpfs", each]),
    ...(noKeyring() ? ["--seccomp", String(filter)] : []),
  ];
}

export function tellFilter({ stdio }: ChildProcess, filter: number): void {
  const descriptor = (stdio as readonly unknown[])[filter] as Writable;
  // bwrap may be gone before it has read it; what became of it, its exit says.
  descriptor.on("error", () => undefined);
  descriptor.end(noKeyring() ?? "");
}

export const realOf = (folder: string): string => (fs.existsSync(folder) ? fs.realpathSync(folder) : folder);
