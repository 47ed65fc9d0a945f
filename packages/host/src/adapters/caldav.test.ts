import { expect, test } from "vitest";
import { openCaldav } from "./caldav.ts";

const multistatus = (inner: string) =>
  `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">${inner}</d:multistatus>`;
const collection = (xml: string) =>
  openCaldav("https://dav.example.org/ada/", async () => ({
    ...{ status: 207, headers: { "content-type": "application/xml" }, body: new TextEncoder().encode(xml) },
  }));

test.each([
  ["nested without end", "<d:a>".repeat(1_000_000)],
  ["nothing but the beginnings of tags", "<".repeat(4_000_000)],
])("a server whose answer is %s is refused at once", async (_what, inner) => {
  const began = process.cpuUsage();
  await expect(collection(multistatus(inner)).between(0, 1)).rejects.toThrow(/no calendar's XML/);
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(5);
});

test("a calendar's text may hold what looks like tags", async () => {
  const text = `BEGIN:VCALENDAR\nDESCRIPTION:${"<br><<1".repeat(2_000)}\nEND:VCALENDAR`;
  const data = `<c:calendar-data><![CDATA[${text}]]></c:calendar-data><d:getetag>"1"</d:getetag><d:x/>`;
  const found = `<d:response><d:href>/ada/1.ics</d:href><d:propstat><d:prop>${data}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
  expect(await collection(multistatus(found)).between(0, 1)).toEqual([
    { url: "https://dav.example.org/ada/1.ics", etag: expect.stringContaining("1"), text },
  ]);
});
