import type { FileStamp } from "@mh/core/memory/import/found.ts";
import type { SourceOptions } from "@mh/core/memory/import/source.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import type { InputFile } from "./source.ts";

/** Raised when the same bytes give other memories than before. */
const readersVersion = 1;
/** A file system's clock stands still for so long: what is written again within it keeps its time. */
const tickMs = 50;

/** What makes a file the same as last time. What a calendar gives depends on the day as well. */
export function stampOf(
  file: InputFile,
  { timeZone, nowMs, map, dateOrder }: Pick<SourceOptions, "map" | "dateOrder"> & { timeZone: string; nowMs: number },
  lookedAtMs: number,
): FileStamp | undefined {
  const { path: place, sizeBytes, mtimeMs, kind } = file;
  if (mtimeMs + tickMs > lookedAtMs) return undefined;
  const day = kind === "ics" ? new Date(nowMs).toISOString().slice(0, 10) : "";
  const columns =
    kind === "csv" && (map || dateOrder) ? nodeCrypto.sha256Hex(JSON.stringify([map, dateOrder])).slice(0, 8) : "";
  const readAs = [readersVersion, kind, timeZone, day, columns].filter(Boolean).join(" ");
  return { path: place, sizeBytes, mtimeMs, readAs };
}
