// The shipped agents that read calendars, against a real CalDAV server.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type TestHost, testClock } from "@mh/testing";
import { expect, test } from "vitest";
import { makeCertificates } from "../certificates.ts";
import { endpoint } from "../endpoint.ts";
import { agentsDay, memoriesOf } from "../support/agents-day.ts";
import { calendarOf, eventOf, setSecret } from "../support/calendars.ts";
import { type Ntfy, startNtfy } from "../support/ntfy.ts";
import { makeBrowser } from "../support/push-browser.ts";
import { hasRadicale, type Radicale, startRadicale } from "../support/radicale.ts";

// In CI nothing is left out; elsewhere a missing server is said.
const isCi = process.env.CI === "true";
const withCalendar = test.skipIf(!hasRadicale && !isCi);
if (!hasRadicale && !isCi)
  process.emitWarning("No calendar flows: radicale is not installed (apt-get install radicale).");

/** A home with a calendar on a real CalDAV server, and a phone to ring. */
const calendarSettings = (radicale: Radicale, ntfy: Ntfy) => ({
  notify: { desktop: false, ntfy: { url: ntfy.url, topic: "ada" } },
  calendar: { sources: [{ name: "work", caldav: radicale.url, user: radicale.user, secret: "work" }] },
});

const eventFile = (uid: string, title: string, start: string, end: string, ...more: string[]) =>
  calendarOf(...eventOf(`UID:${uid}`, `SUMMARY:${title}`, `DTSTART${start}`, `DTEND${end}`, ...more));

withCalendar(
  "H15 seed 004, example 3: at seven the brief is kept, and reaches ntfy and a browser over HTTPS",
  async () => {
    await using radicale = await startRadicale();
    await using ntfy = await startNtfy();
    await using stack = new AsyncDisposableStack();
    const webPush = { contact: "mailto:ada@example.com", hosts: ["localhost"] };
    const folder = stack.adopt(fs.mkdtempSync(path.join(os.tmpdir(), "mh-ca-")), (made) =>
      fs.rmSync(made, { recursive: true }),
    );
    const { caFile, ...tls } = makeCertificates(folder);
    const push = stack.use(await endpoint(tls));
    push.answer = () => ({ status: 201 });
    await using day = await agentsDay(
      ["morning-brief"],
      (home) => {
        setSecret(home, "work", radicale.password);
        const { notify, ...more } = calendarSettings(radicale, ntfy);
        return { ...more, network: { caFile }, notify: { ...notify, webPush } };
      },
      { clock: testClock("2026-03-03T09:00:00Z") },
    );
    const { home } = day;
    const browser = makeBrowser(push);
    await home.own("device.add", { name: "phone" });
    const { subscription } = browser;
    expect((await home.act("owner/phone", "device.subscribe", { device: "phone", subscription })).status).toBe("done");

    await radicale.put(
      "1.ics",
      eventFile("1", "Dentist", ":20260304T090000Z", ":20260304T093000Z", "LOCATION:Main Street 3"),
    );
    await radicale.put("2.ics", eventFile("2", "Sarah's birthday", ";VALUE=DATE:20260304", ";VALUE=DATE:20260305"));
    await radicale.put("3.ics", eventFile("3", "Of yesterday", ":20260303T090000Z", ":20260303T093000Z"));
    const at = async (iso: string, skill: string, args: unknown) => {
      home.clock.set(iso);
      await home.own(skill, args);
    };
    await home.own("memory.capture", { text: "Too long ago", at: "2026-03-03T05:30:00Z" });
    const met = "Met with Sarah about the ML project\nShe wants the data by Friday.";
    await at("2026-03-03T10:10:00Z", "memory.capture", { text: met });
    await at("2026-03-03T19:45:00Z", "memory.capture", { text: "Had tea with Tom today" });
    await at("2026-03-03T20:00:00Z", "task.add", { title: "Send Sarah the data", due: "2026-03-06" });
    await at("2026-03-03T20:01:00Z", "task.add", { title: "Pay the rent", due: "2026-03-01" });
    await at("2026-03-03T20:02:00Z", "task.add", { title: "Call the plumber", due: "2026-03-04" });
    await at("2026-03-03T20:03:00Z", "task.add", { title: "Learn Greek" });

    await day.look("2026-03-04T05:59:59Z");
    expect(day.ends).toEqual([]);
    await day.look("2026-03-04T06:00:00Z");
    expect(day.ends).toEqual([["morning-brief", "done", ""]]);
    const [brief, ...others] = await memoriesOf(home, "brief");
    expect([brief?.kind, brief?.origins, others]).toEqual(["artifact", ["agent:morning-brief"], []]);
    expect(brief?.content).toBe(`# Your brief for Wednesday 4 March

## Today
- All day: Sarah's birthday
- 10:00–10:30 Dentist, Main Street 3

## To do
- Pay the rent (was due Sunday 1 March)
- Call the plumber (due today)
- Send Sarah the data (due Friday 6 March)

## Since yesterday
- 11:10 Met with Sarah about the ML project
- 20:45 Had tea with Tom today`);
    const title = "Your brief for Wednesday 4 March";
    const body = `Today:
All day: Sarah's birthday
10:00–10:30 Dentist, Main Street 3

To do:
Pay the rent (was due Sunday 1 March)
Call the plumber (due today)
Send Sarah the data (due Friday 6 March)

2 memories since yesterday.`;
    expect(ntfy.messages).toEqual([{ topic: "ada", title, message: body, priority: 3 }]);
    expect(push.received).toHaveLength(1);
    const [sealed] = push.received;
    expect(sealed && browser.read(sealed)).toMatchObject({ web_push: 8030, notification: { title } });
    await day.look("2026-03-04T06:05:00Z");
    expect([ntfy.messages.length, push.received.length]).toEqual([1, 1]);
  },
);

