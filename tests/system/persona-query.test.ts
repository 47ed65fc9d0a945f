import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

async function makeKnownHome() {
  const home = await makeHost();
  home.clock.set("2026-03-06T18:00:00Z");
  const write = (section: "persona" | "values" | "routines" | "relationships" | "decision-rules", text: string) =>
    home.own("persona.update", { section, text });
  await write("persona", "I am an engineer.\nAnswer me briefly.");
  await write("values", "- Family before work\n- Calm before speed");
  await write("relationships", "- Saz: my oldest friend\n- Thomas: my landlord");
  await write("routines", "- Sailing {when: weekend}\n- Cook together {when: fri evening}");
  await write(
    "decision-rules",
    "- Say yes to a call {with Sarah Chen}\n- No call at lunch {when mon-fri 12:00-14:00}\n- Never lend money {hard}",
  );
  await home.own("goal.add", { title: "Ship the cost sheet", horizon: "short" });
  await home.own("task.add", { title: "Write it", goal: "ship" });
  await home.own("fact.add", { subject: "Sarah Chen", predicate: "nickname", object: "Saz" });
  await home.own("fact.add", { subject: "Sarah Chen", predicate: "works-at", object: "Lindau Energie" });
  await home.own("memory.capture", { text: "Met Sarah Chen about the roof" });
  await home.own("memory.prefer", { text: "Friday evenings are for cooking" });
  return home;
}

test("H6 what bears on a situation comes from every part of who the owner is, each with its source, what bears most first", async () => {
  await using home = await makeKnownHome();
  const { bearings } = await home.own("persona.query", {
    situation: "Sarah Chen asks for a call about the cost sheet on Friday evening",
  });
  expect(bearings.map(({ kind, source }) => `${kind} ${source.replace(/memory:.*/, "memory")}`)).toEqual(
    expect.arrayContaining([
      "rule persona/decision-rules.md:1",
      "relationship persona/relationships.md:1",
      "goal persona/goals.md:3",
      "routine persona/routines.md:2",
      "person memory",
      "preference memory",
    ]),
  );
  const texts = bearings.map(({ text }) => text);
  expect(bearings[0]).toMatchObject({
    kind: "rule",
    text: "Say yes to a call",
    why: expect.stringContaining("Sarah Chen"),
  });
  expect(texts).toContain("Ship the cost sheet (short, 0 % done)");
  expect(texts).toContain("Sarah Chen — works-at: Lindau Energie");
  for (const other of ["No call at lunch", "Thomas: my landlord", "Never lend money", "Sailing, weekend"])
    expect(texts).not.toContain(other);
  expect(bearings.map(({ score }) => score)).toEqual(bearings.map(({ score }) => score).toSorted((a, b) => b - a));
  for (const { kind, source, text } of bearings.filter((each) => each.kind === "person")) {
    const { memory } = await home.own<{ memory: { content: string } }>("memory.show", {
      id: source.replace("memory:", ""),
    });
    expect([kind, memory.content]).toEqual(["person", text]);
  }
});

test("H6 somebody is known by an alias; a rule for another time or somebody else bears on nothing", async () => {
  await using home = await makeKnownHome();
  const about = async (situation: string) =>
    (await home.own("persona.query", { situation })).bearings.map(({ text }) => text);
  expect(await about("Saz wants to talk")).toEqual(
    expect.arrayContaining(["Say yes to a call", "Saz: my oldest friend"]),
  );
  expect(await about("Thomas wants a call")).toEqual(expect.not.arrayContaining(["Say yes to a call"]));
  home.clock.set("2026-03-09T12:30:00Z");
  expect(await about("A call now?")).toContain("No call at lunch");
  expect(await about("xyzzy")).not.toContain("Family before work");
});

