import * as fs from "node:fs";
import * as path from "node:path";

/** The last lines of a daemon's log, the oldest first. A line that a crash cut off is left out. */
export function readDaemonLog(root: string, count: number): Record<string, unknown>[] {
  const texts = ["daemon.1.ndjson", "daemon.ndjson"].map((name) => read(path.join(root, "logs", "run", name)));
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => line !== "");
  return lines.slice(-count).flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
}

const read = (file: string): string => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "");
