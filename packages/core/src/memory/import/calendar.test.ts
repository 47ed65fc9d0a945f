import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseCalendar } from "./calendar.ts";
import type { Found } from "./found.ts";

const context = {
  timeZone: "America/New_York",
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

test("a rule that yields millions is cut at 366, one that yields none is given up", () => {
  const rule = (rrule: string) => read(...event("UID:a", "SUMMARY:A", "DTSTART:20240101T090000Z", `RRULE:${rrule}`));
  expect(starts(rule("FREQ=SECONDLY;COUNT=5000000"))).toHaveLength(366);
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
