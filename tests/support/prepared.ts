// What `setup/program.ts` makes before the fault tests.
import * as os from "node:os";
import * as path from "node:path";

/** A home as `mh init` makes it, and the folder with its keys; where the run has it, also for a file that moves its TMPDIR. */
export const templateFolder = (): string => path.join(process.env.MH_TEST_FOLDER ?? os.tmpdir(), "template");

/** Below node_modules: from there a bundle finds the libraries that it does not hold. */
export const childFolder = path.join(import.meta.dirname, "..", "..", "node_modules", ".cache", "mh-children");

export const childName = (file: string): string => path.basename(file, ".ts");

/** The bundle of a child of tests/fault/long. */
export const childFile = (name: string): string => path.join(childFolder, `${name}.mjs`);
