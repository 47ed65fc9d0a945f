/** What can be imported. `folder` is a folder of anything: each file is read by its kind. */
export const importFormats = [
  "folder",
  "ndjson",
  "markdown",
  "text",
  "org",
  "html",
  "canvas",
  "docx",
  "odt",
  "pdf",
  "mbox",
  "maildir",
  "eml",
  "ics",
  "csv",
  "vcard",
  "chatgpt",
  "claude",
  "openclaw",
  "hermes",
  "silverbullet",
] as const;
export type ImportFormat = (typeof importFormats)[number];

/**
 * What became of a file: something was taken of it; it is as it was at the last import; it was left alone for a reason
 * that a remark says; nothing here reads its kind; or it is of a kind that is read, and could not be.
 */
export const importFates = ["read", "unchanged", "passed over", "skipped", "refused"] as const;
export type ImportFate = (typeof importFates)[number];

/** Whether the day or the month stands first in dates like 5/8/2024. */
export const dateOrders = ["dmy", "mdy"] as const;
export type DateOrder = (typeof dateOrders)[number];

/** Fields that a column of a table can be. */
export const csvFields = ["content", "title", "at", "time", "id", "tags", "speaker", "session"] as const;
export type CsvField = (typeof csvFields)[number];
