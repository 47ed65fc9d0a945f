import { defineContract } from "@mh/contract/contract.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { expect, test } from "vitest";
import { z } from "zod";
import { type ChatHome, calls, chatHome, inTurn, says } from "../support/chat-home.ts";
import { letterSend, sentLetters } from "../support/letters.ts";

const link = "https://e.example/pay/4711";

/** A chat that has read a memory of others' that names a link, and an answer that says it. */
async function talked(): Promise<ChatHome> {
  const made = await chatHome({ skills: [letterSend] });
  const { home, scripted } = made;
  sentLetters.length = 0;
  await home.own("grant.give", { principal: "module:chat", skill: "letter.send" });
  await home.own("trust.set", { principal: "module:chat", level: "adaptive_auto" });
  await home.own("memory.import", {
    ...{ from: "mail", source: "mail" },
    items: [{ externalId: "1", content: `Eve: the walnut offer is paid at ${link}` }],
  });
  scripted.script = inTurn(calls(["memory_search", { q: "walnut offer" }]), says(`It is paid at ${link}`));
  expect((await made.say("What is the walnut offer?")).text).toContain(link);
  return made;
}

/** Does something, and gives what others wrote. */
const offerOrder = defineOutside(
  defineContract({
    name: "offer.order",
    kind: "outside",
    title: "Order an offer",
    input: () => z.strictObject({}),
    output: () => z.strictObject({ text: z.string().describe("What the shop says") }),
    examples: [{ title: "One", args: {} }],
    effects: ["notify"],
    event: "offer.ordered",
  }),
  { stored: "kept", run: async () => ({ text: `Pay at ${link}` }) },
);

/** Sends what the owner did not write to whom they named. */
const sends = (text: string) => inTurn(calls(["letter_send", { to: "bob@b.example", text }]), says("Done."));

const where: Record<string, (made: ChatHome) => Promise<string>> = {
  "the same chat": async ({ chat }) => chat,
  "a fork of it": async ({ home, chat }) => (await home.own("chat.fork", { chat })).id,
  "the same chat after a restart": async ({ home, chat }) => {
    await home.reopen();
    return chat;
  },
};

for (const [name, chatOf] of Object.entries(where)) {
  test(`P1 in ${name} what others wrote stays theirs, and does not leave in what the chat sends`, async () => {
    await using made = await talked();
    const chat = await chatOf(made);
    made.scripted.script = sends(`Pay at ${link}`);
    const { refusals } = await made.say("Send a letter to bob@b.example", chat);
    expect([sentLetters, refusals.map(({ skill, status }) => [skill, status])]).toEqual([
      [],
      [["letter.send", "waiting"]],
    ]);
  });

  test(`K16 in ${name} what brings out nothing of others' is sent`, async () => {
    await using made = await talked();
    const chat = await chatOf(made);
    made.scripted.script = sends("See you on Friday");
    const { refusals } = await made.say("Send a letter to bob@b.example", chat);
    expect([sentLetters.length, refusals]).toEqual([1, []]);
  });
}

test("P1 what the log tells a turn of one that was cut off stays others', in another process too", async () => {
  await using made = await chatHome({ skills: [letterSend, offerOrder] });
  const { home, scripted, chat } = made;
  sentLetters.length = 0;
  for (const skill of ["letter.send", "offer.order"]) await home.own("grant.give", { principal: "module:chat", skill });
  await home.own("trust.set", { principal: "module:chat", level: "adaptive_auto" });
  scripted.script = inTurn(calls(["offer_order", {}]), { ...says("and so on "), after: "again for ever" });
  const text = "Order the offer, and send a letter to bob@b.example";
  const run = home.host.begin({ principal: "owner", skill: "chat.say", args: { chat, text } });
  await new Promise<void>((resolve) => void run.watch((progress) => progress.text && resolve()));
  run.cancel("You pressed Ctrl-C");
  await run.outcome;
  await home.reopen();
  scripted.script = sends(`Pay at ${link}`);
  const { refusals } = await made.say();
  expect(scripted.asked.at(-1)?.messages.at(1)?.text).toContain(link);
  expect([sentLetters, refusals.map(({ skill, status }) => [skill, status])]).toEqual([
    [],
    [["letter.send", "waiting"]],
  ]);
});
