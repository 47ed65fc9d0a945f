/** What an imported calendar is known by, and what one of the settings is, which is kept up to date. */
const imported = "calendar";
export const keptPrefix = `${imported}:`;

export const isCalendarSource = (source: string): boolean => source === imported || source.startsWith(keptPrefix);

/** The same of a column, as SQL says it. */
export const isOfCalendar = (column: string): string =>
  `(${column} = '${imported}' OR ${column} GLOB '${keptPrefix}*')`;
