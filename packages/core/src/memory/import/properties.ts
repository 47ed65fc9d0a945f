import { dateInFigures, orderAt, orderIn } from "./date-in-figures.ts";
import { readWrittenDate } from "./written-date.ts";

/** A thing that a note says of itself: `author`, and all that is written there. */
export type Property = { name: string; values: readonly string[] };

const linesMax = 20_000;

/** Properties as lines of text, so that each is found by its words and its name: "author: [[Ann Writer]]". */
export function propertyLines(properties: readonly Property[]): { text: string; isCut: boolean } {
  const lines = properties
    .filter(({ values }) => values.some(Boolean))
    .map(({ name, values }) => `${name}: ${values.filter(Boolean).join(", ")}`);
  const text = lines.join("\n");
  return { text: text.slice(0, linesMax).toWellFormed(), isCut: text.length > linesMax };
}

/** The surest first: when it happened, then when it was written. */
const dateNames = [
  ["date", "day", "datum", "fecha", "data"],
  ["created", "createdat", "createdon", "createdtime", "createddate", "creationdate", "creationtime", "datecreated"],
  ["ctime", "erstellt", "erstelltam", "published", "publishdate", "pubdate"],
];

/** When a note is from by its properties; `unclear` where a date stands there that can mean several things, or none. */
export function dateIn(properties: readonly Property[], timeZone: string): string | "unclear" | undefined {
  const given = dateNames.flatMap((names) =>
    properties
      .filter(({ name }) => names.includes(name.toLowerCase().replace(/[^\p{L}]/gu, "")))
      .flatMap(({ values }) => values.slice(0, 1)),
  );
  const written = given.map((value) => value.replace(/^\[\[|\]\]$/g, "").trim()).filter(Boolean);
  const order = () => orderIn(properties.flatMap(({ values }) => values)) ?? orderAt(timeZone);
  const read = written
    .map((value) => momentOf(value, timeZone) ?? dateInFigures(value, order, timeZone))
    .find((date) => date !== undefined);
  return read ?? (written.length > 0 ? "unclear" : undefined);
}

/** A date as it is written, eight digits of a day, or seconds or milliseconds since 1970. */
export function momentOf(value: string, timeZone: string): string | undefined {
  const day = /^((?:19|20)\d{2})(\d{2})(\d{2})$/.exec(value.trim());
  if (day) return readWrittenDate(`${day[1]}-${day[2]}-${day[3]}`, timeZone);
  const epoch = /^(\d{9,10})(?:\.\d+)?$|^(\d{12,13})$/.exec(value.trim());
  if (epoch) return new Date(epoch[1] ? Number(epoch[1]) * 1_000 : Number(epoch[2])).toISOString();
  return readWrittenDate(value, timeZone);
}
