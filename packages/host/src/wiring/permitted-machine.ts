import type { Desktop } from "@mh/core/ports/desktop.ts";
import type { Disk } from "@mh/core/ports/disk.ts";
import type { HttpRequest } from "@mh/core/ports/http.ts";
import type { Programs } from "@mh/core/ports/programs.ts";

/** Each throws `skill.misdeclared` where what it is asked for is not declared. */
export interface Allowed {
  host(host: string, reach: HttpRequest["reach"]): void;
  /** Absolute, in canonical form. */
  path(path: string): void;
  secret(name: string): void;
  everySecret(): void;
  processes(program: string): void;
}

/** Which folders are closed is no secret: a skill refuses them before anybody is asked. */
export function permittedDisk(disk: Disk, allowed: Allowed): Disk {
  return {
    get closed() {
      return disk.closed;
    },
    async list(folder, entriesMax) {
      allowed.path(folder);
      return disk.list(folder, entriesMax);
    },
    async read(path, bytesMax) {
      allowed.path(path);
      return disk.read(path, bytesMax);
    },
    async write(path, ...args) {
      allowed.path(path);
      return disk.write(path, ...args);
    },
  };
}

export function permittedPrograms(programs: Programs, allowed: Allowed): Programs {
  return {
    get closed() {
      return programs.closed;
    },
    async realPath(program) {
      allowed.processes(program);
      return programs.realPath(program);
    },
    async pin(folder, named) {
      allowed.path(folder);
      return programs.pin(folder, named);
    },
    async run(run) {
      allowed.processes(run.program);
      allowed.path(run.program);
      if (run.folder !== undefined) allowed.path(run.folder);
      return programs.run(run);
    },
  };
}

/** A program of the desktop shows what it is told. */
export function permittedDesktop(desktop: Desktop, allowed: Allowed): Desktop {
  return {
    missing: () => desktop.missing(),
    async show(...args) {
      allowed.processes("that shows notifications");
      return desktop.show(...args);
    },
  };
}
