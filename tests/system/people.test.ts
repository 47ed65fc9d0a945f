import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { doReady } from "../support/do-ready.ts";

test("H6 the last contact with somebody is the latest mail, past event or meeting, by the memory that says so", async () => {
  await using home = await makeHost();
  home.clock.set("2026-03-10T12:00:00Z");
  const person = { name: "Sarah Chen", kind: "person" as const };
  const took = async (source: string, at: string, more: Record<string, unknown> = {}) =>
    await home.own<{ ids: string[] }>("memory.import", {
      from: source,
      source,
      items: [{ externalId: at, content: "The cost sheet", source, at, entities: [person], tags: [], ...more }],
    });
  const card = async (name = "Sarah Chen") => await home.own("memory.about", { name });
  expect((await card()).lastContact).toBeNull();
  await home.own("memory.capture", { text: "Sarah Chen might like the new roof #roof" });
  expect((await card()).lastContact).toBeNull();
  await home.own("memory.capture", { text: "Met with Sarah Chen about the roof #roof", at: "2026-03-01T10:00:00Z" });
  expect((await card()).lastContact).toMatchObject({ how: "told", at: "2026-03-01T10:00:00.000Z" });
  await took("mail", "2026-03-05T08:00:00Z", {
    speaker: "Sarah Chen",
    origin: "mail:sarah@lindau.example",
    tags: ["mail"],
  });
  expect((await card()).lastContact).toMatchObject({ how: "mail", at: "2026-03-05T08:00:00.000Z" });
  const event = (from: string, to: string) => ({ eventAt: [{ from, to, text: "then", grain: "minute" }] });
  await took("calendar", "2026-03-20T09:00:00Z", event("2026-03-20T09:00:00Z", "2026-03-20T10:00:00Z"));
  expect((await card()).lastContact).toMatchObject({ how: "mail" });
  await took("calendar", "2026-03-09T09:00:00Z", event("2026-03-09T09:00:00Z", "2026-03-09T10:00:00Z"));
  const { lastContact, topics } = await card();
  expect(lastContact).toMatchObject({ how: "calendar", at: expect.stringMatching(/^2026-03-09T09:00/) });
  expect(topics).toEqual(expect.arrayContaining([{ name: "roof", times: 2 }]));
  // By another name it is the same; and what is forgotten is no contact any more.
  await home.own("fact.add", { subject: "Sarah Chen", predicate: "nickname", object: "Saz" });
  expect((await card("Saz")).lastContact).toEqual(lastContact);
  expect((await home.own("relationship.list", { name: "Sarah Chen" })).people[0]?.lastContact).toEqual(lastContact);
  await doReady(home, "memory.forget", { args: { id: lastContact?.memory ?? "" } });
  expect((await card()).lastContact).toMatchObject({ how: "mail" });
});

test("H6 a plan to call somebody is no contact; a name is found however its letters are written", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "I must call Özlem Aydın and write to her #roof" });
  await home.own("memory.import", {
    from: "notes",
    source: "notes",
    items: [
      {
        externalId: "1",
        content: "Must visit Özlem",
        source: "notes",
        at: "2026-03-01T08:00:00Z",
        entities: [{ name: "Özlem", kind: "person" }],
        tags: [],
      },
    ],
  });
  expect((await home.own("relationship.list", { name: "ÖZLEM" })).people).toMatchObject([
    { name: "Özlem", lastContact: null },
  ]);
});

test("H6 somebody named seldom and somebody named often are both found by their last contact", async () => {
  await using home = await makeHost();
  home.clock.set("2026-03-10T12:00:00Z");
  const often = { name: "Mira", kind: "person" as const };
  const seldom = { name: "Tom", kind: "person" as const };
  const minute = (n: number) => new Date(Date.parse("2026-03-01T00:00:00Z") + n * 60_000).toISOString();
  const items = Array.from({ length: 2_100 }, (_, n) => ({
    ...{ externalId: String(n), content: `Met, number ${n}`, source: "notes", at: minute(n), tags: [] },
    entities: n === 7 ? [often, seldom] : [often],
  }));
  for (let from = 0; from < items.length; from += 300)
    await home.own("memory.import", { from: "notes", source: "notes", items: items.slice(from, from + 300) });
  const { people } = await home.own("relationship.list", {});
  expect(people.map(({ name, lastContact }) => [name, lastContact?.at])).toEqual([
    ["Mira", minute(2_099)],
    ["Tom", minute(7)],
  ]);
});

