import * as fs from "node:fs";
import * as path from "node:path";
import { removeCutOff, temporaryOf } from "../adapters/cut-off-writes.ts";
import { readPlainText } from "../adapters/plain-file.ts";

const fileName = "witness";

/** The last signed statement of the log's size, kept beside the keys: a log that was cut shorter is found out by it. */
export function readWitness(folder: string): string | undefined {
  try {
    const note = readPlainText(path.join(folder, fileName));
    return isWhole.test(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

/** A text and its signature. What a power cut left of one witnesses nothing, and says nothing of the log. */
const isWhole = /^[^\0]+\n\n— [^\0\n]+\n$/;

/** Not synced: a witness that is a little behind still witnesses. */
export function writeWitness(folder: string, note: string): void {
  const file = path.join(folder, fileName);
  const temporary = temporaryOf(file);
  try {
    fs.writeFileSync(temporary, note, { mode: 0o600 });
    fs.renameSync(temporary, file);
  } catch (error) {
    removeCutOff(temporary);
    throw error;
  }
}
