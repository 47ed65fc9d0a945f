/** What a program says to itself: codes of errors, names of SQLite's, places in its source. */
export const rawWords =
  /\bE(?:ACCES|AGAIN|BADF|BUSY|EXIST|INTR|INVAL|IO|ISDIR|LOOP|MFILE|NAMETOOLONG|NFILE|NODEV|NOENT|NOSPC|NOTDIR|NOTEMPTY|NXIO|PERM|PIPE|ROFS|XDEV|ADDRINUSE)\b|SQLITE_\w+|\b\w+ constraint failed|went wrong inside|\n +at .*:\d+|\(node:\d+\)|\bundefined\b|\[object /;
