import * as fs from "node:fs";
import * as path from "node:path";

const fileName = "witness";

/** The last signed statement of the log's size, kept beside the keys: a log that was cut shorter is found out by it. */
export function readWitness(folder: string): string | undefined {
  try {
    const note = fs.readFileSync(path.join(folder, fileName), "utf8");
    return isWhole.test(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

/** A text and its signature. What a power cut left of one witnesses nothing, and says nothing of the log. */
const isWhole = /^[^\0]+\n\n— [^\0\n]+\n$/;

/** Not synced: a witness that is a little behind still witnesses. */
export function writeWitness(folder: string, note: string): void {
  const temporary = path.join(folder, `${fileName}.${process.pid}`);
  fs.writeFileSync(temporary, note, { mode: 0o600 });
  fs.renameSync(temporary, path.join(folder, fileName));
}
