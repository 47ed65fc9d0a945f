import { expect } from "vitest";
import { bankHome } from "../support/approvals-page.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { readAloud } from "../support/screen-reader.ts";

inBrowser("H22 one approval, as a screen reader says it", async () => {
  await using bank = await bankHome();
  await bank.withStrangeBill();
  await using visit = await bank.visit(browser);
  const { page } = visit;
  await page.locator(".tree .node-here").waitFor();
  const deny = page.getByRole("button", { name: "Deny" });
  await expect.poll(() => deny.getAttribute("aria-disabled")).toBe("false");
  const said = (await readAloud(page, "article.card")).map((line) =>
    line.replaceAll(/(?:\b[A-Z]\w\w )?\d\d:\d\d|(?<=23 h )\d\d(?= min)/g, "…"),
  );
  expect(said).toEqual([
    "Waiting",
    "clerk wants to run bank.pay",
    "parked …, lapses to no at …, 23 h … min left",
    "link, “Why: Pay a bill”",
    "heading, “Pay a bill, 1240 to LT121000011101001000?”",
    "heading, “You are asked because the account number and the amount do not come from you”",
    "Trust suggest: spend waits for your approval.",
    "DisclosureTriangle, “The rules that decided”, not expanded",
    "DescriptionList, “What decides”",
    ...["term, “to”", "LT121000011101001000", "Outside: what bills.read answered"],
    ...["Never paid to before, and in Lithuania.", "DE89370400440532013000", "Before: approved 1 time, last …."],
    "It does not come from you.",
    ...["term, “amount”", "1240", "Outside: what bills.read answered", "The last one was 118.4."],
    "It does not come from you.",
    "checkbox, “Use this account number and this amount, for this task only”, not checked, From what bills.read answered. Tick when you have checked it elsewhere.",
    ...["term, “note”", "May", "Model: clerk"],
    ...["term, “What it does”", "Spends money", "medium risk", "term, “Can it be undone”", "No, not by mh"],
    ...["term, “Who learns of it”", "LT121000011101001000"],
    ...["term, “What is left”", "641.6 EUR of its allowance after it", "497 commands in this hour after it"],
    ...["term, “Approved before”", "1 time, last …"],
    "DisclosureTriangle, “Everything that would be used, byte for byte”, not expanded",
    "DisclosureTriangle, “How it came to this”, expanded",
    expect.stringMatching(/^clerk bank\.pay \d+ Trust suggest: spend waits for your approval$/),
    "Parked, nothing has left this machine.",
    ...["button, “Ask clerk”", "button, “Edit”", "button, “Deny”", "button, “Endorse first”"],
  ]);
  // What becomes of it is said, too.
  await page.locator("[data-endorse] input").check();
  await page.getByRole("button", { name: "Pay once", disabled: false }).waitFor();
  await page.keyboard.press("a");
  await page.locator(".vh[role=status]", { hasText: "Approved once. Done." }).waitFor({ state: "attached" });
});
