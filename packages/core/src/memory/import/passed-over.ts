/** Folders in which programs keep what was thrown away, or earlier states of what lies elsewhere. */
const backups = [
  /(?:^|\/)logseq\/(?:bak|\.recycle|version-files)$/i,
  /(?:^|\/)@eaDir$/,
  /(?:^|\/)(?:[._]?trash(?:es)?|\.trash-\d+|\$recycle\.bin|\.?recycle(?:d|r)?|\.bak|\.stversions|\.snapshots?)$/i,
];

/** Whether a folder, by its place below what is imported, holds a program's backups or what was thrown away. */
export function isBackupFolder(place: string): boolean {
  return backups.some((pattern) => pattern.test(place));
}
