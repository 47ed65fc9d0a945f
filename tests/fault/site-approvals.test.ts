import type { Page } from "playwright-core";
import { expect } from "vitest";
import { bankHome, known } from "../support/approvals-page.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { openPage, phone } from "../support/site-browser.ts";

const button = (page: Page, name: string | RegExp) => page.locator(".acts").getByRole("button", { name, exact: true });
const isAwake = (page: Page, name: string | RegExp) =>
  expect.poll(() => button(page, name).getAttribute("aria-disabled")).toBe("false");

inBrowser(
  "H12 a payment shows what is odd; one tick takes over what one source says; and it is paid once",
  async () => {
    await using bank = await bankHome();
    const id = await bank.withStrangeBill();
    await using visit = await bank.visit(browser);
    const { page, complaints } = visit;
    const row = (path: string) => page.locator(`.values [data-path="${path}"]`);
    await row("to").getByText("Never paid to before, and in Lithuania").waitFor();
    // What stood there the last time is directly beneath.
    expect(await row("to").locator(".compare").textContent()).toContain("DE89370400440532013000");
    expect(await row("amount").textContent()).toContain("The last one was 118.4");
    expect((await row("to").locator(".mark").textContent())?.trim()).toBe("Outside: what bills.read answered");
    expect(await page.locator(".because").textContent()).toContain(
      "the account number and the amount do not come from you",
    );
    expect(await page.locator(".effects").textContent()).toMatch(
      /Spends money[\s\S]*No, not by mh[\s\S]*LT121000011101001000[\s\S]*641.6 EUR/,
    );
    // One box for both values, at the last of them.
    expect(await page.locator("[data-endorse]").count()).toBe(1);
    await button(page, "Endorse first").click({ force: true });
    expect(await page.evaluate("document.activeElement.type")).toBe("checkbox");
    expect(await bank.status(id)).toBe("open");
    await page.locator("[data-endorse] input").check();
    await isAwake(page, "Pay once");
    await button(page, "Pay once").click();
    await page.getByText("Approved once. Done.").first().waitFor();
    expect([await bank.status(id), complaints]).toEqual(["approved", []]);
  },
);

inBrowser(
  "H12 a card is deaf when it appears, changes, or the window comes to the front; Enter approves nothing",
  async () => {
    await using bank = await bankHome();
    const { id } = await bank.asks("bank.pay", known, "Pay 118.40 to DE89370400440532013000");
    await using visit = await bank.visit(browser);
    const { page } = visit;
    // Time stands still but where it is told to pass: the card is deaf for as long as the keys take.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await openPage(page, "/approvals");
    const approve = button(page, /Pay once|Read to the end/);
    await approve.waitFor();
    await page.keyboard.press("a");
    await page.keyboard.press("d");
    await page.clock.runFor(700);
    await isAwake(page, "Pay once");
    await page.evaluate("dispatchEvent(new Event('focus'))");
    expect(await approve.getAttribute("aria-disabled")).toBe("true");
    await approve.click({ force: true });
    await page.clock.runFor(700);
    await isAwake(page, "Pay once");
    await approve.focus();
    await page.keyboard.press("Enter");
    expect(await bank.status(id)).toBe("open");
    await page.keyboard.press("a");
    await expect.poll(() => bank.status(id)).toBe("approved");
  },
);

inBrowser(
  "H12 what is not read to its end is not approved: a jump to the end of a long value leaves out its middle",
  async () => {
    await using bank = await bankHome();
    const long = Array.from({ length: 400 }, (_, n) => `${n}@new.example`).join(" ");
    const { id } = await bank.asks("outbox.append", { text: "hi", to: long, effect: "send" }, `Write to ${long}`);
    await using visit = await bank.visit(browser);
    const { page } = visit;
    await button(page, /Read to the end first|Endorse first/).waitFor();
    for (const box of await page.locator("[data-endorse] input").all()) await box.check();
    await page.keyboard.press("End");
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    await button(page, "Read to the end first").waitFor();
    await page.keyboard.press("a");
    expect(await bank.status(id)).toBe("open");
    for (let at = 0; at < 12_000; at += 250)
      await page.evaluate(
        `new Promise((done) => { scrollTo(0, ${at}); requestAnimationFrame(() => requestAnimationFrame(done)); })`,
      );
    await button(page, "Send once").waitFor();
  },
);

