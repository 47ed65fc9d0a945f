import { expect, test } from "vitest";
import { envelopeDate, mailDate, receivedDate } from "./mail-date.ts";

const at = "2024-05-08T11:56:00.000Z";

test.each([
  "Wed, 8 May 2024 13:56:00 +0200",
  "8 May 2024 13:56 +0200",
  "Wed, 08 May 2024 13:56:00 GMT+02:00",
  "Wed, 8 May 24 13:56:00 CEST",
  "Wed, 8 May 24 07:56:00 EDT",
  "Wed, 8 May 124 13:56:00 +0200",
  "Mi, 8 Mai 2024 13:56:00 MESZ",
  "Wed, 8 May 2024 12:56:00 MEZ",
  "Wed, 8 May 2024 17:26:00 +0530 IST",
  "Wed, 8 May 2024 17:26:00 IST",
  "Wed, 8 May 2024 13:56:00 +0200 (CEST (summer))",
  "Wed, 8 May 2024 13:56:00 +0200 (never closed",
  "Wednesday, 08-May-24 11:56:00 GMT",
  "Wed, 8 May 2024 13.56.00 +0200",
  "Wed, 8 May 2024 11:56:00",
  "Wed, 8 May 2024 11:56:00 -0000",
  "Wed May  8 11:56:00 2024",
  "Wed May  8 13:56:00 CEST 2024",
  "Wed May  8 13:56:00 2024 +0200",
  "Wed, May 8 13:56:00 +0200 2024",
  "Wed,8 May 2024 13:56:00 +0200",
  'Wed, 8 May 2024 11:56:00 "GMT"',
  "2024-05-08T13:56:00+02:00",
  "2024-05-08 11:56:00 UTC",
])("H26 %s is when the mail was written", (written) => {
  expect(mailDate(written)).toBe(at);
});

test.each([
  "",
  "never",
  "+0000",
  "Wed, 31 Feb 2024 10:00:00 +0000",
  "5/8/2024",
  "Wed, 8 May 2024 13:56:00 XYZT",
  "1 800 555 2024",
])("%s is no date that anyone wrote", (written) => {
  expect(mailDate(written)).toBeUndefined();
});

test("the line of an mbox and what servers wrote", () => {
  expect(envelopeDate("sarah@example.org Wed May  8 11:56:00 2024")).toBe(at);
  expect(envelopeDate("1790@xxx Wed May 08 13:56:00 +0200 2024")).toBe(at);
  expect(receivedDate(["from a by b; no date", "from c by d; Wed, 8 May 2024 13:56:00 +0200 (CEST)"])).toBe(at);
});

test("a leap second is in its minute", () => {
  expect(mailDate("Sat, 31 Dec 2016 23:59:60 +0000")).toBe("2016-12-31T23:59:59.000Z");
});

test.each([
  ["December 1, 2026 10:00 AM PST", "2026-12-01T18:00:00.000Z"],
  ["Tue,1Dec2026 10:00:00+0100", "2026-12-01T09:00:00.000Z"],
  ['Tue, 1 Dec 2026 10:00:00 "W. Europe Standard Time"', "2026-12-01T09:00:00.000Z"],
  ["Wed, 1 Jul 2026 10:00:00 Eastern Standard Time", "2026-07-01T14:00:00.000Z"],
  ["Tue, 1 Dec 2026 10:00:00 Foo Standard Time", undefined],
])("H26 as phones and Windows write: %s", (written, expected) => expect(mailDate(written)).toBe(expected));
