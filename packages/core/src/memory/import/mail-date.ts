import { monthOf } from "./month-names.ts";
import { readWrittenDate } from "./written-date.ts";
import { zoneNamed } from "./zone-names.ts";

/**
 * A date of a mail header (RFC 5322, with its obsolete forms), as ISO 8601 UTC, read as mail readers do: two-digit years,
 * zones by name, `GMT+02:00`, comments, month names of other languages, a missing weekday or seconds. Without a zone it is
 * taken as UTC, as the RFC's `-0000`: the machine's own zone says nothing about where the mail was written.
 */
export function mailDate(written: string): string | undefined {
  const plain = withoutComments(written.slice(0, 300)).replaceAll('"', "").replace(/\s+/g, " ").trim();
  const named = windowsNamed.exec(withoutComments(written.slice(0, 300)).replace(/\s+/g, " ").trim());
  const namedZone = named ? zoneNamed(named[5] ?? "") : undefined;
  if (named && namedZone !== undefined)
    return readWrittenDate(`${named[3]}-${padded(monthOf(named[2] ?? ""))}-${padded(named[1])} ${named[4]}`, namedZone);
  const day = dayFirst.exec(plain);
  if (day) return instant([day[3], monthOf(day[2] ?? ""), day[1]], day[4], day[5] ?? "");
  // asctime, as some programs write: "Wed May  8 13:56:00 2024", the zone before or behind the year.
  const asctime = monthFirst.exec(plain);
  if (asctime) {
    const [, month = "", date, time, before = "", year, after = ""] = asctime;
    return instant([year, monthOf(month), date], time, after || before);
  }
  // As some phones and webmail write: "December 1, 2026 10:00 AM PST".
  const spoken = yearThenTime.exec(plain);
  if (spoken) return instant([spoken[3], monthOf(spoken[1] ?? ""), spoken[2]], spoken[4], spoken[5] ?? "");
  return readWrittenDate(plain, "UTC");
}

const clock = "(\\d{1,2}[:.]\\d{2}(?:[:.]\\d{2}(?:\\.\\d+)?)?(?: ?[ap]m)?)";
const zone = "((?:[A-Za-z]{1,5}(?![A-Za-z:]))?(?: ?[+-] ?\\d{1,2}:?\\d{2}|[+-]\\d{1,2})?(?: [A-Za-z]{1,5})?)";
const dayFirst = new RegExp(
  `^(?:\\p{L}{2,12}\\.?,? ?)?(\\d{1,2})\\.?[ -]?(\\p{L}{3,12})\\.?[ -]?(\\d{2,4}),?(?: ${clock})?(?: ?${zone})?$`,
  "iu",
);
const monthFirst = new RegExp(
  `^(?:\\p{L}{2,12}\\.?,? )?(\\p{L}{3,12})\\.? (\\d{1,2}),?(?: ${clock})(?: ${zone})?,? (\\d{4})(?: ${zone})?$`,
  "iu",
);

const yearThenTime = new RegExp(
  `^(?:\\p{L}{2,12}\\.?,? )?(\\p{L}{3,12})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4}),?(?: at)? ${clock}(?: ?${zone})?$`,
  "iu",
);
// "10:00:00 "W. Europe Standard Time"": a zone by the name that Windows has for it.
const windowsNamed =
  /^(?:\p{L}{2,12}\.?,? )?(\d{1,2})[ -](\p{L}{3,12})[ -](\d{4}) (\d{1,2}:\d{2}(?::\d{2})?) "?([\p{L}. ]{3,40} Standard Time)"?$/iu;

/** Comments may stand in each other (RFC 5322 §3.2.2); one that is never closed goes on to the end. */
function withoutComments(text: string): string {
  let depth = 0;
  let kept = "";
  for (const letter of text) {
    if (letter === "(") depth += 1;
    if (depth === 0) kept += letter;
    if (letter === ")") depth = Math.max(0, depth - 1);
  }
  return kept;
}

/** Minutes east of Greenwich: RFC 5322 §4.3, and what programs write besides; the military letters say nothing there. */
const zones: Readonly<Record<string, number>> = {
  ...{ UT: 0, UTC: 0, GMT: 0, Z: 0, WET: 0 },
  ...{ EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420 },
  ...{ AKST: -540, AKDT: -480, HST: -600, AST: -240, ADT: -180, NST: -210, NDT: -150, BRT: -180, ART: -180 },
  ...{ BST: 60, WEST: 60, CET: 60, MEZ: 60, MET: 60, CEST: 120, MESZ: 120, MEST: 120, METDST: 120, SAST: 120 },
  ...{ EET: 120, EEST: 180, MSK: 180, MSD: 240, IST: 330, SGT: 480, HKT: 480, AWST: 480, JST: 540, KST: 540 },
  ...{ ACST: 570, AEST: 600, AEDT: 660, ACDT: 630, NZST: 720, NZDT: 780 },
};

/** An offset in figures is meant, whatever name stands beside it: `+0530 IST`, `GMT+02:00`. */
function offsetOf(written: string): number | undefined {
  const figures = /([+-]) ?(\d{1,2}):?(\d{2})?/.exec(written);
  if (figures) {
    const minutes = Number(figures[2]) * 60 + Number(figures[3] ?? 0);
    return minutes < 15 * 60 ? (figures[1] === "-" ? -minutes : minutes) : undefined;
  }
  const name = written.trim().toUpperCase();
  if (name === "" || /^[A-IK-Y]$/.test(name)) return 0;
  return zones[name];
}

function instant(
  [year = "", month, day]: (string | number | undefined)[],
  clockTime = "0:00",
  zoneWritten: string,
): string | undefined {
  const offset = offsetOf(zoneWritten);
  if (offset === undefined || month === undefined) return undefined;
  const read = readWrittenDate(
    `${wholeYear(String(year))}-${padded(month)}-${padded(day)} ${clockTime.replace(/(\d)\.(?=\d{2}\b)/g, "$1:").replace(leapSecond, "59")}`,
    "UTC",
  );
  if (read === undefined) return undefined;
  const at = new Date(Date.parse(read) - offset * 60_000);
  return at.getUTCFullYear() >= 1900 && at.getUTCFullYear() < 9999 ? at.toISOString() : undefined;
}

/** RFC 5322 §4.3: two digits are 1950 to 2049, three are years after 1900. */
function wholeYear(year: string): string {
  if (year.length === 2) return String(Number(year) + (Number(year) < 50 ? 2000 : 1900));
  return year.length === 3 ? String(Number(year) + 1900) : year;
}

/** A clock that has none shows the last second of the minute twice. */
const leapSecond = /(?<=^\d{1,2}:\d{2}:)60/;

const padded = (part: string | number | undefined): string => String(part ?? "").padStart(2, "0");

/** The date of an mbox `From ` line: "sarah@example.org Wed May  8 13:56:00 2024", Google's with an offset. */
export function envelopeDate(envelope: string): string | undefined {
  const found = /(?:^|\s)((?:[A-Za-z]{3} +)?[A-Za-z]{3} +\d{1,2} +\d{1,2}:\d{2}.{0,60})$/.exec(envelope.trim());
  return found ? mailDate(found[1] ?? "") : undefined;
}

/** When a mail was taken in by the last server on its way: behind the last semicolon of its first `Received`. */
export function receivedDate(received: readonly string[]): string | undefined {
  return received
    .slice(0, 50)
    .map((value) => mailDate(value.slice(value.lastIndexOf(";") + 1)))
    .find((date) => date !== undefined);
}
