import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { calendarOf, eventOf, setCalendars, setSecret } from "../support/calendars.ts";
import { hasRadicale, type Radicale, startRadicale } from "../support/radicale.ts";

// Debian's radicale (.ci/run installs it). Without it there is nothing real to talk to.
const isMissing = !hasRadicale && process.env.CI !== "true";
const caldav = (name: string, run: () => Promise<void>) =>
  test.skipIf(isMissing)(isMissing ? `${name} (skipped: there is no radicale here)` : name, run);

let server: Radicale;
beforeAll(async () => {
  if (!isMissing) server = await startRadicale();
});
afterAll(() => server?.[Symbol.asyncDispose]());

const reason = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.message : outcome.status);
const read = (home: TestHost, args: ArgsFor<"calendar.read"> = {}) => home.own("calendar.read", args);
const heads = (view: ValueFor<"calendar.read">) => view.events.map(({ title, start, end }) => [title, start, end]);
const write = (home: TestHost, args: ArgsFor<"calendar.write">) => home.own("calendar.write", args);
const filesWith = (title: string) =>
  Object.values(server.files()).filter((text) => text.includes(`SUMMARY:${title}\r`));

async function makeCalendarHome(url = server.url): Promise<TestHost> {
  const home = await makeHost();
  setSecret(home, "work", server.password);
  await setCalendars(home, [{ name: "work", caldav: url, user: server.user, secret: "work" }]);
  return home;
}

type Passing = "pass" | "swallow" | "break";

