import type { Disk } from "@mh/core/ports/disk.ts";

/** This machine's disk outside the home, loaded at its first use. */
export function lateDisk(closed: () => readonly string[]): Disk {
  const disk = async () => (await import("../adapters/node-disk.ts")).nodeDisk(closed());
  return {
    get closed() {
      return closed();
    },
    list: async (...args) => (await disk()).list(...args),
    read: async (...args) => (await disk()).read(...args),
    write: async (...args) => (await disk()).write(...args),
  };
}
