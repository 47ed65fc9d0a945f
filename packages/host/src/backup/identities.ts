import { Fault } from "@mh/contract/values/fault.ts";
import { readNamed } from "../adapters/plain-file.ts";

/** The identities in a file that `age-keygen` wrote: a line each, and comments. */
export function identitiesIn(file: string): string[] {
  try {
    const lines = readNamed(file).toString("utf8").split("\n");
    return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  } catch (cause) {
    throw new Fault("usage", `${file} cannot be read.`, { cause });
  }
}
