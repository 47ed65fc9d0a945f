const times = /^(DTSTART|DTEND|DUE|RECURRENCE-ID|EXDATE|RDATE|COMPLETED|CREATED|DTSTAMP|LAST-MODIFIED)(?=[;:])/i;

/**
 * A content line as RFC 5545 has it, of what calendars in the world write: a day without VALUE=DATE, a time without its
 * seconds, dates with dashes, an offset behind a time, a zone whose name has a colon and no quotes.
 */
export function readable(given: string): string {
  if (/^(?:RRULE|EXRULE)[;:]/i.test(given)) return given.replace(/(?<![;\s])[;\s]+$/, "").toUpperCase();
  if (!times.test(given)) return given;
  const line = withQuotedZone(given);
  const colon = line.search(/:(?=[^:]{0,2000}$)|:(?=\d{4}-?\d{2}-?\d{2})/);
  const [head, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
  if (/;VALUE=PERIOD/i.test(head)) return line;
  const values = value.split(",").map(plain);
  if (values.some((each) => each === undefined)) return line;
  const isDay = values.every((each) => each?.length === 8);
  const bare = head.replace(/;VALUE=DATE(?:-TIME)?(?=;|$)/gi, "");
  // Beside a time, a day is its midnight.
  const written = isDay ? values : values.map((each) => (each?.length === 8 ? `${each}T000000` : each));
  return `${bare}${isDay ? ";VALUE=DATE" : ""}:${written.join(",")}`;
}

/** `TZID=UTC+05:30:20260105T090000`: its name ends where the date begins. */
function withQuotedZone(line: string): string {
  return line.replace(/;TZID=([^";]{0,200}:[^";]{0,200}):(?=\d{4}-?\d{2}-?\d{2})/i, ';TZID="$1":');
}

/** Basic form, with seconds; undefined for what is no date, which is left as it stands and refused. */
function plain(value: string): string | undefined {
  const [, year, month, day, hour, minute = "00", second = "00", utc = ""] =
    /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})?:?(\d{2})?(?:[.,]\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
      value.trim(),
    ) ?? [];
  if (year === undefined) return undefined;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (!(Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days)) return undefined;
  const date = `${year}${month}${day}`;
  if (hour === undefined) return date;
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(utc);
  if (offset === null) return `${date}T${hour}${minute}${second}${utc.toUpperCase()}`;
  const ahead = (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute) - ahead));
  return `${at.toISOString().slice(0, 16).replace(/[-:]/g, "")}${second}Z`;
}
