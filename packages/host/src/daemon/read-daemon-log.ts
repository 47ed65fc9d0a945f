import * as fs from "node:fs";
import * as path from "node:path";
import type { LineCodec } from "@mh/core/ports/line-codec.ts";
import { readPlainText } from "../adapters/plain-file.ts";
import { openedText } from "../encryption/cipher.ts";

/** The last lines of a daemon's log, the oldest first, by the home's cipher where it is encrypted. A line that a crash cut off is left out. */
export function readDaemonLog(root: string, count: number, sealer?: LineCodec): Record<string, unknown>[] {
  const texts = ["daemon.1.ndjson", "daemon.ndjson"].map((name) => read(path.join(root, "logs", "run", name)));
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => line !== "");
  return lines.slice(-count).flatMap((line) => {
    try {
      return [JSON.parse(openedText(line, sealer)) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
}

const read = (file: string): string => (fs.existsSync(file) ? readPlainText(file) : "");
