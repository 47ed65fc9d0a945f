import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Limits } from "@mh/core/ports/executor.ts";
import { ownProcesses, threadsMax } from "./rlimits.ts";

/** A control group (cgroups(7), version 2) of one job: there the system itself holds all that came of it. */
export interface Cgroup extends Disposable {
  /** Writing 1 to it ends all of them at once. */
  readonly killFile: string;
  /** Before it has started anything. False where the system does not allow that. */
  take(pid: number): boolean;
  /** Whether the system ended it for its memory. */
  readonly isOutOfMemory: boolean;
}

const removeWithinMs = 2_000;
const prefix = "mh-";

/** What must be there for a group to be worth something. */
const needed = ["memory", "pids"];

let base: { folder: string | undefined } | undefined;

/** Undefined where mh may make no groups: then limits of a process, and the watchdog, are what holds. */
export function openCgroup(limits: Limits, controllers = needed): Cgroup | undefined {
  base ??= { folder: findBase(controllers) };
  const { folder } = base;
  if (folder === undefined) return undefined;
  const own = path.join(folder, `${prefix}${randomUUID()}`);
  try {
    fs.mkdirSync(own);
    const values = {
      ...{ "memory.max": limits.memoryBytes, "memory.swap.max": 0, "memory.oom.group": 1 },
      "pids.max": threadsMax(limits) + ownProcesses,
    };
    for (const [name, value] of Object.entries(values)) {
      const file = path.join(own, name);
      // No swap, no file of that name; and a kernel before 4.19 ends one process at a time.
      if (fs.existsSync(file)) fs.writeFileSync(file, String(value));
    }
    return groupAt(own);
  } catch {
    remove(own);
    return undefined;
  }
}

function groupAt(own: string): Cgroup {
  return {
    killFile: path.join(own, "cgroup.kill"),
    take(pid) {
      try {
        fs.writeFileSync(path.join(own, "cgroup.procs"), String(pid));
        return true;
      } catch {
        // Only who may write to a group above both moves a process: it will not be otherwise for the next job.
        base = { folder: undefined };
        return false;
      }
    },
    get isOutOfMemory() {
      const events = read(path.join(own, "memory.events"));
      return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0) > 0;
    },
    [Symbol.dispose]: () => removeSoon(own),
  };
}

/**
 * The nearest folder above this process where a new group has all controllers: below a user's own systemd, in a container
 * with a tree of its own, or anywhere as root. Groups that an earlier process left there are removed.
 */
function findBase(controllers: readonly string[]): string | undefined {
  const [, root = "", mount = ""] =
    /^\S+ \S+ \S+ (\S+) (\S+) rw\b.* - cgroup2 /m.exec(read("/proc/self/mountinfo")) ?? [];
  const own = /^0::(\/.*)$/m.exec(read("/proc/self/cgroup"))?.[1];
  if (mount === "" || own === undefined || own.startsWith("/..")) return undefined;
  const top = path.resolve(mount);
  for (let at = path.join(top, path.relative(root, own)); at.startsWith(top); at = path.dirname(at)) {
    if (isFit(at, controllers)) {
      for (const name of fs.readdirSync(at).filter((each) => each.startsWith(prefix))) remove(path.join(at, name));
      return at;
    }
  }
  return undefined;
}

function isFit(folder: string, controllers: readonly string[]): boolean {
  const trial = path.join(folder, `${prefix}${randomUUID()}`);
  try {
    fs.mkdirSync(trial);
  } catch {
    return false;
  }
  const has = read(path.join(trial, "cgroup.controllers")).split(/\s+/);
  remove(trial);
  return controllers.every((each) => has.includes(each));
}

/** A group is gone once the last of its processes was waited for. */
function removeSoon(folder: string, until = performance.now() + removeWithinMs): void {
  if (remove(folder) || performance.now() > until) return;
  setTimeout(() => removeSoon(folder, until), 50).unref();
}

function remove(folder: string): boolean {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "ENOENT";
  }
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