inBrowser("H12 a text that decides nothing folds after twelve lines, and says how many more", async () => {
  await using bank = await bankHome();
  const note = Array.from({ length: 40 }, (_, n) => `line ${n}`).join("\n");
  await bank.asks("bank.pay", { ...known, note }, "Pay 118.40 to DE89370400440532013000");
  await using visit = await bank.visit(browser);
  const { page } = visit;
  const more = page.getByRole("button", { name: "Show 28 more lines" });
  await more.click();
  await page.getByRole("button", { name: "Show less" }).waitFor();
});

inBrowser("H12 what has lapsed was a no, and is asked again as a new command", async () => {
  await using bank = await bankHome();
  const { id } = await bank.asks("bank.pay", known, "Pay 118.40 to DE89370400440532013000");
  await using visit = await bank.visit(browser);
  const { page } = visit;
  await page.clock.install();
  await openPage(page, `/approvals?id=${id}`);
  const { expires_ms } = (await bank.home.own("approval.show", { id })).approval;
  const pass = async (ms: number) => {
    bank.home.clock.forward(ms);
    await page.clock.fastForward(ms);
  };
  await pass(expires_ms - Date.now() - 9 * 60_000);
  await page.locator(".card-head .state-ask", { hasText: "min left" }).waitFor();
  await pass(10 * 60_000);
  await page.locator(".card").getByText("Lapsed: no").waitFor();
  expect(await page.locator(".acts").getByRole("button").allInnerTexts()).toEqual(["Ask again"]);
  await page.getByRole("button", { name: "Ask again" }).click();
  await page.waitForURL((url) => url.searchParams.get("id") !== id);
  const { approvals } = await bank.home.own("approval.list", {});
  expect(approvals).toMatchObject([{ principal: "agent:clerk", status: "open" }]);
  expect(approvals[0]?.id).not.toBe(id);
});

inBrowser(
  "H12 to edit makes a new command: what was typed is the owner's, and the first request is denied",
  async () => {
    await using bank = await bankHome();
    const id = await bank.withStrangeBill();
    await using visit = await bank.visit(browser);
    const { page } = visit;
    await page.locator(".acts").getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("to", { exact: true }).fill("DE89370400440532013000");
    await page.getByLabel("amount", { exact: true }).fill("124");
    await page.getByRole("button", { name: "Ask with these" }).click();
    await page.locator('.values [data-path="amount"] .mark', { hasText: "Yours" }).waitFor();
    expect(await page.locator("[data-endorse]").count()).toBe(0);
    expect(await bank.status(id)).toBe("refused");
    await isAwake(page, "Pay once");
  },
);

inBrowser("H12 requests of one kind are answered together, each by itself; a box leaves one out", async () => {
  await using bank = await bankHome();
  await bank.withBatch();
  await using visit = await bank.visit(browser);
  const { page } = visit;
  await page.locator(".batch li").nth(2).waitFor();
  expect(await page.locator(".queue [aria-pressed]").count()).toBe(1);
  await page.getByRole("checkbox", { name: /two/ }).uncheck();
  await isAwake(page, "Send these 2");
  await page.keyboard.press("a");
  await expect.poll(() => bank.home.outbox()).toEqual(["one", "three"]);
  const { approvals } = await bank.home.own("approval.list", {});
  expect(approvals).toHaveLength(1);
});

inBrowser(
  "K16 after three equal approvals the card offers a rule: shown on the last thirty days, in force by a click alone",
  async () => {
    await using bank = await bankHome();
    for (const text of ["one", "two"]) {
      const { id } = await bank.asksToWrite(text);
      await bank.home.approve(id, (await bank.home.own("approval.show", { id })).hash);
    }
    await bank.asksToWrite("three");
    await using visit = await bank.visit(browser);
    const { page } = visit;
    await isAwake(page, "Send once");
    await page.keyboard.press("a");
    await page.locator(".card .offer").getByRole("button", { name: "Make a rule…" }).click();
    await page.locator(".card .past", { hasText: /3 would be different/ }).waitFor();
    expect((await bank.home.own("policy.list", {})).inForce.filter(({ origin }) => origin === "owner")).toEqual([]);
    await page.locator(".card .draft").getByRole("button", { name: "Put in force" }).click();
    await page.locator(".card .offer", { hasText: "In force from now on" }).waitFor();
    expect((await bank.asksToWrite("four")).status).toBe("done");
  },
);

