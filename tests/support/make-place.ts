import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export interface Place extends Disposable {
  folder: string;
  at(name: string): string;
}

/**
 * The machine's own temporary folder. The one of the tests (tests/support/setup) may lie below /dev, which mh takes for a
 * part of the system: nobody reads or writes there.
 */
export const machineFolder = (): string => process.env.MH_TEST_DISK ?? os.tmpdir();

/** A folder outside every home, by its real path. */
export function makePlace(): Place {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(machineFolder(), "mh-outside-")));
  return {
    folder,
    at: (name) => path.join(folder, name),
    [Symbol.dispose]: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
