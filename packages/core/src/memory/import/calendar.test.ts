import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseCalendar } from "./calendar.ts";
import type { Found } from "./found.ts";

const context = {
  timeZone: "America/New_York",
  nowMs: Date.parse("2026-11-29T14:00:00Z"),
  sha256Hex: (text: string) => createHash("sha256").update(text).digest("hex"),
};
const calendar = (...lines: string[]) => ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
const event = (...lines: string[]) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"];
const read = (...lines: string[]) => [...parseCalendar(calendar(...lines), context)];
const items = (found: Found[]) => found.flatMap((each) => ("item" in each ? [each.item] : []));
const refusals = (found: Found[]) => found.flatMap((each) => ("refused" in each ? [each] : []));
const notes = (found: Found[]) => found.flatMap((each) => ("note" in each ? [each.note] : []));
const starts = (found: Found[], n = 0) => items(found)[n]?.eventAt?.map(({ from }) => from);

test("no text makes it throw, and none makes it search for ever", () => {
  const line = fc.constantFrom(
    ...["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "UID:a", "DTSTART:20240508T090000Z"],
    ...["DTSTART;TZID=Nowhere:20240230T250000", "DTSTART;VALUE=DATE:20240508", "DTEND:x", "RRULE:FREQ=DAILY;COUNT=0"],
    ...[
      "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
      "RRULE:FREQ=SECONDLY;BYMONTH=12",
      "RRULE:FREQ=YEARLY;INTERVAL=99999",
    ],
    ...[
      "RRULE:nonsense",
      "RECURRENCE-ID:20240508T090000Z",
      "EXDATE:20240508",
      "RDATE;VALUE=PERIOD:20240508T090000Z/PT1H",
    ],
    ...[
      "DURATION:-PT5000000H",
      " folded",
      "no colon",
      'X;A="open:',
      "\0",
      "\ud800",
      "TZID:Nowhere",
      "DTSTART:99991231",
    ],
    ...["STATUS:CANCELLED", "RRULE:FREQ=HOURLY;INTERVAL=1000000000", "BEGIN:VALARM", "constructor:x", "__proto__:x"],
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(line).map((lines) => lines.join("\r\n")),
        fc.string({ unit: "binary" }),
      ),
      (text) => {
        for (const each of parseCalendar(text, context)) expect(each.where).toBeTypeOf("string");
      },
    ),
    { seed: inject("seed") },
  );
});

test("a broken event is refused by its UID and line, and the others go on", () => {
  const found = read(
    ...event("UID:good-1", "SUMMARY:One", "DTSTART:20240508T090000Z"),
    ...event("UID:broken", "SUMMARY:Two", "this is no line", "DTSTART:20240508T090000Z"),
    ...event("UID:impossible", "SUMMARY:Three", "DTSTART:2024-99-99"),
    ...event("UID:open", "SUMMARY:Never closed").slice(0, -1),
    ...event("UID:good-2", "SUMMARY:Four", "DTSTART:20240509T090000Z"),
  );
  expect(items(found).map(({ externalId }) => externalId)).toEqual(["good-1", "good-2"]);
  expect(refusals(found)).toEqual([
    { refused: "A line of it cannot be read.", externalId: "broken", where: "broken, line 11" },
    { refused: "Its END:VEVENT is missing.", externalId: "open", where: "open, line 19" },
    { refused: "Its dates or rules cannot be read.", externalId: "impossible", where: "impossible, line 14" },
  ]);
});

test("a rule that yields millions keeps its last times, one that yields none is given up", () => {
  const rule = (rrule: string) => read(...event("UID:a", "SUMMARY:A", "DTSTART:20240101T090000Z", `RRULE:${rrule}`));
  expect(starts(rule("FREQ=SECONDLY;COUNT=5000000"))).toHaveLength(16);
  expect(notes(rule("FREQ=SECONDLY;COUNT=5000000"))).toEqual([
    "It goes on for long: its rule was kept, and its times around now.",
  ]);
  for (const none of ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;BYMONTH=12"]) {
    expect(starts(rule(none))).toEqual(["2024-01-01T09:00:00.000Z"]);
    expect(notes(rule(none))).toEqual(["How it repeats cannot be worked out; only its first time was taken."]);
  }
});

