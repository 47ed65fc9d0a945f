import * as fs from "node:fs";
import * as path from "node:path";
import { calendarOf, eventOf } from "./calendars.ts";

/** What somebody may have lying around before they met mh: notes, a calendar, a mailbox. Gives the paths. */
export function firstRunFiles(folder: string): { notes: string; calendar: string; mailbox: string } {
  const notes = path.join(folder, "notes");
  fs.mkdirSync(path.join(notes, "work"), { recursive: true });
  for (const [name, text] of Object.entries(pages)) fs.writeFileSync(path.join(notes, name), text);
  const [calendar, mailbox] = [path.join(folder, "home.ics"), path.join(folder, "letters.mbox")];
  fs.writeFileSync(calendar, events);
  fs.writeFileSync(mailbox, letters);
  return { notes, calendar, mailbox };
}

const pages = {
  "garden.md": "# Garden\n\nThe old apple tree is pruned in February, before the buds open. #garden\n",
  "reading.md": "# Reading\n\nMarta lent me The Summer Book. It goes back to her in January.\n",
  "work/harbour.md":
    "# Harbour project\n\nMet Sarah on 2026-11-20 about the Harbour project. She wants the drawings by 12 December.\n",
  "work/ideas.md": "# Ideas\n\n- A quiet hour each morning\n- Ask Sarah who draws the maps\n",
};

const events = calendarOf(
  ...eventOf(
    "UID:dentist-1@home.example",
    "DTSTART:20261203T093000Z",
    "DTEND:20261203T100000Z",
    "SUMMARY:Dentist",
    "LOCATION:Seestrasse 9",
  ),
  ...eventOf("UID:choir-1@home.example", "DTSTART:20261204T180000Z", "DTEND:20261204T200000Z", "SUMMARY:Choir"),
);

const letters = [
  "From sarah@harbour.example Fri Nov 20 10:00:00 2026",
  "From: Sarah <sarah@harbour.example>",
  "To: Ada <ada@home.example>",
  "Date: Fri, 20 Nov 2026 10:00:00 +0000",
  "Message-ID: <1@harbour.example>",
  "Subject: The drawings",
  "Content-Type: text/plain; charset=utf-8",
  "",
  "Thank you for today. The drawings by the twelfth would be wonderful.",
  "",
  "From tom@home.example Sat Nov 21 09:00:00 2026",
  "From: Tom <tom@home.example>",
  "To: Ada <ada@home.example>",
  "Date: Sat, 21 Nov 2026 09:00:00 +0000",
  "Message-ID: <2@home.example>",
  "Subject: Tea on Sunday",
  "Content-Type: text/plain; charset=utf-8",
  "",
  "Tea at four on Sunday? I bring the cake.",
  "",
].join("\n");
