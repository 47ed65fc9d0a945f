import type { ImportItem } from "./item.ts";

/** One thing found in what is imported: a memory to be, why there is none, or a remark that costs no memory. */
export type Found =
  | { item: ImportItem & { externalId: string }; where: string }
  | { refused: string; externalId: string | null; where: string }
  | { note: string; where: string };

/** What parsers need from outside, so that the same input gives the same items on every machine. */
export interface ImportContext {
  /** The owner's, for times that name no zone. */
  timeZone: string;
  sha256Hex(text: string): string;
}
