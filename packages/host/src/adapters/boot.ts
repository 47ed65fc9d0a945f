import * as fs from "node:fs";
import * as os from "node:os";

/** Names this start of the machine. Where the system gives it no name, it is the minute, by a clock that may be set since. */
export const boot = (): string => {
  known ??= read();
  return known;
};
let known: string | undefined;

function read(): string {
  const file = "/proc/sys/kernel/random/boot_id";
  if (fs.existsSync(file)) return fs.readFileSync(file, "utf8").trim();
  return new Date(Date.now() - os.uptime() * 1000).toISOString().slice(0, 16);
}
