import * as fs from "node:fs";

const closeOnExec = 0o2000000;

/**
 * Descriptors above the standard ones that a child of this process would inherit: what started mh left them open, or a
 * library opened them so. See proc(5), fdinfo.
 */
export function inheritedDescriptors(): number[] {
  return list("/proc/self/fd")
    .map(Number)
    .filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

function isInherited(descriptor: number): boolean {
  try {
    const text = fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8");
    const flags = /^flags:\s*(\d+)$/m.exec(text)?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    // Closed meanwhile, as the one by which the folder was read.
    return false;
  }
}

function list(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