test("a zone that nobody knows is read as the owner's, and is said", () => {
  const found = read(...event("UID:a", "SUMMARY:A", "DTSTART;TZID=Middle Earth:20240508T090000"));
  expect(items(found)[0]?.at).toBe("2024-05-08T13:00:00.000Z");
  expect(notes(found)).toEqual(["Its time zone is not known; its times were read in yours."]);
});

test("an event is what a person would tell of it", () => {
  const found = read(
    ...event(
      "UID:dinner@example.org",
      "DTSTAMP:20240101T000000Z",
      "DTSTART;TZID=Europe/Berlin:20240508T190000",
      "DTEND;TZID=Europe/Berlin:20240508T213000",
      "SUMMARY:Dinner\\, late",
      "LOCATION:Osteria",
      "DESCRIPTION:Bring the",
      "  book.\\nAnd wine.",
      "ORGANIZER;CN=Sarah Meyer:mailto:sarah@example.org",
      'ATTENDEE;CN="Tom B.":mailto:tom@example.org',
      "ATTENDEE;CUTYPE=ROOM;CN=Room 5:mailto:room@example.org",
      "CATEGORIES:Friends,Food",
    ),
  );
  expect(items(found)).toEqual([
    {
      externalId: "dinner@example.org",
      content:
        "Dinner, late\nWhen: Wed 8 May 2024, 19:00–21:30 (Europe/Berlin)\nWhere: Osteria\nWith: Sarah Meyer, Tom B.\n\nBring the book.\nAnd wine.",
      at: "2024-05-08T17:00:00.000Z",
      source: "calendar",
      tags: ["friends", "food"],
      entities: [
        { name: "Sarah Meyer", kind: "person" },
        { name: "Tom B.", kind: "person" },
      ],
      eventAt: [
        {
          from: "2024-05-08T17:00:00.000Z",
          to: "2024-05-08T19:30:00.000Z",
          text: "Wed 8 May 2024, 19:00 (Europe/Berlin)",
          grain: "minute",
        },
      ],
    },
  ]);
});

test("a weekly meeting keeps its hour on the wall when the clocks change", () => {
  const found = read(
    ...event("UID:a", "SUMMARY:Standup", "DTSTART;TZID=Europe/Berlin:20240325T090000", "RRULE:FREQ=WEEKLY;COUNT=3"),
  );
  expect(starts(found)).toEqual(["2024-03-25T08:00:00.000Z", "2024-04-01T07:00:00.000Z", "2024-04-08T07:00:00.000Z"]);
  expect(items(found)[0]?.content).toContain("Repeats: every week, 3 times");
});

test("a zone that the file defines itself is the file's", () => {
  const found = read(
    "BEGIN:VTIMEZONE",
    "TZID:W. Europe",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
    ...event("UID:a", "SUMMARY:A", "DTSTART;TZID=W. Europe:20240325T090000", "RRULE:FREQ=WEEKLY;COUNT=2"),
    ...event("UID:b", "SUMMARY:B", "DTSTART;TZID=W. Europe:20451201T090000"),
  );
  expect(starts(found)).toEqual(["2024-03-25T08:00:00.000Z", "2024-04-01T07:00:00.000Z"]);
  expect(starts(found, 1)).toEqual(["2045-12-01T08:00:00.000Z"]);
});

test("floating times and whole days are the owner's", () => {
  const found = read(
    ...event("UID:floating", "SUMMARY:A", "DTSTART:20240508T090000"),
    ...event("UID:days", "SUMMARY:B", "DTSTART;VALUE=DATE:20240508", "DTEND;VALUE=DATE:20240511"),
  );
  expect(items(found).map(({ at }) => at)).toEqual(["2024-05-08T13:00:00.000Z", "2024-05-08T04:00:00.000Z"]);
  expect(items(found)[1]).toMatchObject({
    content: "B\nWhen: Wed 8 May 2024 – Fri 10 May 2024",
    eventAt: [{ from: "2024-05-08T04:00:00.000Z", to: "2024-05-11T04:00:00.000Z", grain: "day" }],
  });
});

