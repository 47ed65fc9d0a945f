/** The source of memories that are kept of one of the owner's calendars; those of a calendar's file have `calendar`. */
export const calendarSource = (name: string): string => `calendar:${name}`;

/** Whether a memory with that source is an event of a calendar. */
export const isFromCalendar = (source: string): boolean => source === "calendar" || source.startsWith("calendar:");

/** The same in SQL, of a column. */
export const isFromCalendarSql = (source: string): string => `(${source} = 'calendar' OR ${source} LIKE 'calendar:%')`;