/** Stands before the server. Each answer is in hand before `how` says what becomes of it. */
async function standBefore(how: (method: string) => Passing | Promise<Passing>) {
  const proxy = http.createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const asked = http.request(new URL(url, server.url), { method, headers, agent: false });
    asked.end(await buffer(request));
    const [answer] = (await once(asked, "response")) as [http.IncomingMessage];
    const body = await buffer(answer);
    const passing = await how(method);
    if (passing === "pass") response.writeHead(answer.statusCode ?? 500, answer.headers).end(body);
    if (passing === "break") response.destroy();
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${new URL(server.url).pathname}`,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, "close");
    },
  };
}

caldav("a wrong password is named as such, and stands nowhere", async () => {
  await using home = await makeCalendarHome();
  setSecret(home, "work", "canary-5e1f");
  for (const [skill, args] of [
    ["calendar.read", {}],
    ["calendar.write", { title: "Locked out", start: "2026-03-02T16:00" }],
  ] as const) {
    const outcome = await home.act(owner, skill, args);
    expect(reason(outcome)).toBe("Calendar work: the server refuses the user or the password. `mh secret set work`.");
    expect(JSON.stringify([outcome, ...inspect(home.root, home.environment).records()])).not.toContain("canary-5e1f");
  }
  expect(filesWith("Locked out")).toEqual([]);
});

caldav("a hostile event on the server costs the others nothing", async () => {
  await using home = await makeCalendarHome();
  const day = "20260520T100000Z";
  await server.put(
    "never.ics",
    calendarOf(...eventOf("UID:never", "SUMMARY:Never", `DTSTART:${day}`, "RRULE:FREQ=DAILY;COUNT=2")),
  );
  await server.put(
    "markup.ics",
    calendarOf(
      ...eventOf("UID:markup", "SUMMARY:]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&amp\\; é", `DTSTART:${day}`),
    ),
  );
  await server.put(
    "second.ics",
    calendarOf(...eventOf("UID:second", "SUMMARY:12345678901234567890", `DTSTART:${day}`)),
  );
  const view = await read(home, { from: "2026-05-20" });
  expect(view.events.map(({ title }) => title).sort()).toEqual([
    "12345678901234567890",
    "Never",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&amp; é",
  ]);
});

const berlin = [
  ...["BEGIN:VTIMEZONE", "TZID:Europe/Berlin"],
  ...["BEGIN:DAYLIGHT", "DTSTART:19810329T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"],
  ...["TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT"],
  ...["BEGIN:STANDARD", "DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"],
  ...["TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD"],
  "END:VTIMEZONE",
];

caldav("a weekly series keeps its hour across the change of the clocks; what was moved or cancelled is", async () => {
  await using home = await makeCalendarHome();
  const zone = "TZID=Europe/Berlin";
  await server.put(
    "standup.ics",
    calendarOf(
      ...berlin,
      ...eventOf(
        ...["UID:standup", "SUMMARY:Standup", `DTSTART;${zone}:20260309T090000`, `DTEND;${zone}:20260309T091500`],
        ...["RRULE:FREQ=WEEKLY;COUNT=6", `EXDATE;${zone}:20260330T090000`],
      ),
      ...eventOf(
        ...["UID:standup", "SUMMARY:Late standup", `RECURRENCE-ID;${zone}:20260406T090000`],
        ...[`DTSTART;${zone}:20260407T150000`, `DTEND;${zone}:20260407T160000`],
      ),
    ),
  );
  await server.put(
    "easter.ics",
    calendarOf(...eventOf("UID:easter", "SUMMARY:Easter", "DTSTART;VALUE=DATE:20260405", "DTEND;VALUE=DATE:20260407")),
  );
  const view = await read(home, { from: "2026-03-16", to: "2026-04-14" });
  expect(heads(view)).toEqual([
    ["Standup", "2026-03-16T08:00:00.000Z", "2026-03-16T08:15:00.000Z"],
    ["Standup", "2026-03-23T08:00:00.000Z", "2026-03-23T08:15:00.000Z"],
    ["Easter", "2026-04-05", "2026-04-06"],
    ["Late standup", "2026-04-07T13:00:00.000Z", "2026-04-07T14:00:00.000Z"],
    ["Standup", "2026-04-13T07:00:00.000Z", "2026-04-13T07:15:00.000Z"],
  ]);
  expect(view.events.map(({ repeats, etag }) => [repeats, typeof etag])).toEqual(
    [true, true, false, true, true].map((repeats) => [repeats, "string"]),
  );
});

caldav("what is written is read back, and a change keeps what it does not name", async () => {
  await using home = await makeCalendarHome();
  const long = "Bring the papers; all of them, please\\n! ".repeat(5).trim();
  const start = "2026-06-01T09:00";
  const made = await write(home, {
    title: "Review",
    start,
    end: "2026-06-01T10:30",
    place: "Room 5",
    description: long,
  });
  const [event] = (await read(home, { from: "2026-06-01" })).events;
  expect(event).toMatchObject({
    ...{ source: "work", uid: made.uid, title: "Review", place: "Room 5", description: long, etag: made.etag },
    ...{ start: "2026-06-01T07:00:00.000Z", end: "2026-06-01T08:30:00.000Z" },
  });
  await write(home, { uid: made.uid, etag: made.etag, title: "Review II", start: "2026-06-02" });
  const [changed] = (await read(home, { from: "2026-06-02" })).events;
  expect(changed).toMatchObject({
    uid: made.uid,
    title: "Review II",
    place: "Room 5",
    start: "2026-06-02",
    allDay: true,
  });
  expect((await read(home, { from: "2026-06-01" })).events).toEqual([]);
});

caldav("an event that was changed meanwhile is not overwritten", async () => {
  await using home = await makeCalendarHome();
  const { uid, etag } = await write(home, { title: "Dentist", start: "2026-06-03T09:00" });
  const [name = ""] = Object.entries(server.files()).find(([, text]) => text.includes(uid)) ?? [];
  const theirs = calendarOf(...eventOf(`UID:${uid}`, "SUMMARY:Dentist moved", "DTSTART:20260604T090000Z"));
  await server.put(name, theirs);
  const mine = { uid, etag, title: "Dentist mine", start: "2026-06-03T10:00" };
  expect(reason(await home.act(owner, "calendar.write", mine))).toContain("changed meanwhile");
  expect(server.files()[name]).toContain("Dentist moved");
  const [now] = (await read(home, { from: "2026-06-04" })).events;
  let times = 0;
  await using between = await standBefore(async (method): Promise<Passing> => {
    times += 1;
    if (method === "REPORT") await server.put(name, theirs.replace("moved", `moved again ${times}`));
    return "pass";
  });
  await setCalendars(home, [{ name: "work", caldav: between.url, user: server.user, secret: "work" }]);
  for (const version of [{ etag: now?.etag }, { etag: undefined }])
    expect(reason(await home.act(owner, "calendar.write", { ...mine, ...version }))).toContain("changed meanwhile");
  expect(server.files()[name]).toContain("Dentist moved again");
  expect(reason(await home.act(owner, "calendar.write", { ...mine, uid: "nobody" }))).toContain("no event nobody");
});

caldav("what repeats or was sent to others is not changed from here", async () => {
  await using home = await makeCalendarHome();
  const at = "DTSTART:20260701T090000Z";
  await server.put("weekly.ics", calendarOf(...eventOf("UID:weekly", "SUMMARY:W", at, "RRULE:FREQ=WEEKLY")));
  await server.put(
    "invited.ics",
    calendarOf(...eventOf("UID:invited", "SUMMARY:I", at, "ATTENDEE:mailto:a@b.example")),
  );
  const before = server.files();
  for (const uid of ["weekly", "invited"]) {
    const outcome = await home.act(owner, "calendar.write", { uid, title: "x", start: "2026-07-01T10:00" });
    expect(outcome).toMatchObject({ status: "failed", fault: { code: "calendar.failed" } });
  }
  expect(server.files()).toEqual(before);
});

caldav("an event is made once, though the home was closed before the answer came and it was tried again", async () => {
  let isOpen = false;
  const arrived = Promise.withResolvers<void>();
  await using between = await standBefore((method) => {
    if (method !== "PUT" || isOpen) return "pass";
    arrived.resolve();
    return "swallow";
  });
  await using home = await makeCalendarHome(between.url);
  const id = "0195a000-0000-7000-8000-00000000ca1e";
  const command = { title: "Once", start: "2026-06-05T09:00" };
  const first = home.act(owner, "calendar.write", command, { id });
  await arrived.promise;
  await home.close();
  expect((await first).status).toBe("interrupted");
  isOpen = true;
  await home.reopen();
  const again = await home.act(owner, "calendar.write", command, { id });
  expect(again).toMatchObject({ status: "done", value: { uid: `${id}@mh`, made: true } });
  expect(filesWith("Once")).toHaveLength(1);
});

caldav("a change is made once, and a second try does not undo what others did since", async () => {
  let isOpen = true;
  const arrived = Promise.withResolvers<void>();
  await using between = await standBefore((method) => {
    if (method !== "PUT" || isOpen) return "pass";
    arrived.resolve();
    return "swallow";
  });
  await using home = await makeCalendarHome(between.url);
  const { uid } = await write(home, { title: "Lunch", start: "2026-06-08T12:00" });
  const [name = ""] = Object.entries(server.files()).find(([, text]) => text.includes(uid)) ?? [];
  isOpen = false;
  const id = "0195a000-0000-7000-8000-00000000c4a6";
  const command = { uid, title: "Late lunch", start: "2026-06-08T14:00" };
  const first = home.act(owner, "calendar.write", command, { id });
  await arrived.promise;
  await home.close();
  expect((await first).status).toBe("interrupted");
  await server.put(name, (server.files()[name] ?? "").replace("Late lunch", "Late lunch with Tom"));
  isOpen = true;
  await home.reopen();
  expect((await home.act(owner, "calendar.write", command, { id })).status).toBe("done");
  expect(server.files()[name]).toContain("Late lunch with Tom");
});

caldav("an answer that breaks off is looked after: the event is there, and is said to be", async () => {
  await using between = await standBefore((method) => (method === "PUT" ? "break" : "pass"));
  await using home = await makeCalendarHome(between.url);
  expect(await write(home, { title: "Broken off", start: "2026-06-09T09:00" })).toMatchObject({ made: true });
  expect(filesWith("Broken off")).toHaveLength(1);
});

caldav("an agent's event goes to the server after the owner's approval, exactly once", async () => {
  await using home = await makeCalendarHome();
  const helper = agent("helper");
  await home.own("grant.give", { principal: helper, skill: "calendar.write" });
  const parked = await home.act(helper, "calendar.write", { title: "Approved", start: "2026-06-10T09:00" });
  expect(parked).toMatchObject({ status: "parked", rules: expect.arrayContaining(["table.suggest.send.ask"]) });
  expect(filesWith("Approved")).toEqual([]);
  const { hash } = await home.own("approval.show", { id: parked.id });
  const approved = { outcome: await home.approve(parked.id, hash) };
  expect(approved.outcome.status).toBe("done");
  expect((await home.act(owner, "approval.approve", { id: parked.id, hash })).status).toBe("failed");
  expect(filesWith("Approved")).toHaveLength(1);
});
