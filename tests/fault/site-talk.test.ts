// The Chat page while something is said: begun here, in another tab, by a terminal, and through a lost connection.
import { owner } from "@mh/contract/values/principal.ts";
import { expect } from "vitest";
import { calls, inTurn, says } from "../support/chat-home.ts";
import { chatPage } from "../support/chat-page.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { live, phone } from "../support/site-browser.ts";
import { slowWork } from "../support/slow-skill.ts";

/** A chat whose model works until the test says that the work is done. */
async function workingChat(options = {}) {
  const work = slowWork();
  const chat = await chatPage(browser, options, { skills: [work.skill] });
  await chat.home.own("grant.give", { principal: "module:chat", skill: "slow.work" });
  const step = { text: "I begin with the dishes." };
  chat.scripted.script = inTurn(
    { ...says(), pieces: [step, { call: "slow_work", args: '{"name":"dishes"}' }] },
    says("The dishes are done."),
    says("And the floor."),
  );
  return Object.assign(chat, { work });
}

inBrowser(
  "H24 a turn that works is shown in its place wherever it was begun; two tabs and a terminal agree",
  async () => {
    await using chat = await workingChat();
    const { page, work, home } = chat;
    const { id } = await home.own("chat.start", {});
    await page.goto(`${chat.url}/chat?id=${id}`);
    await live(page);
    const other = await chat.visit(`/chat?id=${id}`);
    // As a terminal does.
    const run = home.host.begin({
      principal: owner,
      skill: "chat.say",
      args: { chat: id, text: "Do the work: dishes" },
    });
    for (const tab of [page, other.page]) {
      await tab.locator(".run-head", { hasText: "Using slow.work" }).waitFor();
      const thread = (await tab.locator(".thread").textContent()) ?? "";
      expect(thread.indexOf("I begin with the dishes.")).toBeLessThan(thread.lastIndexOf("slow.work"));
      await tab.locator(".run-head", { hasText: /\d s.*tokens? spent.*left today/s }).waitFor();
    }
    work.finish("dishes");
    await run.outcome;
    for (const tab of [page, other.page]) {
      await tab.locator(".reply .by-log").waitFor();
      await expect.poll(() => tab.locator(".working").count()).toBe(0);
      await expect.poll(() => tab.locator(".said").allTextContents()).toEqual(["You: Do the work: dishes"]);
      await expect.poll(() => tab.locator(".reply").count()).toBe(1);
      // Text that came before the call stays before it, and the answer after it.
      const thread = (await tab.locator(".reply").textContent()) ?? "";
      const order = ["I begin with the dishes.", "slow.work", "The dishes are done."].map((part) =>
        thread.indexOf(part),
      );
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
    await page.locator(".tool-open").click();
    expect(await page.locator(".tool .args").textContent()).toMatch(/name\s*dishes/);
    expect([...chat.complaints, ...other.complaints]).toEqual([]);
  },
);

inBrowser("H24 a lost connection in the middle of an answer doubles nothing and loses nothing", async () => {
  await using chat = await workingChat();
  const { page, work, home } = chat;
  await chat.say("Do the work: dishes");
  await page.locator(".run-head", { hasText: "Using slow.work" }).waitFor();
  await chat.lose();
  await page.locator('.app[data-connection="lost"]').waitFor();
  await page.getByText("Kept in this browser until mh is back").waitFor();
  await chat.field.fill("Kept");
  await page.getByRole("button", { name: "Steer", disabled: true }).waitFor();
  work.finish("dishes");
  const id = chat.shown();
  await expect.poll(async () => (await home.own("chat.show", { chat: id })).messages.length).toBe(2);
  await chat.comeBack();
  await page.locator(".reply[id]", { hasText: "The dishes are done." }).waitFor();
  await expect.poll(() => page.locator(".working").count()).toBe(0);
  await expect.poll(() => page.locator(".said").allTextContents()).toEqual(["You: Do the work: dishes"]);
  await expect.poll(() => page.locator(".reply").count()).toBe(1);
  expect((await home.own("chat.show", { chat: id })).messages).toHaveLength(2);
  // The draft outlives a reload.
  await page.reload();
  await expect.poll(() => chat.field.inputValue()).toBe("Kept");
});

inBrowser(
  "H24 what was queued is said when the turn is over, though the reading that would show it is overtaken",
  async () => {
    await using chat = await workingChat();
    const { page, work, home } = chat;
    await chat.say("Do the work: dishes");
    await work.began("dishes");
    await page.locator(".run-head", { hasText: "Using slow.work" }).waitFor();
    await page.getByRole("textbox").first().fill("The floor comes next");
    await page.getByRole("button", { name: "Queue" }).click();
    // Something of the chat changes while the page reads it, again and again: each reading is overtaken by another one.
    const id = chat.shown();
    let begun = 0;
    await page.route("**/v1/command", async (route) => {
      if ((route.request().postDataJSON() as { skill: string }).skill !== "chat.show") return route.continue();
      const own = ++begun;
      const response = await route.fetch();
      if (own < 9) await home.own("chat.rename", { chat: id, title: `Dishes ${own}` });
      if (own < 9) await expect.poll(() => begun).toBeGreaterThan(own);
      await route.fulfill({ response });
    });
    work.finish("dishes");
    await page.locator(".reply[id]", { hasText: "And the floor." }).waitFor();
  },
);

inBrowser("H24 while it works steer, queue and stop are three things, and what waited comes back", async () => {
  await using chat = await workingChat();
  const { page, work, home, field } = chat;
  await chat.say("Do the work: dishes");
  await work.began("dishes");
  await page.locator(".run-head", { hasText: "Using slow.work" }).waitFor();
  const working = page.getByRole("textbox");
  await working.first().fill("The floor comes next");
  await page.getByRole("button", { name: "Queue" }).click();
  await working.first().fill("Gently, please");
  await page.getByRole("button", { name: "Steer" }).click();
  const id = chat.shown();
  await expect.poll(async () => (await home.own("chat.show", { chat: id })).messages.length).toBe(2);
  work.finish("dishes");
  await page.locator(".reply[id]", { hasText: "And the floor." }).waitFor();
  const { messages } = await home.own("chat.show", { chat: id });
  expect(messages.map(({ text }) => text)).toEqual([
    ...["Do the work: dishes", "Gently, please", "The dishes are done.", "The floor comes next", "And the floor."],
  ]);
  expect(chat.scripted.asked.at(-2)?.messages.map(({ text }) => text)).toContain("Gently, please");
  // Escape ends it; what was queued is there to be said, or not; arrow up takes the last again.
  chat.scripted.script = () => ({ ...says("Once upon a time"), after: "hang" });
  await chat.say("Tell me a story");
  await page.locator(".working", { hasText: "Once upon a time" }).waitFor();
  await working.first().fill("And another");
  await page.getByRole("button", { name: "Queue" }).click();
  await working.first().press("Escape");
  await page.getByText("It was cut off here, and this is kept nowhere.").waitFor();
  await expect.poll(() => field.inputValue()).toBe("And another");
  await field.fill("");
  await field.press("ArrowUp");
  await expect.poll(() => field.inputValue()).toBe("Tell me a story");
  chat.scripted.script = () => says("There was a plant.");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.locator(".reply[id]", { hasText: "There was a plant." }).waitFor();
  await expect.poll(() => page.locator(".said", { hasText: "Tell me a story" }).count()).toBe(1);
});

inBrowser("K2 STOP ends an answer that is written, and the page says how it goes on", async () => {
  await using chat = await chatPage(browser);
  chat.scripted.script = () => ({ ...says("Once upon a time"), after: "hang" });
  await chat.say("Tell me a story");
  await chat.page.locator(".working", { hasText: "Once upon a time" }).waitFor();
  await chat.page.getByRole("button", { name: "STOP", exact: true }).click();
  await expect.poll(() => chat.scripted.open).toBe(0);
  await chat.page.getByText("STOP ended the answer").waitFor();
  await expect.poll(() => chat.page.locator(".working").count()).toBe(0);
  await chat.page.getByText("It was cut off here, and this is kept nowhere.").waitFor();
});

inBrowser(
  "K16 what an answer asks for is approved in its place, and goes on by itself; the focus stays where it was",
  async () => {
    await using chat = await chatPage(browser, phone);
    const { page, home } = chat;
    // As the daemon does.
    const service = home.host.services.find(({ name }) => name === "chat");
    await using _running = await service?.start();
    const line = { text: "hello", to: "bob@new.example", effect: "write" };
    chat.scripted.script = inTurn(calls(["outbox_append", line]), says("It waits for you."), says("It is there now."));
    await chat.say("Append hello to the outbox, for bob@new.example");
    const card = page.locator(".thread .card");
    await card.getByText("bob@new.example").first().waitFor();
    expect(await page.evaluate("document.activeElement.tagName")).toBe("TEXTAREA");
    await page.getByText("By the log: nothing was changed or sent; 1 not done.", { exact: true }).waitFor();
    // Neither deaf nor leading to what is still to be read.
    const approve = card.locator('.acts .btn-main:not(.btn-wait)[aria-disabled="false"]');
    // What decides has to have been on the screen.
    for (const value of await card.locator(".values > div").all()) await value.scrollIntoViewIfNeeded();
    await approve.tap();
    await page.locator(".reply[id]", { hasText: "It is there now." }).waitFor();
    await expect.poll(() => page.locator(".thread .card").count()).toBe(0);
    await page.locator(".tool", { hasText: "outbox.append" }).getByText("Done").waitFor();
    expect((await home.own("approval.list", {})).approvals).toHaveLength(0);
  },
);

inBrowser("H19 without a model the page says so, and answers from memory with its source", async () => {
  await using chat = await chatPage(browser);
  await chat.home.own("memory.capture", { text: "The spare key hangs behind the blue door" });
  await chat.models({ use: [] });
  await chat.page.getByText("No model: it answers from memory").waitFor();
  await chat.say("Where is the spare key?");
  await chat.page.getByText("No model here. This is a template answer.").waitFor();
  await chat.page.locator(".reply .ref").first().waitFor();
  expect(await chat.page.locator(".reply").textContent()).toContain("The spare key hangs behind the blue door");
});
