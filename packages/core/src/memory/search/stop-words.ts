/** Words too common to tell one memory from another. Kept short: in large stores the term statistics do this work. */
export const stopWords: ReadonlySet<string> = new Set(
  (
    "a about am an and are as at be been but by can could did do does for from had has have he her hers him his how " +
    "i if in into is it its likely me my of on or our she should so that the their them then there these they this " +
    "those to us was we were what when where which who whom whose why will with would you your don doesn didn isn wasn"
  ).split(" "),
);

/** Speakers that chat exports name by their part. As words of a question they are words, not names. */
export const roleWords: ReadonlySet<string> = new Set(
  "agent ai assistant bot human me model owner system tool user".split(" "),
);

/** Words that frame a question and seldom stand in its answer: they weigh less where the answer's surroundings are read. */
export const frameWords: ReadonlySet<string> = new Set(
  "kind type sort many much long time often name some any get mention".split(" "),
);
