import * as fs from "node:fs";
import { fuzzedHome } from "../fuzzed-home.ts";
import { mutatedBytes, mutatedText, oddText } from "../mutate.ts";
import { checkFault, type Target } from "../target.ts";

const words = [
  "BEGIN:VEVENT",
  "END:VEVENT",
  "END:VCALENDAR",
  "RRULE:FREQ=SECONDLY",
  "RRULE:FREQ=DAILY;COUNT=999999999",
  "RRULE:FREQ=YEARLY;BYDAY=MO,-1FR;BYSETPOS=-366",
  "DTSTART;TZID=Nowhere/X:20260101T250000",
  "DURATION:-P99999W",
  "EXDATE:20260101",
  "BEGIN:VCARD",
  "VERSION:2.1",
  "ENCODING=QUOTED-PRINTABLE",
  "BASE64",
  "=?utf-8?B?////?=",
  "=?x?Q?=?=",
  "\nFrom ",
  "Content-Type: multipart/mixed; boundary=a",
  "\n--a\n",
  "\n--a--\n",
  "Content-Transfer-Encoding: base64",
  "---",
  "[[",
  "]]",
  "- [ ] ",
  "{{",
  "```",
  "![](",
  "<!--",
  '"',
  '""',
  ";",
  "\t",
  "&a",
  "*a",
  "!!js/function",
  "<<: *a",
  "__proto__: 1",
];
const calendar =
  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Berlin:20260302T090000\r\nDTEND:20260302T100000Z\r\nRRULE:FREQ=WEEKLY;UNTIL=20270101T000000Z;BYDAY=MO\r\nSUMMARY:Tea with\r\n  Sarah\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
const card =
  "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Sarah Example\r\nN:Example;Sarah;;;\r\nEMAIL;TYPE=home:sarah@example.org\r\nTEL:+49301234567\r\nBDAY:--0314\r\nNOTE;ENCODING=QUOTED-PRINTABLE:Tea=\r\n=20please\r\nEND:VCARD\r\n";
const mail =
  "From sarah@example.org Mon Mar  2 09:00:00 2026\nFrom: =?utf-8?Q?S=C3=A4ra?= <sarah@example.org>\nTo: ada@example.org\nDate: Mon, 2 Mar 2026 09:00:00 +0100\nMessage-ID: <1@example.org>\nSubject: Tea\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain; charset=utf-8\n\nTea at four?\n--a\nContent-Type: text/html\n\n<p>Tea <b>at</b> four?</p>\n--a--\n\n";
const note =
  "---\ntitle: Tea\ntags: [a, b]\ndate: 2026-03-02\n---\n# Tea\n\nSarah likes [[Tea|tea]].\n\n- [ ] Buy tea due:2026-03-14\n\n## More\n\n```js\nx\n```\n";
const table = 'date,text,tags\n2026-03-02,"Tea, with ""Sarah""",a;b\n2026-03-03,Coffee,\n';
const samples: Record<string, string> = {
  ics: calendar,
  vcard: card,
  mbox: `${mail}${mail}`,
  markdown: note,
  csv: table,
  ndjson: `{"text":"tea","at":"2026-03-02T09:00:00Z","tags":["a"]}\n{"text":"coffee"}\n`,
};
const endings: Record<string, string> = {
  ics: "ics",
  vcard: "vcf",
  mbox: "mbox",
  markdown: "md",
  csv: "csv",
  ndjson: "ndjson",
};

/** Files of other programs, as `mh import` takes them in. The first line of an input names the format. */
export async function open(): Promise<Target> {
  const fuzzed = await fuzzedHome();
  const { home } = fuzzed;
  return {
    renewAfter: 400,
    make(dice) {
      const format = dice.pick(Object.keys(samples));
      const sample = samples[format] ?? "";
      const lines = sample.split(/\r?\n/);
      const line = dice.below(lines.length);
      const long = lines.with(line, `${lines[line]}${oddText(dice)}`).join("\r\n");
      const text = dice.chance(0.3) ? long : mutatedText(dice, [sample, sample, ...Object.values(samples)], words);
      const bytes = Buffer.from(text);
      return Buffer.concat([
        Buffer.from(`${format}\n`),
        dice.chance(0.2) ? mutatedBytes(dice, bytes, [Buffer.from(sample)], words) : bytes,
      ]);
    },
    async feed(input) {
      const end = input.indexOf(0x0a);
      const format = input.subarray(0, end).toString();
      const file = home.file(`run/fuzzed.${endings[format] ?? "md"}`);
      fs.writeFileSync(file, input.subarray(end + 1));
      const outcome = await home.act("owner", "import.run", {
        path: file,
        ...(format === "csv" && { map: { content: "text" } }),
      });
      if (outcome.status === "failed") checkFault(outcome.fault);
      await fuzzed.check();
    },
    [Symbol.asyncDispose]: () => fuzzed[Symbol.asyncDispose](),
  };
}
