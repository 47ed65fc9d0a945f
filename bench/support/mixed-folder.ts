import * as fs from "node:fs";
import * as path from "node:path";
import { randomFrom } from "@mh/testing";

const words =
  "garden meeting project water invoice budget train kitchen letter doctor school report weather coffee window deadline bicycle music review server release family summer paper plan market bread history answer question number green quickly often never with about from under between yesterday the a of and to in it was that for".split(
    " ",
  );
const names = ["Sarah", "Tom", "Ines", "Ada", "Björn", "Ann", "Priya", "Kofi"];

/** Writes a folder of anything, as large as is asked: notes in folders, mails, calendars, contacts, tables, saved pages, pictures. */
export function layMixedFolder(root: string, sizeBytes: number, seed: number): void {
  const random = randomFrom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  const sentence = () => {
    const said = Array.from({ length: 7 + below(9) }, () => (below(14) === 0 ? pick(names) : pick(words))).join(" ");
    return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
  };
  const paragraph = () => Array.from({ length: 2 + below(4) }, sentence).join(" ");
  const day = () => `2025-${String(1 + below(12)).padStart(2, "0")}-${String(1 + below(28)).padStart(2, "0")}`;
  const compact = () => day().replaceAll("-", "");
  let written = 0;
  const put = (name: string, text: string) => {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    const before = new Date(Date.now() - 60_000);
    fs.utimesSync(file, before, before);
    written += Buffer.byteLength(text);
  };
  const many = (count: number, one: (n: number) => string) => Array.from({ length: count }, (_, n) => one(n)).join("");
  const mail = (id: string) =>
    `From: ${pick(names)} <p@example.org>\nTo: ada@example.org\nSubject: ${sentence()}\nMessage-ID: <${id}@example.org>\nDate: Wed, 8 Jan 2025 13:56:00 +0200\n\n${paragraph()}\n\n${paragraph()}\n`;
  for (let n = 0; written < sizeBytes; n += 1) {
    const heading = () => `${pick(words)} ${pick(words)} ${below(1_000)}`;
    for (let note = 0; note < 40; note += 1) {
      const sections = many(2 + below(4), () => `# ${heading()}\n\n${paragraph()}\n\n${paragraph()}\n\n`);
      const front = `---\ntags: [${pick(words)}]\ncreated: ${day()}\nauthor: "[[${pick(names)} Writer]]"\n---\n`;
      put(`notes/area ${n % 20}/note ${n}-${note}.md`, `${front}${paragraph()}\n\n${sections}`);
    }
    put(
      `mail/box ${n}.mbox`,
      many(60, (id) => `From p@example.org Wed Jan  8 13:56:00 2025\n${mail(`m${n}-${id}`)}\n`),
    );
    put(`mail/saved/${n}.eml`, mail(`e${n}`));
    put(`tables/log ${n}.csv`, `date,text,tags\n${many(300, () => `${day()},"${sentence()}",${pick(words)}\n`)}`);
    const event = (id: number) =>
      `BEGIN:VEVENT\r\nUID:u${n}-${id}\r\nSUMMARY:${heading()}\r\nDTSTART:${compact()}T090000Z\r\nEND:VEVENT\r\n`;
    put(`calendar/${n}.ics`, `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${many(60, event)}END:VCALENDAR\r\n`);
    put(`pages/${n}.html`, `<title>${heading()}</title><p>${paragraph()}</p><p>${paragraph()}</p>`);
    put(`pages/${n}.txt`, `${paragraph()}\n\n${paragraph()}`);
    put(
      `chat/${n}.ndjson`,
      many(200, (id) => `${JSON.stringify({ id: `c${n}-${id}`, content: sentence(), at: day() })}\n`),
    );
    put(`photos/${n}.png`, "no text");
  }
}