test("excluded, added, moved and cancelled occurrences", () => {
  const found = read(
    ...event(
      "UID:a",
      "SUMMARY:Choir",
      "DTSTART;TZID=Europe/Berlin:20240501T190000",
      "DTEND;TZID=Europe/Berlin:20240501T200000",
      "RRULE:FREQ=WEEKLY;UNTIL=20240605T220000Z",
      "EXDATE;TZID=Europe/Berlin:20240508T190000",
      "RDATE;TZID=Europe/Berlin:20240510T190000",
    ),
    ...event("UID:a", "SUMMARY:Choir, moved", "RECURRENCE-ID:20240515T170000Z", "DTSTART:20240516T180000Z"),
    ...event(
      "UID:a",
      "RECURRENCE-ID;TZID=Europe/Berlin:20240522T190000",
      "DTSTART:20240522T170000Z",
      "STATUS:CANCELLED",
    ),
  );
  expect(
    items(found).map(({ externalId, eventAt }) => [externalId, eventAt?.map(({ from }) => from.slice(0, 13))]),
  ).toEqual([
    ["a", ["2024-05-01T17", "2024-05-10T17", "2024-05-29T17", "2024-06-05T17"]],
    ["a#20240515T170000Z", ["2024-05-16T18"]],
  ]);
  expect(notes(found)).toEqual(["The occurrence was cancelled and taken out of its series."]);
});

test("a change of this and all that follow splits the series", () => {
  const found = read(
    ...event("UID:a", "SUMMARY:Yoga", "DTSTART:20240501T180000Z", "RRULE:FREQ=WEEKLY;COUNT=4"),
    ...event("UID:a", "SUMMARY:Yoga", "RECURRENCE-ID;RANGE=THISANDFUTURE:20240515T180000Z", "DTSTART:20240515T190000Z"),
  );
  expect(items(found).map(({ eventAt }) => eventAt?.map(({ from }) => from.slice(0, 13)))).toEqual([
    ["2024-05-01T18", "2024-05-08T18"],
    ["2024-05-15T19", "2024-05-22T19"],
  ]);
});

test("tasks are tagged, journal entries are notes, busy times are passed over", () => {
  const found = read(
    ...["BEGIN:VTODO", "UID:t", "SUMMARY:Tax", "DUE;VALUE=DATE:20240531", "STATUS:COMPLETED", "END:VTODO"],
    ...["BEGIN:VJOURNAL", "UID:j", "SUMMARY:Day", "DTSTART;VALUE=DATE:20240508", "DESCRIPTION:Sun", "END:VJOURNAL"],
    ...["BEGIN:VFREEBUSY", "UID:f", "END:VFREEBUSY"],
  );
  expect(items(found).map(({ content, tags }) => [content, tags])).toEqual([
    ["Tax\nDue: Fri 31 May 2024\nDone.", ["task"]],
    ["Day\nWhen: Wed 8 May 2024\n\nSun", []],
  ]);
  expect(notes(found)).toEqual(["It says only when someone is busy, and is no memory."]);
});

test("an event without UID is known by what it says, not by when it was exported", () => {
  const id = (stamp: string) =>
    items(read(...event(`DTSTAMP:${stamp}`, "SUMMARY:A", "DTSTART:20240508T090000Z")))[0]?.externalId;
  expect(id("20240101T000000Z")).toMatch(/^sha256:/);
  expect(id("20240101T000000Z")).toBe(id("20250101T000000Z"));
});

const nearNow = "It goes on for long: its rule was kept, and its times around now.";

