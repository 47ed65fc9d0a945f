import { Fault } from "@mh/contract/values/fault.ts";
import { readPlainText } from "../adapters/plain-file.ts";

/** The identities in a file that `age-keygen` wrote: a line each, and comments. */
export function identitiesIn(file: string): string[] {
  try {
    const lines = readPlainText(file).split("\n");
    return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  } catch (cause) {
    throw new Fault("usage", `${file} cannot be read.`, { cause });
  }
}