test("H6 somebody is found by a whole part of a name or an alias; where several have it, the error names them", async () => {
  await using home = await makeHost();
  const entities = (...names: string[]) => names.map((name) => ({ name, kind: "person" as const }));
  await home.own("memory.import", {
    from: "notes",
    source: "notes",
    items: [
      {
        externalId: "1",
        content: "One",
        source: "notes",
        at: "2026-03-01T08:00:00Z",
        tags: [],
        entities: entities("Sarah Lindau", "Anne-Marie Özdemir"),
      },
      {
        externalId: "2",
        content: "Two",
        source: "notes",
        at: "2026-03-02T08:00:00Z",
        tags: [],
        entities: entities("Sarahs Cafe", "Tom Berg", "Tom Aydın", "Tom"),
      },
    ],
  });
  await home.own("fact.add", { subject: "Sarah Lindau", predicate: "nickname", object: "Captain Saz" });
  const about = async (name: string) => (await home.own("memory.about", { name })).name;
  expect(await about("sarah")).toBe("Sarah Lindau");
  expect(await about("Lindau")).toBe("Sarah Lindau");
  expect(await about("marie ozdemir")).toBe("marie ozdemir");
  expect(await about("Marie Özdemir")).toBe("Anne-Marie Özdemir");
  expect((await home.own("memory.about", { name: "Saz" })).aliases).toContain("Sarah Lindau");
  // Who bears just that name is meant by it, and nobody by half a word.
  expect(await about("Tom")).toBe("Tom");
  expect(await home.own("memory.about", { name: "Sara" })).toMatchObject({ name: "Sara", mentions: 0 });
  expect((await home.own("relationship.show", { name: "Sarah" })).relationships).toMatchObject([
    { other: "Captain Saz" },
  ]);
  await home.own("memory.capture", { text: "Met Mira Berg" });
  for (const skill of ["memory.about", "relationship.show", "relationship.reach"])
    expect(await home.act("owner", skill, { name: "Berg" })).toMatchObject({
      fault: { code: "args.invalid", message: expect.stringMatching(/Mira Berg, Tom Berg.*Say which/) },
    });
  const { people } = await home.own("relationship.list", { name: "Berg" });
  expect(people.map(({ name }) => name).sort()).toEqual(["Mira Berg", "Tom Berg"]);
});

test("H6 a meeting that a calendar was kept with is a contact, as one of a calendar's file is", async () => {
  await using home = await makeHost();
  home.clock.set("2026-03-10T12:00:00Z");
  const entities = [{ name: "Sarah Chen", kind: "person" as const }];
  const took = async (source: string, day: string) =>
    await home.own("memory.import", {
      ...{ from: source, source },
      items: [
        {
          ...{ externalId: day, content: "Roof", source, at: "2026-02-01T08:00:00Z", entities, tags: [] },
          eventAt: [{ from: `${day}T09:00:00Z`, to: `${day}T10:00:00Z`, text: "then", grain: "minute" as const }],
        },
      ],
    });
  const contact = async () => (await home.own("memory.about", { name: "Sarah Chen" })).lastContact;
  await took("calendar", "2026-03-04");
  expect(await contact()).toMatchObject({ how: "calendar", at: expect.stringMatching(/^2026-03-04/) });
  await took("calendar:work", "2026-03-09");
  expect(await contact()).toMatchObject({ how: "calendar", at: expect.stringMatching(/^2026-03-09/) });
});