test("a series that goes on keeps its rule and its times around now, and says so", () => {
  const weekly = read(
    ...event("UID:a", "SUMMARY:Standup", "DTSTART;TZID=Europe/Berlin:20180101T090000", "RRULE:FREQ=WEEKLY"),
  );
  const times = starts(weekly) ?? [];
  expect(times).toContain("2026-11-30T08:00:00.000Z");
  expect([times.length, times[0], times.at(-1)]).toEqual([48, "2026-08-10T07:00:00.000Z", "2027-07-05T07:00:00.000Z"]);
  expect(items(weekly)[0]).toMatchObject({ at: "2018-01-01T08:00:00.000Z" });
  expect(items(weekly)[0]?.content).toContain("Repeats: every week");
  expect(notes(weekly)).toEqual([nearNow]);
  const birthday = read(...event("UID:b", "SUMMARY:Oma", "DTSTART;VALUE=DATE:19310504", "RRULE:FREQ=YEARLY"));
  expect(starts(birthday)?.map((at) => at.slice(0, 10))).toEqual(["2026-05-04", "2027-05-04", "2028-05-04"]);
  expect(notes(birthday)).toEqual([nearNow]);
  const over = read(...event("UID:c", "SUMMARY:Course", "DTSTART:20190101T090000Z", "RRULE:FREQ=DAILY;COUNT=100"));
  expect(starts(over)?.at(-1)).toBe("2019-04-10T09:00:00.000Z");
  const short = read(...event("UID:d", "SUMMARY:Course", "DTSTART:20190101T090000Z", "RRULE:FREQ=DAILY;COUNT=40"));
  expect([starts(short)?.length, notes(short)]).toEqual([40, []]);
});

test("each series gets its share, however many there are", () => {
  const all = Array.from({ length: 2_000 }, (_, i) =>
    event(`UID:${i}`, `SUMMARY:Birthday ${i}`, "DTSTART;VALUE=DATE:19500704", "RRULE:FREQ=YEARLY"),
  );
  const began = process.cpuUsage();
  const found = read(...all.flat());
  const seconds = process.cpuUsage(began).user / 1e6;
  expect(items(found).filter(({ eventAt }) => eventAt?.length === 3)).toHaveLength(2_000);
  expect(JSON.stringify(items(found)).length / calendar(...all.flat()).length).toBeLessThan(10);
  expect(2_000 / seconds).toBeGreaterThan(1_000);
});

test("a count that ended long ago costs what it counts, and one that goes on is read up to now", () => {
  const others = Array.from({ length: 2_000 }, (_, i) => event(`UID:o${i}`, "SUMMARY:X", "DTSTART:20260105T100000Z"));
  const course = event("UID:course", "SUMMARY:Course", "DTSTART:19950109T090000Z", "RRULE:FREQ=DAILY;COUNT=5");
  const found = read(...others.flat(), ...course);
  expect(items(found).at(-1)?.eventAt).toHaveLength(5);
  expect(notes(found)).toEqual([]);
  const pills = read(...event("UID:a", "SUMMARY:Pill", "DTSTART:20080101T090000Z", "RRULE:FREQ=DAILY;COUNT=12000"));
  expect(starts(pills)).toContain("2026-11-30T09:00:00.000Z");
  expect(notes(pills)).toEqual([nearNow]);
});

test("minutes of a whole day are a day", () => {
  const found = read(
    ...event("UID:a", "SUMMARY:Pill", "DTSTART:20240101T090000Z", "RRULE:FREQ=MINUTELY;INTERVAL=1440"),
  );
  expect(starts(found)).toContain("2026-11-30T09:00:00.000Z");
});

test("a series that begins years from now is one as well", () => {
  const found = read(...event("UID:a", "SUMMARY:Choir", "DTSTART:20310106T180000Z", "RRULE:FREQ=WEEKLY"));
  expect([starts(found)?.slice(0, 2), notes(found)]).toEqual([
    ["2031-01-06T18:00:00.000Z", "2031-01-13T18:00:00.000Z"],
    [nearNow],
  ]);
});

