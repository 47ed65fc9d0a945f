import { owner } from "@mh/contract/values/principal.ts";
import { expect, test } from "vitest";
import { filesWith } from "../find-bytes.ts";
import { chatHome, says } from "../support/chat-home.ts";

test("H24 what was only asked in a chat answers nothing; what was stated there does", async () => {
  await using made = await chatHome();
  const { home } = made;
  await made.say("When does Sarah move to Lisbon?");
  await made.say("when does sarah move to lisbon");
  await made.say("Remember: Sarah moves to Lisbon in March. Is that so?");
  const { citations } = await home.own("memory.ask", { q: "When does Sarah move to Lisbon?" });
  expect(citations.map(({ content }) => content)).toEqual(["Remember: Sarah moves to Lisbon in March. Is that so?"]);
  // Search finds the words wherever they stand.
  const { hits } = await home.own("memory.search", { q: "Sarah Lisbon" });
  expect(hits.map(({ record }) => record.content)).toContain("When does Sarah move to Lisbon?");
  // What is no chat's is found as it stands.
  await home.own("memory.capture", { text: "Who painted the blue door?" });
  const asked = await home.own("memory.ask", { q: "Was there a question about the blue door?" });
  expect(asked.citations.map(({ content }) => content)).toEqual(["Who painted the blue door?"]);
});

test("H24 chats are listed by when they were last spoken in, each with what was said in it and before a fork", async () => {
  await using made = await chatHome();
  const { home, chat, clock } = { ...made, clock: made.home.clock };
  await made.say("One");
  const { answer } = await made.say("Two");
  clock.forward(60_000);
  const { id: fork } = await home.own("chat.fork", { chat });
  await made.say("Three", fork);
  clock.forward(60_000);
  const { id: empty } = await home.own("chat.start", {});
  const items = [{ externalId: "1", content: "Forged", session: `chat:${chat}` }];
  await home.own("memory.import", { source: "chat", from: "x", items });
  const { chats } = await home.own("chat.list", {});
  expect(chats.map(({ id, messages, title }) => [id, messages, title])).toEqual([
    [empty, 0, null],
    [fork, 6, "One"],
    [chat, 4, "One"],
  ]);
  expect((await home.own("chat.show", { chat })).messages.at(-1)?.id).toBe(answer);
  expect((await home.own("chat.list", { limit: 1 })).chats).toHaveLength(1);
});

test("H5 a chat is forgotten whole: its words, its name and what its commands kept are gone, and forks keep what is their own", async () => {
  await using made = await chatHome();
  const { home, chat, scripted } = made;
  scripted.script = () => says("The walnut vault it is.");
  await made.say("The code of the walnut vault is 47110815");
  await home.own("chat.rename", { chat, title: "Walnut vault" });
  const { id: fork } = await home.own("chat.fork", { chat });
  scripted.script = () => says("Fine.");
  await made.say("Something else", fork);
  const parked = await home.act(owner, "chat.forget", { chat });
  expect(parked.status).toBe("parked");
  const { hash, shown } = await home.own("approval.show", { id: parked.id });
  expect(JSON.stringify(shown)).not.toContain("47110815");
  expect(await home.approve(parked.id, hash)).toMatchObject({ status: "done", value: { id: chat, messages: 2 } });
  for (const words of ["47110815", "Walnut vault", "walnut vault it is"])
    expect([words, filesWith(home.root, words)]).toEqual([words, []]);
  expect((await home.own("chat.list", {})).chats.map(({ id }) => id)).toEqual([fork]);
  expect((await home.own("chat.show", { chat: fork })).messages.map(({ text }) => text)).toEqual([
    "Something else",
    "Fine.",
  ]);
  expect(await home.act(owner, "chat.show", { chat })).toMatchObject({ status: "failed" });
  await home.reopen();
  expect((await home.own("chat.list", {})).chats).toHaveLength(1);
});
