import { isCalendarDay } from "../../model/wall-clock.ts";

const day = "(\\d{4}-\\d{2}-\\d{2})(?:[T ](\\d{1,2}:\\d{2}))?";
/** How tools write when a task is due, the surest first: emoji, fields, Org's stamps. */
const marks = [
  ...[
    `[📅📆🗓]\\uFE0F?\\s*${day}`,
    `[[(]due::\\s*\\[{0,2}${day}\\]{0,2}[\\])]`,
    `@due\\(${day}\\)`,
    `(?<![\\p{L}])due:\\s?${day}`,
  ],
  ...[`DEADLINE:\\s*<${day.replace("[T ]", "(?:\\s\\p{L}{2,12}\\.?)?\\s")}[^>\\n]{0,40}>`, `⏳\\uFE0F?\\s*${day}`],
  ...[
    `[[(]scheduled::\\s*\\[{0,2}${day}\\]{0,2}[\\])]`,
    `SCHEDULED:\\s*<${day.replace("[T ]", "(?:\\s\\p{L}{2,12}\\.?)?\\s")}[^>\\n]{0,40}>`,
  ],
  `@\\{${day}\\}`,
].map((source) => new RegExp(source, "u"));

/** The day or time that a mark says it is due; undefined where none does, or there is no such day. */
export function dateMarks(text: string): string | undefined {
  for (const mark of marks) {
    const [, date, time] = mark.exec(text) ?? [];
    if (date === undefined || !isCalendarDay(date)) continue;
    return time === undefined ? date : `${date}T${time.padStart(5, "0")}`;
  }
  return undefined;
}

const others = [
  // When it begins, was made or was done, how it repeats, how much it matters.
  new RegExp(`[🛫➕✅❌⏳]\\uFE0F?\\s*${day}`, "gu"),
  /🔁\s*[\p{L}\p{N} ]{1,60}/gu,
  /[⏫🔼🔽⏬🔺]\uFE0F?/gu,
  /[[(](?:start|created|scheduled|completion|priority|repeat)::[^\])\n]{0,60}[\])]/g,
  /(?:DEADLINE|SCHEDULED):\s*<[^>\n]{0,60}>/g,
];

/** The words without what tools write beside them. */
export function withoutMarks(text: string): string {
  const bare = marks.reduce((rest, mark) => rest.replace(mark, " "), text);
  return others.reduce((rest, mark) => rest.replace(mark, " "), bare);
}
