import { startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { expect, test } from "vitest";
import { ada, parked, phoneHome, until } from "../support/phone-home.ts";

const settingsFor = (url: string) => `models: { use: [{ name: local, kind: ollama, model: scripted, url: "${url}" }] }`;

test("H25 what is typed is kept by /note, searched without a model, and answered in the chat that goes on", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  telegram.types(ada, "/note The boiler code is E-117");
  await phone.hears("Kept.");
  telegram.types(ada, "What is the boiler code?");
  const answer = await phone.hears("Your memories hold");
  expect(answer.text).toContain("E-117");
  telegram.types(ada, "And the one before?");
  await until(() => expect(telegram.chat(ada).filter(({ text }) => text.includes("No model"))).toHaveLength(2));
  telegram.types(ada, "/new What is new?");
  await until(() => expect(telegram.chat(ada).filter(({ text }) => text.includes("No model"))).toHaveLength(3));
  const { chats } = await home.own("chat.list", {});
  const messages = await Promise.all(chats.map(({ id }) => home.own("chat.show", { chat: id })));
  const said = messages.map((chat) => chat.messages.filter(({ by }) => by === "owner").map(({ text }) => text));
  expect(said.sort((a, b) => a.length - b.length)).toEqual([
    ["What is new?"],
    ["What is the boiler code?", "And the one before?"],
  ]);
});

test("H25 an answer is shown while it is written, in one message that is edited now and then", async () => {
  await using scripted = await startScriptedModels();
  await using phone = await phoneHome({ settings: settingsFor(scripted.url) });
  const { telegram } = phone;
  await phone.listen();
  await phone.pair();
  const pieces = Array.from({ length: 400 }, (_, n) => ({ text: `word${n} ` }));
  scripted.script = () => ({ pieces, usage: { input: 1, output: 400 } });
  telegram.types(ada, "Tell me a story");
  const message = await phone.hears("word399");
  // Once when it begins, and then no more than every two seconds: never with each word.
  expect(message.texts.length).toBeLessThan(20);
  expect(message.live).toEqual([]);
});

test("H25 a call of the chat's waits, is approved from the phone and finished; the log says what was done, not the model", async () => {
  await using scripted = await startScriptedModels();
  await using phone = await phoneHome({ settings: settingsFor(scripted.url) });
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  const tasks = async () => (await home.own("task.list", {})).tasks.map(({ title }) => title);
  telegram.types(ada, '[calls] task_add {"title":"Buy tea"}');
  await phone.hears("Waits for you: task.add");
  const card = await phone.hears("asked by: module:chat");
  expect([card.text.includes("argument title: Buy tea"), await tasks()]).toEqual([true, []]);
  telegram.presses(ada, "Approve");
  await phone.hears("approved, and done");
  expect(await tasks()).toEqual(["Buy tea"]);
  telegram.types(ada, '/new [calls] task_add {"title":"Buy milk"}');
  await phone.hears("Done, says the log: task.add");
  expect(await tasks()).toEqual(["Buy tea", "Buy milk"]);
  // The model claims what it did not do: only the log's own line says what was done.
  telegram.types(ada, "/new [lies]");
  const lie = await phone.hears("I have sent the mail to Sarah");
  expect(lie.text).not.toContain("says the log");
});

test("H25 an answer longer than a message comes whole, in as many as it takes", async () => {
  await using scripted = await startScriptedModels();
  await using phone = await phoneHome({ settings: settingsFor(scripted.url) });
  const { telegram } = phone;
  await phone.listen();
  await phone.pair();
  const words = Array.from({ length: 3_000 }, (_, n) => `w${n}`).join(" ");
  scripted.script = () => ({ pieces: [{ text: words }], usage: { input: 1, output: 3_000 } });
  telegram.types(ada, "Go on");
  await phone.hears("w2999");
  const parts = telegram.chat(ada).slice(1);
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.map(({ text }) => text.replace(/^\(\d+\/\d+\) /, "").trim()).join(" ")).toBe(words);
});

test("H25 a request longer than a message comes whole, and its buttons stand under the last part", async () => {
  await using phone = await phoneHome();
  const { telegram } = phone;
  await phone.listen();
  await phone.pair();
  const text = Array.from({ length: 2_000 }, (_, n) => `item${n}`).join(" ");
  await parked(phone, text);
  await phone.hears("item1999");
  await until(() => expect(telegram.chat(ada).at(-1)?.buttons).toHaveLength(3));
  const parts = telegram.chat(ada).slice(1);
  expect(parts.map(({ buttons }) => buttons.length)).toEqual([...parts.slice(1).map(() => 0), 3]);
  const whole = parts.map((part) => part.text.replace(/^\(\d+\/\d+\) /, "").trim()).join(" ");
  expect(whole).toContain(text);
});

test("H25 a viewer's phone looks on: what it types changes nothing, and no request comes to it", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair("viewer");
  telegram.types(ada, "/note Something");
  await phone.hears("Denied: A device that only looks changes nothing");
  await parked(phone, "tea");
  telegram.types(ada, "/approvals");
  await phone.hears("One request waits for you.");
  expect(telegram.chat(ada).some(({ text }) => text.includes("APPROVAL REQUEST"))).toBe(false);
  expect((await home.own("memory.list", {})).memories).toEqual([]);
});
