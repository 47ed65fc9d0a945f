import type { Page } from "playwright-core";
import { expect } from "vitest";
import { bankHome } from "../support/approvals-page.ts";
import { calls, inTurn, says } from "../support/chat-home.ts";
import { chatPage } from "../support/chat-page.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { barriersIn } from "../support/site-axe.ts";
import { signedIn } from "../support/site-browser.ts";
import { fillWhole } from "../support/site-full.ts";
import { fillRuns } from "../support/site-runs.ts";
import { cardScenes, everywhere, opened } from "../support/site-scenes.ts";
import { linkOf, upHome } from "../support/site-up.ts";

inBrowser("H22 nobody is kept out: no barrier on any page of an empty home", async () => {
  using mh = await upHome();
  await using visit = await signedIn(browser, linkOf(mh));
  expect(await barriersIn(visit.page, everywhere)).toEqual([]);
});

inBrowser("H22 nobody is kept out: no barrier on any page and part of a full home", async () => {
  using mh = await upHome((each) => {
    fillWhole(each);
    fillRuns(each);
  });
  await using visit = await signedIn(browser, linkOf(mh));
  expect(await barriersIn(visit.page, [...everywhere, ...opened])).toEqual([]);
});

inBrowser(
  "H22 nobody is kept out: no barrier in a card of any kind, nor in what a device sets up for itself",
  async () => {
    await using bank = await bankHome();
    const ids = {
      bill: await bank.withStrangeBill(),
      question: await bank.withQuestion(),
      plan: await bank.withPlan(),
    };
    await bank.withBatch();
    await using visit = await bank.visit(browser);
    await using own = await signedIn(browser, await bank.deviceLink());
    const found = await barriersIn(visit.page, cardScenes(ids));
    const setUp = { name: "this-device", path: "/settings?part=devices" };
    expect([...found, ...(await barriersIn(own.page, [setUp]))]).toEqual([]);
  },
);

inBrowser("H22 nobody is kept out: no barrier in a chat with a turn, a command and a request in it", async () => {
  await using chat = await chatPage(browser);
  const line = { text: "hello", to: "bob@new.example", effect: "write" };
  chat.scripted.script = inTurn(
    calls(["task_add", { title: "Water the plants" }]),
    says("Noted."),
    calls(["outbox_append", line]),
    says("For **Bob**.\n\n- It waits for you."),
  );
  await chat.say("Add a task: Water the plants");
  await chat.page.locator(".reply[id]", { hasText: "Noted." }).waitFor();
  await chat.say("Append hello to the outbox");
  await chat.page.locator(".thread .card .acts").waitFor();
  await chat.page.locator(".reply[id]", { hasText: "It waits for you" }).waitFor();
  const turn = { name: "chat-turn", path: `/chat?id=${chat.shown()}` };
  const saw = { ...turn, name: "chat-saw", open: (page: Page) => page.locator(".tool-open").first().click() };
  expect(await barriersIn(chat.page, [turn, saw])).toEqual([]);
});