test("H15 a day without anything is told as one, and a calendar that cannot be read is no free day", async () => {
  await using ntfy = await startNtfy();
  const notify = { desktop: false, ntfy: { url: ntfy.url, topic: "ada" } };
  await using day = await agentsDay(["morning-brief"], () => ({ notify }));
  await day.look("2026-03-03T06:00:00Z");
  const sources = [{ name: "work", caldav: "http://127.0.0.1:1/ada/work/" }];
  const text = JSON.stringify({ owner: "Ada", timeZone: "Europe/Berlin", notify, calendar: { sources } });
  await day.home.own("config.write", { text });
  await day.home.own("agent.allow", { name: "morning-brief" });
  await day.look("2026-03-04T06:00:00Z");
  expect(day.ends.map(([, status]) => status)).toEqual(["done", "done"]);
  expect(ntfy.messages.map(({ message }) => message.split("\n\n"))).toEqual([
    ["Your calendar is free.", "Nothing is due.", "No memories since yesterday."],
    [
      expect.stringMatching(/^Today:\nYour calendars could not be read: /),
      "Nothing is due.",
      "No memories since yesterday.",
    ],
  ]);
});

const keptOf = async (home: TestHost): Promise<MemoryRecord[]> =>
  (await home.own("memory.list", {})).memories.filter(({ source }) => source.startsWith("calendar:"));