test.each(["constructor", "__proto__", "toString"])("a zone that is called %s is read in the owner's", (name) => {
  const found = read(...event("UID:a", "SUMMARY:A", `DTSTART;TZID=${name}:20260701T090000`));
  expect([items(found)[0]?.at, notes(found)]).toEqual([
    "2026-07-01T13:00:00.000Z",
    ["Its time zone is not known; its times were read in yours."],
  ]);
});

test("eight digits are a day, and times are read that leave their seconds out", () => {
  const found = read(
    ...event("UID:day", "SUMMARY:Waste", "DTSTART:20260105", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260112"),
    ...event("UID:no seconds", "SUMMARY:A", "DTSTART:20041225T1000", "DTEND:20041225T1130Z"),
    ...event("UID:long", "SUMMARY:B", "DTSTART:20260105T100000Z", "DURATION:PT86400S"),
    ...event("UID:said twice", "SUMMARY:C", "DTSTART;VALUE=DATE-TIME:20260105", "DTEND;VALUE=DATE-TIME:20260107"),
    ...event("UID:time as day", "SUMMARY:D", "DTSTART;VALUE=DATE:20260105T100000"),
    ...event("UID:dashes", "SUMMARY:E", "DTSTART:2026-01-05T10:00:00Z"),
  );
  expect(refusals(found)).toEqual([]);
  expect(items(found).map(({ eventAt }) => eventAt?.map(({ from, to, grain }) => [from, to, grain]))).toEqual([
    [
      ["2026-01-05T05:00:00.000Z", "2026-01-06T05:00:00.000Z", "day"],
      ["2026-01-19T05:00:00.000Z", "2026-01-20T05:00:00.000Z", "day"],
    ],
    [["2004-12-25T15:00:00.000Z", "2004-12-25T15:01:00.000Z", "minute"]],
    [["2026-01-05T10:00:00.000Z", "2026-01-06T10:00:00.000Z", "minute"]],
    [["2026-01-05T05:00:00.000Z", "2026-01-07T05:00:00.000Z", "day"]],
    [["2026-01-05T15:00:00.000Z", "2026-01-05T15:01:00.000Z", "minute"]],
    [["2026-01-05T10:00:00.000Z", "2026-01-05T10:01:00.000Z", "minute"]],
  ]);
});

test.each([
  ["W. Europe Standard Time", "2026-07-01T07:00:00.000Z"],
  ["(UTC-05:00) Eastern Time (US & Canada)", "2026-07-01T13:00:00.000Z"],
  ["(UTC+01:00) Amsterdam\\, Berlin\\, Bern\\, Rome", "2026-07-01T07:00:00.000Z"],
  ['"(UTC+01:00) Amsterdam, Berlin, Bern, Rome"', "2026-07-01T07:00:00.000Z"],
  ["(GMT+05:30) Chennai, Kolkata, Mumbai, New Delhi", "2026-07-01T03:30:00.000Z"],
  ["(UTC) Coordinated Universal Time", "2026-07-01T09:00:00.000Z"],
  ["tzone://Microsoft/Utc", "2026-07-01T09:00:00.000Z"],
  ["GMT+0200", "2026-07-01T07:00:00.000Z"],
  ["UTC-03:30", "2026-07-01T12:30:00.000Z"],
  ["Tokyo Standard Time", "2026-07-01T00:00:00.000Z"],
  ["/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "2026-07-01T12:00:00.000Z"],
  ["/citadel.org/20210210_1/Europe/Berlin", "2026-07-01T07:00:00.000Z"],
  ["Eastern_Standard_Time", "2026-07-01T13:00:00.000Z"],
  ["America/New York", "2026-07-01T13:00:00.000Z"],
  ["US-Eastern", "2026-07-01T13:00:00.000Z"],
  ["(GMT+01.00) Sarajevo/Warsaw/Zagreb", "2026-07-01T07:00:00.000Z"],
  ["Mitteleuropäische Zeit", "2026-07-01T07:00:00.000Z"],
  ["heure normale d’Europe centrale", "2026-07-01T07:00:00.000Z"],
])("the zone %s is known", (name, expected) => {
  const quoted = /[,;:]/.test(name) && !name.startsWith('"') ? `"${name}"` : name;
  const found = read(...event("UID:a", "SUMMARY:A", `DTSTART;TZID=${quoted}:20260701T090000`));
  expect([items(found)[0]?.at, notes(found)]).toEqual([expected, []]);
});

test("a file's own zone is found whatever was escaped in its name", () => {
  const found = read(
    ...["BEGIN:VTIMEZONE", "TZID:Home\\, sweet home", "BEGIN:STANDARD", "DTSTART:16010101T000000"],
    ...["TZOFFSETFROM:+0300", "TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE"],
    ...event("UID:a", "SUMMARY:A", 'DTSTART;TZID="Home, sweet home":20260701T090000'),
  );
  expect([items(found)[0]?.at, notes(found)]).toEqual(["2026-07-01T06:00:00.000Z", []]);
});

test.each([
  ["FREQ=MONTHLY;BYDAY=TH;BYSETPOS=3", "every month on the third Thursday"],
  ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last workday"],
  ["FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1", "every month on the first day of a weekend"],
  ["FREQ=MONTHLY;BYDAY=MO,WE;BYSETPOS=2", "every month on the second of Monday, Wednesday"],
  ["FREQ=MONTHLY;BYDAY=3TH", "every month on the third Thursday"],
  ["FREQ=MONTHLY;BYDAY=-2FR", "every month on the second last Friday"],
  ["FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"],
  ["FREQ=MONTHLY;BYMONTHDAY=15", "every month on day 15"],
  ["FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "every year in November on the fourth Thursday"],
  ["FREQ=YEARLY;BYDAY=TU,MO,WE,FR,TH;BYMONTH=1,3;BYSETPOS=1", "every year in January, March on the first workday"],
  ["FREQ=YEARLY;BYDAY=MO;BYSETPOS=1", "every year on the first Monday"],
  ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every week on workdays"],
  ["FREQ=YEARLY;BYYEARDAY=100", "every year by the rule BYYEARDAY=100"],
])("the words of %s are right", (rule, words) => {
  const found = read(...event("UID:a", "SUMMARY:A", "DTSTART:20260105T090000Z", `RRULE:${rule}`));
  expect(/Repeats: (.*)/.exec(items(found)[0]?.content ?? "")?.[1]).toBe(words);
});

test("H26 a zone with a colon needs no quotes, an offset behind a time counts, a rule may end in a semicolon", () => {
  const found = read(
    ...event("UID:a", "SUMMARY:A", "DTSTART;TZID=tzone://Microsoft/Utc:20260701T090000"),
    ...event("UID:b", "SUMMARY:B", "DTSTART;TZID=UTC+05:30:20260701T090000"),
    ...event("UID:c", "SUMMARY:C", "DTSTART:20260701T003000+0200", "DTEND:2026-07-01T01:30:00+02:00"),
    ...event("UID:d", "SUMMARY:D", "DTSTART:20260701T090000Z", "RRULE:freq=daily;count=2;"),
  );
  expect(refusals(found)).toEqual([]);
  expect(items(found).map(({ eventAt = [] }) => eventAt.map(({ from }) => from))).toEqual([
    ["2026-07-01T09:00:00.000Z"],
    ["2026-07-01T03:30:00.000Z"],
    ["2026-06-30T22:30:00.000Z"],
    ["2026-07-01T09:00:00.000Z", "2026-07-02T09:00:00.000Z"],
  ]);
});

test("H26 a series of another calendar keeps its first time, and says so", () => {
  const found = read(...event("UID:a", "SUMMARY:New year", "DTSTART:20260217", "RRULE:RSCALE=CHINESE;FREQ=YEARLY"));
  expect([items(found)[0]?.eventAt?.length, notes(found)]).toEqual([
    1,
    ["It repeats by another calendar; only its first time was taken."],
  ]);
});
