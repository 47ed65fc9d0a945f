import * as fs from "node:fs";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { calendarOf, eventOf, setCalendars } from "../support/calendars.ts";
import { forget } from "../support/forget.ts";

const sync = agent("calendar-sync");
const now = "2026-03-02T09:30:00Z";
const place = "calendar:work";

const event = (uid: string, title: string, start: string, ...more: string[]) =>
  eventOf(`UID:${uid}`, `SUMMARY:${title}`, `DTSTART:${start}`, ...more);
const dentist = event("dentist", "Dentist", "20260305T090000Z", "LOCATION:Main Street 3");

/** A home with two calendars in files, one of them empty, and an agent that may keep them. */
async function calendarHome(): Promise<TestHost & { put(...events: string[][]): void }> {
  const home = await makeHost();
  home.clock.set(now);
  const put = (...events: string[][]) => fs.writeFileSync(home.file("work.ics"), calendarOf(...events.flat()));
  put();
  fs.writeFileSync(home.file("home.ics"), calendarOf());
  await setCalendars(home, [
    { name: "work", file: "work.ics" },
    { name: "home", file: "home.ics" },
  ]);
  for (const skill of ["calendar.keep", "memory.file", "audio.next", "audio.note"])
    await home.own("grant.give", { principal: sync, skill });
  return Object.assign(home, { put });
}

async function keep(home: TestHost, by = sync) {
  const outcome = await home.act(by, "calendar.keep", {});
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  const { added, updated, gone, same, refused } = outcome.value as Record<string, number>;
  return { added, updated, gone, same, refused };
}

const nothing = { added: 0, updated: 0, gone: 0, same: 0, refused: 0 };
const kept = async (home: TestHost): Promise<MemoryRecord[]> => (await home.own("memory.list", {})).memories;
const contents = async (home: TestHost) => (await kept(home)).map(({ content }) => content.split("\n")[0]);
const code = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);

test("H26 what an agent has kept of the owner's calendar is found and quoted as from there, and is nobody's own word", async () => {
  await using home = await calendarHome();
  home.put(dentist);
  expect(await keep(home)).toEqual({ ...nothing, added: 1 });
  const [memory] = await kept(home);
  expect(memory).toMatchObject({ kind: "episodic", source: place, externalId: "dentist", origins: [place] });
  const answer = await home.own("memory.ask", { q: "When is the dentist?" });
  expect(answer.citations[0]).toMatchObject({ id: memory?.id, origin: place });
  expect(answer.text).toContain("5 March 2026");
});

test("P9 no agent files words of its own as what stands in a calendar, or in a recording", async () => {
  await using home = await calendarHome();
  home.put(dentist);
  const asked = home.host.newId();
  await home.act(owner, "calendar.keep", {}, { id: asked });
  const own = home.host.newId();
  await home.act(sync, "calendar.keep", {}, { id: own });
  const item = { externalId: "x", content: "You promised Eve your car" };
  const args = { source: place, origin: place, items: [item], gone: ["dentist"] };
  const sound = { path: "/srv/a.wav", sha256: "0".repeat(64), bytes: 9, mediaType: "audio/wav" };
  const note = { recording: { ...sound, status: "done", tries: 0 }, text: item.content };
  const looked = home.host.newId();
  await home.act(sync, "audio.next", {}, { id: looked });
  // By itself; as a step of what somebody else did; of another skill.
  for (const cause of [undefined, asked, looked]) {
    const outcome = await home.act(sync, "memory.file", args, { ...(cause && { cause }) });
    expect([cause, code(outcome)]).toEqual([cause, "skill.step"]);
  }
  for (const cause of [undefined, own]) {
    const outcome = await home.act(sync, "audio.note", note, { ...(cause && { cause }) });
    expect([cause, code(outcome)]).toEqual([cause, "skill.step"]);
  }
  expect(code(await home.act(owner, "memory.file", args))).toBe("skill.step");
  // Nor as an import that says it is one.
  const claimed = { source: place, from: "x", items: [{ ...item, origin: place }] };
  await home.own("grant.give", { principal: sync, skill: "memory.import" });
  expect(code(await home.act(sync, "memory.import", claimed))).toBe("args.invalid");
  expect(await contents(home)).toEqual(["Dentist"]);
});

test("H26 an event is kept where it now is: moved, called otherwise, cancelled, deleted, and there again", async () => {
  await using home = await calendarHome();
  const fair = event("fair", "Fair", "20260328T090000Z");
  const past = event("past", "Lunch with Tom", "20260301T110000Z");
  home.put(dentist, fair, past);
  expect(await keep(home)).toEqual({ ...nothing, added: 3 });
  expect(await keep(home)).toEqual({ ...nothing, same: 3 });
  expect((await kept(home)).map(({ rev }) => rev)).toEqual([1, 1, 1]);
  home.put(event("dentist", "Dentist", "20260306T130000Z"), fair, past);
  expect(await keep(home)).toEqual({ ...nothing, updated: 1, same: 2 });
  home.put(event("dentist", "Dentist", "20260306T130000Z", "STATUS:CANCELLED"));
  // What is over is remembered; what was ahead and is gone is taken out.
  expect(await keep(home)).toEqual({ ...nothing, updated: 1, gone: 1 });
  expect(await contents(home)).toEqual(["Dentist (cancelled)", "Lunch with Tom"]);
  home.put(fair);
  expect(await keep(home)).toEqual({ ...nothing, added: 1, gone: 1 });
  expect(await contents(home)).toEqual(["Lunch with Tom", "Fair"]);
});

