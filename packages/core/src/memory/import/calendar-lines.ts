const times = /^(DTSTART|DTEND|DUE|RECURRENCE-ID|EXDATE|RDATE|COMPLETED|CREATED|DTSTAMP|LAST-MODIFIED)(?=[;:])/i;

/**
 * A content line as RFC 5545 has it, of what calendars in the world write: a day without VALUE=DATE, a time without its
 * seconds, dates with dashes.
 */
export function readable(line: string): string {
  if (!times.test(line)) return line;
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

/** Basic form, with seconds; undefined for what is no date, which is left as it stands and refused. */
function plain(value: string): string | undefined {
  const [, year, month, day, hour, minute = "00", second = "00", utc = ""] =
    /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})?:?(\d{2})?(?:[.,]\d+)?(Z?))?$/i.exec(value.trim()) ?? [];
  if (year === undefined) return undefined;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (!(Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days)) return undefined;
  const date = `${year}${month}${day}`;
  return hour === undefined ? date : `${date}T${hour}${minute}${second}${utc.toUpperCase()}`;
}