test("H6 somebody is known by a part of a name, all of one name where they are few, and no half of a word", async () => {
  await using home = await makeKnownHome();
  await home.own("memory.capture", { text: "Met Thomas Chen about the boiler" });
  const about = async (situation: string) =>
    (await home.own("persona.query", { situation })).bearings.map(({ text }) => text);
  expect(await about("Sarah wants to talk")).toEqual(
    expect.arrayContaining(["Say yes to a call", "Sarah Chen — works-at: Lindau Energie"]),
  );
  expect(await about("Dinner at Chen's")).toContain("Sarah Chen — works-at: Lindau Energie");
  for (const other of ["Sar wants to talk", "Thomas Chen wants to talk"])
    expect(await about(other)).not.toContain("Say yes to a call");
});

test("H13 a decision keeps what of the owner bore on it; nobody else who asked learns it", async () => {
  await using home = await makeKnownHome();
  const options = [{ name: "call" }, { name: "mail" }];
  const made = await home.own("decision.make", { situation: "Saz wants to talk", options });
  expect(made.bearings?.map(({ text }) => text)).toContain("Say yes to a call");
  const mailer = agent("email-monitor");
  for (const skill of ["decision.make", "decision.explain"]) await home.own("grant.give", { principal: mailer, skill });
  const asked = await home.act(mailer, "decision.make", { situation: "Saz wants to talk", options });
  expect(asked).toMatchObject({ status: "done", value: expect.not.objectContaining({ bearings: expect.anything() }) });
  const explained = await home.act(mailer, "decision.explain", { id: asked.id });
  expect(explained).toMatchObject({
    status: "done",
    value: expect.not.objectContaining({ bearings: expect.anything() }),
  });
  expect((await home.act(owner, "decision.explain", { id: asked.id })) as object).toMatchObject({
    value: { bearings: expect.anything() },
  });
  expect(await home.act(mailer, "persona.query", { situation: "Saz" })).toMatchObject({ status: "denied" });
});

test("H6 a name with a hyphen, an apostrophe or a dot is found in a rule, a relationship and a decision", async () => {
  await using home = await makeHost();
  await home.own("persona.update", { section: "relationships", text: "- Anne-Marie O'Neil Jr.: my oldest friend" });
  await home.own("persona.update", {
    section: "decision-rules",
    text: "- Say yes to a call {with Anne-Marie O'Neil Jr.}\n- Hang up {with !?}",
  });
  await home.own("fact.add", { subject: "Annie", predicate: "nickname", object: "Anne-Marie O'Neil Jr." });
  const situation = "Anne-Marie O'Neil Jr. wants to talk";
  const { bearings } = await home.own("persona.query", { situation });
  const texts = bearings.map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining(["Say yes to a call", "Anne-Marie O'Neil Jr.: my oldest friend"]));
  expect(texts).not.toContain("Hang up");
  const made = await home.own("decision.make", { situation, options: [{ name: "call" }, { name: "hang" }] });
  expect(made.options.find(({ name }) => name === "call")?.score).toBeGreaterThan(
    made.options.find(({ name }) => name === "hang")?.score ?? Number.NaN,
  );
});

test("H6 a situation is met in other forms of its words and by short ones, not by common ones", async () => {
  await using home = await makeHost();
  await home.own("persona.update", {
    section: "goals",
    text: "- Run a marathon\n- Bring the TV home\n- Der Umzug im Mai\n",
  });
  await home.own("persona.update", { section: "values", text: "- Written words before calls\n- My house is my own" });
  const met = async (situation: string) =>
    (await home.own("persona.query", { situation })).bearings.map(({ text }) => text.replace(/ \(.*/, ""));
  expect(await met("running")).toEqual(["Run a marathon"]);
  expect(await met("He ran every day")).toEqual(["Run a marathon"]);
  expect(await met("A new tv?")).toEqual(["Bring the TV home"]);
  expect(await met("Should I write?")).toEqual(["Written words before calls"]);
  expect(await met("Wann sind die Umzüge?")).toEqual(["Der Umzug im Mai"]);
  expect(await met("my own the is a")).toEqual(["My house is my own"]);
  expect(await met("Wo ist der im?")).toEqual([]);
});