test("H26 of a series that goes on one time that was taken out of the calendar is taken out of the memory", async () => {
  await using home = await calendarHome();
  const standup = (...more: string[]) => event("s", "Standup", "20260105T080000Z", "RRULE:FREQ=WEEKLY", ...more);
  home.put(standup());
  await keep(home);
  const next = async () => (await kept(home))[0]?.eventAt.map(({ from }) => from).find((at) => at > "2026-03-02T09");
  expect([await next(), (await kept(home)).length]).toEqual(["2026-03-09T08:00:00.000Z", 1]);
  home.put(standup("EXDATE:20260309T080000Z"));
  expect(await keep(home)).toEqual({ ...nothing, updated: 1 });
  expect(await next()).toBe("2026-03-16T08:00:00.000Z");
  expect(await keep(home)).toEqual({ ...nothing, same: 1 });
});

test("H26 a calendar that cannot be read, and an event that cannot, take nothing out", async () => {
  await using home = await calendarHome();
  home.put(dentist, event("fair", "Fair", "20260328T090000Z"));
  await keep(home);
  fs.writeFileSync(home.file("work.ics"), "<html>Sign in</html>");
  const outcome = await home.act(sync, "calendar.keep", {});
  expect(outcome).toMatchObject({ status: "done", value: { gone: 0, failed: [{ source: "work" }] } });
  // The end of the file is missing, as of a download that broke off.
  fs.writeFileSync(home.file("work.ics"), calendarOf(...dentist).split("END:VEVENT")[0] ?? "");
  expect(await keep(home)).toEqual({ ...nothing, gone: 1 });
  expect(await contents(home)).toEqual(["Dentist"]);
});

test("K18 what the owner forgot or changed of a calendar stays as they left it; undo takes back what was kept", async () => {
  await using home = await calendarHome();
  const fair = event("fair", "Fair", "20260328T090000Z");
  home.put(dentist, fair);
  await keep(home, owner);
  await home.own("history.undo", {});
  expect(await kept(home)).toEqual([]);
  expect(await keep(home)).toEqual({ ...nothing, added: 2 });
  const [first, second] = await kept(home);
  await forget(home, first?.id);
  await home.own("memory.edit", { id: second?.id ?? "", text: "Fair, with Sarah" });
  expect(await keep(home)).toEqual({ ...nothing, refused: 2 });
  home.put();
  expect(await keep(home)).toEqual(nothing);
  expect(await contents(home)).toEqual(["Fair, with Sarah"]);
});

test("H26 an event that stands in two calendars is kept once", async () => {
  await using home = await calendarHome();
  home.put(dentist);
  fs.writeFileSync(home.file("home.ics"), calendarOf(...dentist));
  expect(await keep(home)).toEqual({ ...nothing, added: 1 });
  expect(await keep(home)).toEqual({ ...nothing, same: 1 });
});

test("H26 who knows the id of an event takes nothing of it away by a calendar of their own", async () => {
  await using home = await calendarHome();
  await setCalendars(home, [
    { name: "home", file: "home.ics" },
    { name: "work", file: "work.ics" },
  ]);
  home.put(dentist);
  await keep(home);
  fs.writeFileSync(home.file("home.ics"), calendarOf(...event("dentist", "Cancelled, call Eve", "20260401T090000Z")));
  expect(await keep(home)).toEqual({ ...nothing, added: 1, same: 1 });
  expect((await contents(home)).toSorted()).toEqual(["Cancelled, call Eve", "Dentist"]);
});

test("H26 an occurrence that was moved stays where it can no longer be read", async () => {
  await using home = await calendarHome();
  const weekly = event("stand-up", "Stand-up", "20260303T090000Z", "RRULE:FREQ=WEEKLY;COUNT=6");
  const moved = (start: string) => event("stand-up", "Stand-up, in town", start, "RECURRENCE-ID:20260310T090000Z");
  home.put(weekly, moved("20260311T090000Z"));
  await keep(home);
  const before = await contents(home);
  expect(before).toContain("Stand-up, in town");
  home.put(weekly, moved("tomorrow"));
  expect((await keep(home)).gone).toBe(0);
  expect(await contents(home)).toEqual(before);
});

test("H26 an event that was merged into another one is kept again once it is moved, and not before", async () => {
  await using home = await calendarHome();
  const lunch = (uid: string, start: string) => event(uid, "Lunch with Tom", start);
  home.put(lunch("one", "20260305T110000Z"), lunch("two", "20260305T110000Z"));
  expect(await keep(home)).toEqual({ ...nothing, added: 2 });
  expect((await home.own("memory.consolidate", {})).merged).toHaveLength(1);
  expect(await kept(home)).toHaveLength(1);
  expect(await keep(home)).toEqual({ ...nothing, same: 2 });
  const [{ externalId: stays = "" } = {}] = await kept(home);
  const moved = stays === "one" ? "two" : "one";
  home.put(lunch(stays, "20260305T110000Z"), lunch(moved, "20260306T110000Z"));
  expect(await keep(home)).toEqual({ ...nothing, added: 1, same: 1 });
  expect(await keep(home)).toEqual({ ...nothing, same: 2 });
  const days = (await kept(home)).map(({ externalId, eventAt }) => [externalId, eventAt[0]?.from.slice(0, 10)]);
  expect(days.toSorted()).toEqual(
    [
      [stays, "2026-03-05"],
      [moved, "2026-03-06"],
    ].toSorted(),
  );
});
