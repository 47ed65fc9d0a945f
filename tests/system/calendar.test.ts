import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { calendarOf, eventOf, setCalendars, setSecret } from "../support/calendars.ts";

const code = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);
const reason = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.message : outcome.status);
const read = (home: TestHost, args: ArgsFor<"calendar.read"> = {}) => home.own("calendar.read", args);
const heads = (view: ValueFor<"calendar.read">) => view.events.map(({ title, start, end }) => [title, start, end]);
const tea = calendarOf(...eventOf("UID:tea", "SUMMARY:Tea", "DTSTART:20260302T140000Z", "DTEND:20260302T150000Z"));

/** A server that answers as it is told to, and remembers what it was asked. */
async function serve(answer: http.RequestListener) {
  const asked: { url: string; authorization: string | undefined }[] = [];
  const server = http.createServer((request, response) => {
    asked.push({ url: request.url ?? "", authorization: request.headers.authorization });
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test("a calendar that fails is named with its reason, and hides no other", async () => {
  await using home = await makeHost();
  await using broken = await serve((_, response) => response.writeHead(500).end("the password is hunter2"));
  await using page = await serve((_, response) => response.end("<html>Sign in</html>"));
  fs.writeFileSync(home.file("mine.ics"), tea);
  await setCalendars(home, [
    { name: "mine", file: "mine.ics" },
    { name: "gone", file: "gone.ics" },
    { name: "broken", url: `http://127.0.0.1:${broken.port}/a.ics` },
    { name: "page", url: `http://127.0.0.1:${page.port}/a.ics` },
    { name: "locked", caldav: `http://127.0.0.1:${page.port}/dav/`, user: "ada", secret: "nothing-set" },
  ]);
  const view = await read(home);
  expect(heads(view)).toEqual([["Tea", "2026-03-02T14:00:00.000Z", "2026-03-02T15:00:00.000Z"]]);
  expect(view.failed.map(({ source, code }) => [source, code])).toEqual([
    ["gone", "calendar.failed"],
    ["broken", "calendar.failed"],
    ["page", "calendar.failed"],
    ["locked", "secret.missing"],
  ]);
  expect(JSON.stringify(view)).not.toContain("hunter2");
  const all = await home.act(owner, "calendar.read", { source: "broken" });
  expect(code(all)).toBe("calendar.failed");
  expect(reason(all)).toContain("Calendar broken: the server answered 500.");
});

test("no calendar at all is an empty day, and nothing to write to", async () => {
  await using home = await makeHost();
  expect(await read(home)).toMatchObject({ sources: [], events: [], failed: [], more: false });
  expect(code(await home.act(owner, "calendar.write", { title: "x", start: "tomorrow" }))).toBe("args.invalid");
  expect(code(await home.act(owner, "calendar.read", { source: "none" }))).toBe("args.invalid");
});

test("P17 a redirect to another host is not followed, and takes no password along", async () => {
  await using home = await makeHost();
  await using elsewhere = await serve((_, response) => response.end(tea));
  const { port } = elsewhere;
  await using mine = await serve((request, response) => {
    if (request.url === "/here.ics") response.writeHead(302, { location: "/there.ics" }).end();
    else if (request.url === "/there.ics") response.end(tea);
    else if (request.url === "/loop.ics") response.writeHead(302, { location: "/loop.ics" }).end();
    else response.writeHead(302, { location: `http://127.0.0.1:${port}/tea.ics` }).end();
  });
  setSecret(home, "work", "correct horse");
  const source = (name: string, file: string) => ({
    ...{ name, user: "ada", secret: "work", url: `http://127.0.0.1:${mine.port}/${file}` },
  });
  await setCalendars(home, [
    source("same", "here.ics"),
    source("loop", "loop.ics"),
    source("other", "other.ics"),
    { name: "dav", caldav: `http://127.0.0.1:${mine.port}/dav/`, user: "ada", secret: "work" },
  ]);
  const view = await read(home);
  expect(view.events.map(({ source }) => source)).toEqual(["same"]);
  expect(view.failed.map(({ source }) => source)).toEqual(["loop", "other", "dav"]);
  expect(elsewhere.asked).toEqual([]);
  expect(mine.asked[0]?.authorization).toBe(`Basic ${btoa("ada:correct horse")}`);
});

test("a password does not go over plain http to another machine, and none stands in the settings", async () => {
  await using home = await makeHost();
  setSecret(home, "work", "correct horse");
  await setCalendars(home, [{ name: "far", url: "http://calendar.example/a.ics", user: "ada", secret: "work" }]);
  expect(reason(await home.act(owner, "calendar.read"))).toContain("plain http");
  const bad = [
    { name: "a", url: "https://ada:pw@calendar.example/a.ics" },
    { name: "a", url: "https://calendar.example/a.ics", file: "a.ics" },
    { name: "a" },
    { name: "a", file: "persona/policy/rules.cedar" },
  ];
  for (const source of bad) await expect(setCalendars(home, [source])).rejects.toThrow("document.invalid");
  await expect(
    setCalendars(home, [
      { name: "a", file: "a.ics" },
      { name: "a", file: "b.ics" },
    ]),
  ).rejects.toThrow("document.invalid");
});

test("hostile calendars cost neither the others nor much time", async () => {
  await using home = await makeHost();
  const endless = Array.from({ length: 2_000 }, (_, n) =>
    eventOf(`UID:e${n}`, "SUMMARY:E", "DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY"),
  );
  const controls = "\u001b[2J\u202eevil";
  fs.writeFileSync(
    home.file("bad.ics"),
    calendarOf(
      ...eventOf("UID:good", `SUMMARY:${controls}`, "DTSTART:20260302T100000Z", "DURATION:PT1H"),
      ...eventOf("UID:never", "SUMMARY:N", "DTSTART:20260302T100000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
      ...eventOf("UID:broken", "SUMMARY:B", "DTSTART:not a date"),
      ...["BEGIN:VEVENT", "UID:open", "DTSTART:20260302T100000Z"],
      ...endless.flat(),
    ),
  );
  fs.writeFileSync(home.file("mine.ics"), tea);
  await setCalendars(home, [
    { name: "bad", file: "bad.ics" },
    { name: "mine", file: "mine.ics" },
  ]);
  const before = process.cpuUsage();
  const view = await read(home);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
  expect(view.events.map(({ uid }) => uid)).toEqual(expect.arrayContaining(["good", "tea"]));
  expect(view.events.map(({ uid }) => uid)).not.toContain("broken");
  expect(view.notes.length).toBeLessThanOrEqual(21);
  expect(view.notes.map(({ note }) => note).join("\n")).toContain("END:VEVENT is missing");
});

test("an event that lasts longer than anybody lives is refused before its days are counted", async () => {
  await using home = await makeHost();
  fs.writeFileSync(
    home.file("long.ics"),
    calendarOf(
      ...eventOf("UID:weeks", "SUMMARY:W", "DTSTART:20260302T100000Z", "DURATION:P99999999W"),
      ...eventOf("UID:back", "SUMMARY:B", "DTSTART:20260302T100000Z", "DURATION:-P99999999W"),
      ...eventOf("UID:ages", "SUMMARY:A", "DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:99981231"),
      ...eventOf("UID:decades", "SUMMARY:D", "DTSTART;VALUE=DATE:19560302", "DTEND;VALUE=DATE:20360302"),
    ),
  );
  await setCalendars(home, [{ name: "long", file: "long.ics" }]);
  const { events, notes } = await read(home);
  expect(events.map(({ uid }) => uid)).toEqual(["decades"]);
  expect(notes.map(({ note }) => note)).toEqual(
    ["weeks", "back", "ages"].map((uid) => expect.stringMatching(`cannot be read.*${uid}`)),
  );
});

test("days are the owner's, whole days are days, and the order is that of the day", async () => {
  await using home = await makeHost();
  fs.writeFileSync(
    home.file("mine.ics"),
    calendarOf(
      ...eventOf("UID:late", "SUMMARY:Late", "DTSTART:20260302T223000Z", "DTEND:20260302T233000Z"),
      ...eventOf("UID:next", "SUMMARY:Next day", "DTSTART:20260302T230000Z", "DTEND:20260302T233000Z"),
      ...eventOf("UID:trip", "SUMMARY:Trip", "DTSTART;VALUE=DATE:20260301", "DTEND;VALUE=DATE:20260304"),
      ...eventOf("UID:before", "SUMMARY:Before", "DTSTART;VALUE=DATE:20260301", "DTEND;VALUE=DATE:20260302"),
      ...eventOf("UID:floating", "SUMMARY:Floating", "DTSTART:20260302T080000", "DURATION:PT30M"),
      ...eventOf("UID:gone", "SUMMARY:Gone", "STATUS:CANCELLED", "DTSTART:20260302T080000"),
    ),
  );
  await setCalendars(home, [{ name: "mine", file: "mine.ics" }]);
  const view = await read(home);
  expect([view.from, view.to]).toEqual(["2026-03-01T23:00:00.000Z", "2026-03-02T23:00:00.000Z"]);
  expect(heads(view)).toEqual([
    ["Trip", "2026-03-01", "2026-03-03"],
    ["Floating", "2026-03-02T07:00:00.000Z", "2026-03-02T07:30:00.000Z"],
    ["Late", "2026-03-02T22:30:00.000Z", "2026-03-02T23:30:00.000Z"],
  ]);
  expect(heads(await read(home, { from: "2026-03-03T00:30", limit: 1 }))).toEqual([
    ["Trip", "2026-03-01", "2026-03-03"],
  ]);
  expect((await read(home, { from: "2026-03-03T00:10", limit: 1 })).more).toBe(true);
});

test("a series that began long ago still happens, each occurrence as it was changed", async () => {
  await using home = await makeHost();
  const rule = ["DTSTART;TZID=Europe/Berlin:20100104T090000", "DURATION:PT15M", "RRULE:FREQ=DAILY"];
  const changed = ["RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260303T090000"];
  fs.writeFileSync(
    home.file("mine.ics"),
    calendarOf(
      ...eventOf("UID:s", "SUMMARY:Standup", ...rule),
      ...eventOf("UID:s", "SUMMARY:Later", ...changed, "DTSTART;TZID=Europe/Berlin:20260303T110000", "DURATION:PT1H"),
    ),
  );
  await setCalendars(home, [{ name: "mine", file: "mine.ics" }]);
  expect(heads(await read(home, { to: "2026-03-04" }))).toEqual([
    ["Standup", "2026-03-02T08:00:00.000Z", "2026-03-02T08:15:00.000Z"],
    ["Later", "2026-03-03T10:00:00.000Z", "2026-03-03T11:00:00.000Z"],
    ["Later", "2026-03-04T10:00:00.000Z", "2026-03-04T11:00:00.000Z"],
  ]);
});

test("a file in the home is written whole: made, changed, kept where another program was faster", async () => {
  await using home = await makeHost();
  fs.writeFileSync(
    home.file("mine.ics"),
    calendarOf(...eventOf("UID:a", "X-KEEP:me", "SUMMARY:A", "DTSTART:20260302T100000Z")),
  );
  await setCalendars(home, [
    { name: "mine", file: "mine.ics" },
    { name: "fixed", file: "fixed.ics", readOnly: true },
    { name: "outside", file: "/tmp/outside.ics" },
  ]);
  const start = "2026-03-02T16:00";
  const made = await home.own("calendar.write", {
    title: "Call\r\nEND:VEVENT",
    start,
    durationMinutes: 30,
  });
  expect(made).toMatchObject({ source: "mine", made: true, start: "2026-03-02T15:00:00.000Z" });
  const changed = { uid: "a", title: "B", start, allDay: true, etag: made.etag };
  expect(await home.own("calendar.write", changed)).toMatchObject({ made: false, start: "2026-03-02", allDay: true });
  expect(heads(await read(home, { source: "mine" }))).toEqual([
    ["B", "2026-03-02", "2026-03-02"],
    ["Call END:VEVENT", "2026-03-02T15:00:00.000Z", "2026-03-02T15:30:00.000Z"],
  ]);
  const text = fs.readFileSync(home.file("mine.ics"), "utf8");
  expect(text).toContain("X-KEEP:me");
  expect(text.match(/^END:VEVENT/gm)).toHaveLength(2);
  const stale = await home.act(owner, "calendar.write", changed);
  expect(reason(stale)).toContain("changed meanwhile");
  for (const source of ["fixed", "outside"]) {
    expect(code(await home.act(owner, "calendar.write", { source, title: "x", start }))).toBe("args.invalid");
  }
  expect(fs.readFileSync(home.file("mine.ics"), "utf8")).toBe(text);
});

test("no end of a line gets into a calendar by any argument", async () => {
  await using home = await makeHost();
  await setCalendars(home, [{ name: "mine", file: "mine.ics" }]);
  const evil = ["\r\n", "\n", "\r", "\u2028", "\u2029", "\u0085", "\u000b", "\u000c", "\u001c", "\0"]
    .map((end) => `x${end}BEGIN:VALARM`)
    .join("");
  const start = "2026-03-02T16:00";
  const more = { place: evil, description: evil, start };
  await home.own("calendar.write", { title: evil, ...more });
  const text = fs.readFileSync(home.file("mine.ics"), "utf8");
  expect(text.split(/[\p{Cc}\u2028\u2029]+/u).filter((line) => /^BEGIN/.test(line))).toEqual([
    ...["BEGIN:VCALENDAR", "BEGIN:VEVENT"],
  ]);
  expect(text).not.toMatch(/[^\r]\n|\r[^\n]|\0/);
  // 75 octets and the space of a fold.
  expect(Math.max(...text.split("\r\n").map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(76);
  for (const uid of ["a\r\nX:1", "a\u2028X", "\0"]) {
    expect(code(await home.act(owner, "calendar.write", { uid, title: "x", ...more }))).toBe("args.invalid");
    expect(code(await home.act(owner, "calendar.write", { uid: "a", etag: uid, title: "x", ...more }))).toBe(
      "args.invalid",
    );
  }
});

test("an agent looks into a calendar's host in scope only, and writes after an approval", async () => {
  await using server = await serve((_, response) => response.end(tea));
  await using home = await makeHost();
  await setCalendars(home, [
    { name: "far", url: `http://127.0.0.1:${server.port}/a.ics` },
    { name: "mine", file: "mine.ics" },
  ]);
  const helper = agent("helper");
  for (const skill of ["calendar.read", "calendar.write"]) await home.own("grant.give", { principal: helper, skill });
  const asked = await home.act(helper, "calendar.read", {});
  expect(asked).toMatchObject({ status: "parked", layer: "boundary", rules: ["table.suggest.fetch.ask"] });
  expect(server.asked).toEqual([]);
  expect((await home.act(helper, "calendar.read", { source: "mine" })).status).toBe("failed");
  await home.own("grant.give", { principal: helper, skill: "calendar.read", scope: { hosts: ["127.0.0.1"] } });
  expect((await home.act(helper, "calendar.read", {})).status).toBe("done");
  const write = await home.act(helper, "calendar.write", { title: "x", start: "tomorrow" });
  expect(write).toMatchObject({ status: "parked", layer: "boundary" });
  expect(write).toHaveProperty("rules", expect.arrayContaining(["table.suggest.local.ask"]));
  const steered = await home.act(helper, "calendar.write", { source: "mine", title: "x", start: "tomorrow" });
  expect(steered).toMatchObject({ status: "parked" });
  expect(fs.existsSync(home.file("mine.ics"))).toBe(false);
});

test("S13 an event that is to be changed is shown as it stands, and must still stand so when the change is approved", async () => {
  await using home = await makeHost();
  await setCalendars(home, [{ name: "mine", file: "mine.ics" }]);
  const helper = agent("helper");
  await home.own("grant.give", { principal: helper, skill: "calendar.write" });
  const { uid } = await home.own("calendar.write", { title: "Tea", start: "2026-06-01T10:00" });
  const ask = async (title: string) => {
    const { id } = await home.act(helper, "calendar.write", { uid, title, start: "2026-06-02T10:00" });
    return home.own("approval.show", { id });
  };
  const view = await ask("Coffee");
  expect(view.command?.pins).toMatchObject([{ what: `event ${uid} of mine`, shows: expect.stringContaining("Tea") }]);
  await home.own("calendar.write", { uid, title: "Wedding", start: "2026-06-01T10:00" });
  const refused = await home.act("owner", "approval.approve", { id: view.approval.id, hash: view.hash });
  expect(refused).toMatchObject({ status: "failed", fault: { code: "approval.changed" } });
  expect(fs.readFileSync(home.file("mine.ics"), "utf8")).toContain("Wedding");
  const again = await ask("Cocoa");
  // Another event of the same calendar is no change of this one.
  await home.own("calendar.write", { title: "Bus", start: "2026-06-03T10:00" });
  expect(await home.approve(again.approval.id, again.hash)).toMatchObject({ status: "done" });
  expect(fs.readFileSync(home.file("mine.ics"), "utf8")).toContain("Cocoa");
});
