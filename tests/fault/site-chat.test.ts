import { expect } from "vitest";
import { calls, inTurn, says } from "../support/chat-home.ts";
import { chatPage } from "../support/chat-page.ts";
import { browser, inBrowser } from "../support/in-browser.ts";

inBrowser("H24 a chat in the browser is answered, shows what it did, and takes it back", async () => {
  await using chat = await chatPage(browser);
  const { page, home } = chat;
  chat.scripted.script = inTurn(calls(["task_add", { title: "Water the plants" }]), says("Noted: ", "the plants."));
  await chat.say("Add a task: Water the plants");
  await page.locator(".reply[id]", { hasText: "Noted: the plants." }).waitFor();
  const tool = page.locator(".tool", { hasText: "task.add" });
  await tool.getByText("Done").waitFor();
  await tool.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await home.own("task.list", {})).tasks).toHaveLength(0);
  // The chat has its first words as its title, and a name once it is given one.
  await page.getByRole("button", { name: /Rename: Add a task/ }).click();
  await page.getByLabel("Its name").fill("Plants");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Plants" }).waitFor();
  // What is said elsewhere shows here.
  const id = new URL(page.url()).searchParams.get("id") ?? "";
  await home.own("chat.say", { chat: id, text: "Said in a terminal" });
  await page.locator(".said", { hasText: "Said in a terminal" }).waitFor();
});

inBrowser("H24 what a chat asks for is answered in its place, and a turn is stopped by a key", async () => {
  await using chat = await chatPage(browser);
  const { page, home } = chat;
  const line = { text: "hello", to: "bob@new.example", effect: "write" };
  chat.scripted.script = inTurn(calls(["outbox_append", line]), says("It waits for you."));
  await chat.say("Append hello to the outbox");
  const card = page.locator(".thread .card");
  await card.getByText("bob@new.example").first().waitFor();
  // The focus stays where the owner types.
  expect(await page.evaluate("document.activeElement.tagName")).toBe("TEXTAREA");
  const deny = card.getByRole("button", { name: "Deny" });
  await expect.poll(() => deny.getAttribute("aria-disabled")).toBe("false");
  await deny.click();
  await expect.poll(async () => (await home.own("approval.list", {})).approvals).toHaveLength(0);
  chat.scripted.script = () => ({ ...says("I begin, "), after: "hang" });
  await chat.say("Go on for ever");
  await page.locator(".reply", { hasText: "I begin," }).waitFor();
  await page.getByLabel("Ask, tell or correct").press("Escape");
  await page.getByRole("button", { name: "Send" }).waitFor();
});
