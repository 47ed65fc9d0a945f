import type { ValueFor } from "@mh/contract/contracts.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { expect, test } from "vitest";
import { type ChatHome, calls, chatHome, inTurn, says } from "../support/chat-home.ts";
import { forget } from "../support/forget.ts";

const shown = async ({ home, chat }: ChatHome, more: object = {}): Promise<ValueFor<"chat.show">> =>
  home.own("chat.show", { chat, ...more });

test("P14 each sentence of an answer that rests on a memory says so, named by its id or not", async () => {
  await using made = await chatHome();
  const { home, scripted } = made;
  const { id } = await home.own("memory.capture", { text: "Sarah moves to Lisbon in March" });
  const { id: other } = await home.own("memory.capture", { text: "She wants the evaluation set frozen for two weeks" });
  const answer = `She moves to Lisbon. [${id.slice(-8)}] She wants the evaluation set frozen for now. Ask her (id ${other}, and Tom)!`;
  scripted.script = inTurn(calls(["memory_search", { q: "Sarah Lisbon evaluation" }]), says(answer));
  const said = await made.say("Where does Sarah move?");
  const sentences = said.citations.map(({ from, to, markFrom, markTo, sources, isNamed }) => ({
    ...{ text: answer.slice(from, to), mark: answer.slice(markFrom, markTo), sources, isNamed },
  }));
  expect(sentences).toEqual([
    { text: `She moves to Lisbon. [${id.slice(-8)}]`, mark: ` [${id.slice(-8)}]`, sources: [id], isNamed: true },
    { text: "She wants the evaluation set frozen for now.", mark: "", sources: [other], isNamed: false },
    { text: `Ask her (id ${other}, and Tom)!`, mark: other, sources: [other], isNamed: true },
  ]);
  const { messages } = await shown(made);
  expect(messages.at(-1)).toMatchObject({ citations: said.citations, model: "local", end: "answered" });
  // A memory that is forgotten is no source any more.
  await forget(home, id);
  expect((await shown(made)).messages.at(-1)?.sources.map((source) => source.id)).toEqual([other]);
});

test("H24 an answer keeps what was written before each call, its exact arguments, and what it gave", async () => {
  await using made = await chatHome();
  const args = { title: "Water the plants", due: "2026-03-02" };
  made.scripted.script = inTurn(
    { ...says("One moment."), pieces: [{ text: "One moment." }, { call: "task_add", args: JSON.stringify(args) }] },
    calls(["task_list", {}]),
    says("Noted."),
  );
  await made.say("Add a task: Water the plants, on 2 March");
  const [, answer] = (await shown(made)).messages;
  const { steps = [] } = answer?.made ?? {};
  expect(steps.map(({ text, calls }) => [text, calls.map(({ skill, args, gave }) => [skill, args, gave])])).toEqual([
    ["One moment.", [["task.add", args, ""]]],
    ["", [["task.list", {}, "1 tasks"]]],
  ]);
  expect(answer?.acts.map(({ command }) => command)).toEqual(
    steps.flatMap((step) => step.calls.map(({ command }) => command)),
  );
});

test("K1 what a model saw is told by whose words it was, and adds up to what the model counted", async () => {
  await using made = await chatHome();
  await made.home.own("memory.capture", { text: "Sarah likes walnut cake" });
  made.scripted.script = inTurn(calls(["memory_search", { q: "cake" }]), {
    ...says("Walnut."),
    usage: { input: 3000, output: 7 },
  });
  const { made: how } = await made.say("Which cake does Sarah like?");
  expect(how.saw.map(({ what, origins }) => [what, origins])).toEqual(
    expect.arrayContaining([
      ["prompt", []],
      ["tools", []],
      ["owner", ["owner"]],
      ["memories", ["owner"]],
      ["results", []],
    ]),
  );
  const sum = how.saw.reduce((all, { tokens }) => all + tokens, 0);
  expect(Math.abs(sum - 3000)).toBeLessThan(10);
  expect(how).toMatchObject({ contextTokens: 8192, spent: { output: 14, minor: 0, currency: null } });
});

test("H24 a turn under way is shown by its run, with what it wrote and called", async () => {
  await using made = await chatHome();
  const { home, chat, scripted } = made;
  scripted.script = inTurn(calls(["task_list", {}]), () => ({ ...says("I begin"), after: "hang" }));
  const run = home.host.begin({ principal: owner, skill: "chat.say", args: { chat, text: "Go on for ever" } });
  await expect.poll(async () => (await shown(made)).underWay?.acts.at(-1)?.status).toBe("done");
  const { underWay } = await shown(made);
  expect(underWay).toMatchObject({ turn: run.id, doing: "", steps: [{ calls: [{ skill: "task.list" }] }] });
  run.cancel("You ended it");
  await run.outcome;
  expect(await shown(made)).toMatchObject({ underWay: null, unanswered: { end: "cut-off" } });
});

test("H24 an answer that a model failed to give, or would leave this machine for, is told of after a restart as well", async () => {
  await using made = await chatHome();
  made.scripted.script = () => ({ pieces: [], status: 500 });
  await made.say("Hello?");
  await made.home.reopen();
  const { unanswered } = await shown(made);
  expect(unanswered).toMatchObject({ end: "failed", acts: [] });
  expect(unanswered?.text).toMatch(/failed/);
});

test("H24 the end of a long chat is shown by itself, and what came before it page by page", async () => {
  await using made = await chatHome();
  for (const text of ["one", "two", "three"]) await made.say(text);
  const all = (await shown(made)).messages;
  const last = await shown(made, { limit: 2 });
  expect(last).toMatchObject({ earlier: 4, messages: all.slice(4) });
  const before = await shown(made, { limit: 3, before: last.messages[0]?.id });
  expect(before).toMatchObject({ earlier: 1, messages: all.slice(1, 4) });
});

test("H24 chats are pinned, named by their first line, and found by what was said in any of them", async () => {
  await using made = await chatHome();
  const { home, chat } = made;
  await made.say("The trip to Lisbon\nwith Sarah, in March");
  const { id: other } = await home.own("chat.start", {});
  await made.say("Something else", other);
  await home.own("chat.pin", { chat });
  const { chats } = await home.own("chat.list", {});
  expect(chats.map(({ id, title, isPinned }) => [id, title, isPinned])).toEqual([
    [chat, "The trip to Lisbon", true],
    [other, "Something else", false],
  ]);
  const { found } = await home.own("chat.search", { q: "sarah mar" });
  expect(found).toMatchObject([
    { chat, by: "owner", text: "The trip to Lisbon with Sarah, in March", origins: ["owner"] },
  ]);
  expect((await home.own("chat.search", { q: "lisbon" })).found.map(({ message }) => message !== null)).toEqual([
    false,
    true,
  ]);
  // What others file under a chat is no part of it; and no text is a query of its own.
  await home.own("chat.search", { q: '") OR ("' });
  await home.own("chat.pin", { chat, isPinned: false });
  expect((await home.own("chat.list", {})).chats.map(({ isPinned }) => isPinned)).toEqual([false, false]);
});