inBrowser(
  "P7 what a program asks for is filled in on its card, and only what was asked for is given to it",
  async () => {
    await using bank = await bankHome();
    const id = await bank.withQuestion();
    await using visit = await bank.visit(browser);
    const { page } = visit;
    const card = page.locator(".card");
    await card.locator(".quote", { hasText: "Which colour?" }).waitFor();
    // Its words stand as a quotation, its address is no link.
    expect(await card.locator('a[href*="shop.example"]').count()).toBe(0);
    expect(await card.locator(".url b").textContent()).toBe("shop.example");
    await card.getByLabel("Colour").selectOption("blue");
    await card.getByLabel("How many").fill("2");
    await isAwake(page, "Answer");
    await button(page, "Answer").click();
    await expect
      .poll(() => bank.ordered)
      .toMatchObject([{ isAccepted: true, values: { coat: { colour: "blue", coats: 2 } } }]);
    expect(await bank.status(id)).toBe("approved");
  },
);

inBrowser(
  "H12 an error that comes late stands on its own card alone, and an answer elsewhere shows in every tab at once",
  async () => {
    await using bank = await bankHome();
    const first = await bank.asks("bank.pay", known, "Pay 118.40 to DE89370400440532013000");
    const second = await bank.asks("bank.pay", { ...known, amount: 12 }, "Pay 12 to DE89370400440532013000");
    await using visit = await bank.visit(browser);
    await using other = await bank.visit(browser, phone);
    const { page } = visit;
    // The answer is held back on its way until another card is shown.
    const { promise: shown, resolve: show } = Promise.withResolvers<void>();
    await page.route("**/v1/command", async (route) => {
      if ((route.request().postDataJSON() as { skill: string }).skill !== "approval.approve") return route.continue();
      await shown;
      const fault = { code: "approval.changed", message: "It changed meanwhile." };
      await route.fulfill({ status: 200, json: { status: "failed", id: "x", fault } });
    });
    await isAwake(page, "Pay once");
    await page.keyboard.press("a");
    await page.keyboard.press("j");
    await page.locator("h2", { hasText: "Pay a bill, 12 to" }).waitFor();
    show();
    await isAwake(page, "Pay once");
    expect(await page.getByText("It changed meanwhile").count()).toBe(0);
    await page.keyboard.press("k");
    await page.locator(".card .fault", { hasText: "It changed meanwhile" }).waitFor();
    for (const { id } of [first, second]) await bank.home.own("approval.deny", { id });
    for (const each of [visit, other]) await each.page.getByRole("heading", { name: "No questions" }).waitFor();
  },
);

inBrowser("H12 on a phone one card is shown at a time: Deny left, Approve right, each 48 pixels high", async () => {
  await using bank = await bankHome();
  const { id } = await bank.asks("bank.pay", known, "Pay 118.40 to DE89370400440532013000");
  await bank.asks("bank.pay", { ...known, amount: 12 }, "Pay 12 to DE89370400440532013000");
  await using visit = await bank.visit(browser, phone);
  const { page } = visit;
  await page.getByText("1 of 2").waitFor();
  expect(await page.locator(".card").count()).toBe(1);
  const [deny, approve] = await Promise.all(
    ["Deny", /Pay once|Read to/].map((name) => button(page, name).boundingBox()),
  );
  expect(deny && approve && { isLeft: deny.x < approve.x, high: Math.min(deny.height, approve.height) >= 48 }).toEqual({
    isLeft: true,
    high: true,
  });
  await page.getByRole("button", { name: "Next question" }).tap();
  await page.getByText("2 of 2").waitFor();
  await page.getByRole("button", { name: "Previous question" }).tap();
  const last = page.locator('.values [data-path="amount"]');
  await last.scrollIntoViewIfNeeded();
  await page.locator(".effects").scrollIntoViewIfNeeded();
  await isAwake(page, "Pay once");
  await button(page, "Pay once").tap();
  await expect.poll(() => bank.status(id)).toBe("approved");
});

inBrowser("K16 a plan is one card, approved once, and tells what is left of each of its steps", async () => {
  await using bank = await bankHome();
  const id = await bank.withPlan();
  await using visit = await bank.visit(browser);
  const { page } = visit;
  await page.getByRole("heading", { name: /: Answer the bills\?$/ }).waitFor();
  expect(await page.locator(".fold-card").textContent()).toContain("at most 3 times");
  await page.locator("[data-endorse] input").check();
  // What the bar of buttons covers is not read yet.
  await page.locator(".fold", { hasText: "held fast" }).scrollIntoViewIfNeeded();
  await isAwake(page, "Approve this plan");
  await button(page, "Approve this plan").click();
  await expect.poll(() => bank.status(id)).toBe("approved");
  const step = page.locator("[aria-labelledby=h-plans] .plan-steps li").first();
  await step.getByText("3 of 3 left").waitFor();
  expect(await step.textContent()).toContain("from of bills");
});
