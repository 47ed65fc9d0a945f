import { keyFolder } from "@mh/host/places.ts";
import { secretFiles } from "@mh/host/secrets/secret-files.ts";
import type { TestHost } from "@mh/testing";

/** Names the calendars of a home. */
export async function setCalendars(home: TestHost, sources: readonly Record<string, unknown>[]): Promise<void> {
  const text = `owner: Ada\ntimeZone: Europe/Berlin\ncalendar: ${JSON.stringify({ sources })}\n`;
  await home.own("config.write", { text });
}

export function setSecret(home: TestHost, name: string, value: string): void {
  secretFiles(keyFolder(home.host.home.id, home.environment)).write(name, value);
}

export const calendarOf = (...lines: string[]): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", ...lines, "END:VCALENDAR", ""].join("\r\n");

export const eventOf = (...lines: string[]): string[] => [
  ...["BEGIN:VEVENT", "DTSTAMP:20260101T000000Z"],
  ...lines,
  "END:VEVENT",
];
