/**
 * What says when a memory is from: its own words, a property or column, the name of its file, the header of a mail; else the
 * file's own time, or that it was taken in then.
 */
export const datings = ["text", "property", "name", "header", "file", "import"] as const;
export type DatedBy = (typeof datings)[number];

/** Whether a time was said by anybody, or is only known of the file: a copy or a tool may have set that. */
export const isTimeSaid = ({ datedBy }: { datedBy?: DatedBy | undefined }): boolean =>
  datedBy !== "file" && datedBy !== "import";

/** How a time that nobody said is told: "by its file", before the time. */
export function datedWords({ datedBy }: { datedBy?: DatedBy | undefined }): string | undefined {
  if (isTimeSaid({ datedBy })) return undefined;
  return datedBy === "file" ? "by its file" : "by its import";
}
