import * as fs from "node:fs";
import { v7 } from "uuid";

/** A new UUIDv7, without what else the library would load: Node's cryptography costs a tenth of a short command. */
export const newId = (): string => v7({ random: randomBytes(16) });

/** From the system's own source, as Node's are; by Node where the system has no such file. */
export function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let fd: number;
  try {
    fd = fs.openSync("/dev/urandom", "r");
  } catch {
    return crypto.getRandomValues(bytes);
  }
  try {
    for (let read = 0; read < count; ) read += fs.readSync(fd, bytes, read, count - read, null);
    return bytes;
  } finally {
    fs.closeSync(fd);
  }
}
