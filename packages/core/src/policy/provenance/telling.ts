/** Words that describe nothing, whatever is spoken of. */
const common = `a about additional again all also am an and any are as at be been but by can check could do does find
  for from get had has have he her him his how i if in into is it its just like make me message my need new not now of
  on one or our out paid pay payment please post read see send sent she should so some sure than that the their them
  then there they this to today too update us was we were what when where which who will with would you your amount
  date next last`;

/** Words for any entry of its kind. */
const entryWords = new Set(
  wordsOf(`file files mail mails email emails message messages event events report reports summary summaries note notes
  document documents entry entries item items record records day days week weeks month months year years`),
);

const commonWords = new Set(wordsOf(common));

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

/** Whether a word, in lower case, may tell one thing from another. */
export const isTelling = (word: string): boolean => word.length > 1 && !commonWords.has(word) && !entryWords.has(word);

/** "Mails", "files": a word for any entry of its kind. */
export const isEntryWord = (word: string): boolean => entryWords.has(word);
