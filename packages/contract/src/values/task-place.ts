/** Where a task stands in the owner's day: at work, due, waiting for others or for its day, without a date, over. */
export const taskPlaces = ["now", "overdue", "today", "later", "someday", "waiting", "over"] as const;
export type TaskPlace = (typeof taskPlaces)[number];