withCalendar(
  "H26 calendar-sync keeps each event once and where it now is, and it is found as the owner's",
  async () => {
    await using radicale = await startRadicale();
    await using ntfy = await startNtfy();
    await using day = await agentsDay(["calendar-sync"], (home) => {
      setSecret(home, "work", radicale.password);
      return calendarSettings(radicale, ntfy);
    });
    await radicale.put(
      "1.ics",
      eventFile("1", "Dentist", ":20260305T090000Z", ":20260305T093000Z", "LOCATION:Main Street 3"),
    );
    await radicale.put("2.ics", eventFile("2", "Fair in Lindau", ";VALUE=DATE:20260328", ";VALUE=DATE:20260330"));
    const series = eventFile("3", "Standup", ":20260309T080000Z", ":20260309T081500Z", "RRULE:FREQ=WEEKLY;COUNT=2");
    await radicale.put("3.ics", series);
    const kept = async () =>
      Object.fromEntries(
        (await keptOf(day.home)).map(({ externalId, rev, content, eventAt }) => [
          externalId,
          [rev, content.split("\n").slice(0, 2).join(" "), ...eventAt.map(({ from }) => from.slice(0, 16))],
        ]),
      );
    const others = {
      "2": [1, "Fair in Lindau When: Sat 28 Mar 2026 – Sun 29 Mar 2026", "2026-03-27T23:00"],
      "3": [1, "Standup When: Mon 9 Mar 2026, 08:00–08:15 (UTC)", "2026-03-09T08:00", "2026-03-16T08:00"],
    };
    const dentist = [1, "Dentist When: Thu 5 Mar 2026, 09:00–09:30 (UTC)", "2026-03-05T09:00"];
    await day.look("2026-03-02T09:30:00Z");
    await day.look("2026-03-02T10:00:00Z");
    expect(day.ends.map(([, status, why]) => [status, why])).toEqual([
      ["done", ""],
      ["done", ""],
    ]);
    expect(await kept()).toEqual({ "1": dentist, ...others });
    await radicale.put(
      "1.ics",
      eventFile("1", "Dentist", ":20260306T130000Z", ":20260306T133000Z", "LOCATION:Main Street 3"),
    );
    await day.look("2026-03-02T10:30:00Z");
    const moved = [2, "Dentist When: Fri 6 Mar 2026, 13:00–13:30 (UTC)", "2026-03-06T13:00"];
    expect(await kept()).toEqual({ "1": moved, ...others });
    expect(await day.said("calendar-sync")).toEqual(["0 new, 1 changed, 0 gone, 2 as before"]);
    const answer = await day.home.own("memory.ask", { q: "When is the dentist?" });
    expect(answer.citations[0]).toMatchObject({ externalId: "1", origin: "calendar:work" });
    expect(answer.text).toContain("6 March");
  },
);

test("calendar-sync keeps a calendar whose events are as long as a third party could make them", async () => {
  const quotes = (chars: number) => '"'.repeat(chars);
  const guests = Array.from(
    { length: 50 },
    (_, n) => `ATTENDEE;CN="${n}${"^'".repeat(190)}":mailto:a${n}@evil.example`,
  );
  const long = [`LOCATION:${quotes(500)}`, `DESCRIPTION:${quotes(2_000)}`, ...guests];
  const events = Array.from({ length: 60 }, (_, n) => {
    const day = `202603${String(3 + (n % 25)).padStart(2, "0")}`;
    return eventOf(
      `UID:${n}`,
      `SUMMARY:${n} ${quotes(490)}`,
      `DTSTART:${day}T090000Z`,
      `DTEND:${day}T093000Z`,
      ...long,
    );
  });
  await using day = await agentsDay(["calendar-sync"], (home) => {
    fs.writeFileSync(home.file("full.ics"), calendarOf(...events.flat()));
    return { calendar: { sources: [{ name: "full", file: "full.ics" }] } };
  });
  await day.look("2026-03-02T09:30:00Z");
  expect(day.ends).toEqual([["calendar-sync", "done", ""]]);
  expect(await keptOf(day.home)).toHaveLength(60);
});

test.each([
  ["Australia/Sydney", "20260405", "2026-04-04T13:00:00.000Z", "2026-04-05T14:00:00.000Z"],
  ["Africa/Cairo", "20260424", "2026-04-23T22:00:00.000Z", "2026-04-24T21:00:00.000Z"],
])("calendar-sync knows when a day begins on which the clocks of %s change", async (timeZone, on, from, to) => {
  const next = String(Number(on) + 1);
  await using day = await agentsDay(["calendar-sync"], (home) => {
    fs.writeFileSync(home.file("a.ics"), eventFile("1", "Fair", `;VALUE=DATE:${on}`, `;VALUE=DATE:${next}`));
    return { timeZone, calendar: { sources: [{ name: "a", file: "a.ics" }] } };
  });
  await day.look("2026-04-03T09:30:00Z");
  expect((await keptOf(day.home)).map(({ eventAt: [at] }) => [at?.from, at?.to])).toEqual([[from, to]]);
});
