/** What can be imported. */
export const importFormats = [
  "ndjson",
  "markdown",
  "mbox",
  "maildir",
  "ics",
  "csv",
  "vcard",
  "chatgpt",
  "claude",
  "openclaw",
  "silverbullet",
] as const;
export type ImportFormat = (typeof importFormats)[number];

/** Fields that a column of a table can be. */
export const csvFields = ["content", "title", "at", "time", "id", "tags", "speaker", "session"] as const;
export type CsvField = (typeof csvFields)[number];
