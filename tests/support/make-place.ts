import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export interface Place extends Disposable {
  folder: string;
  at(name: string): string;
}

/** A folder outside every home, by its real path. */
export function makePlace(): Place {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-outside-")));
  return {
    folder,
    at: (name) => path.join(folder, name),
    [Symbol.dispose]: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
