import { readWrittenDate } from "./written-date.ts";

/**
 * A date of a mail header (RFC 5322, with the obsolete zones), as ISO 8601 UTC. Without a zone it is taken as UTC, as
 * the RFC's `-0000`: the machine's own zone says nothing about where the mail was written.
 */
export function mailDate(written: string): string | undefined {
  const plain = written
    .slice(0, 200)
    .replace(/\([^()]*\)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const read = readWrittenDate(plain, "UTC");
  if (read !== undefined) return read;
  // What V8 makes of "+0000" alone, or of a phone number, is no date that anyone wrote.
  const word = /[a-z]{3}/i.exec(plain);
  const hasYear = word !== null && /\d{4}/.test(plain.slice(word.index + 3));
  if (!hasYear && !/^\d{4}-\d{2}/.test(plain)) return undefined;
  const hasZone = /(?:[+-]\d{4}|\b[A-Z]{1,4})$/.test(plain);
  const ms = Date.parse(hasZone ? plain : `${plain} +0000`);
  return ms > earliestMs && ms < latestMs ? new Date(ms).toISOString() : undefined;
}

/** The date of an mbox `From ` line: "sarah@example.org Wed May  8 13:56:00 2024", Google's with an offset. */
export function envelopeDate(envelope: string): string | undefined {
  const found =
    /\b([A-Z][a-z]{2}) +(\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?)(?: +([A-Z]{2,4}|[+-]\d{4}))? +(\d{4})(?: +([+-]\d{4}))?/.exec(
      envelope,
    );
  if (!found) return undefined;
  const [, month, day, time, before, year, after] = found;
  return mailDate(`${day} ${month} ${year} ${time} ${after ?? before ?? "+0000"}`);
}

const earliestMs = Date.UTC(1900, 0);
const latestMs = Date.UTC(9999, 0);
