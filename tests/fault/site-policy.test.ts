import { expect } from "vitest";
import { bankHome, known } from "../support/approvals-page.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { openPage } from "../support/site-browser.ts";

inBrowser(
  "H7 what was blocked is told with its reason; to be asked instead is shown on the past, and then holds",
  async () => {
    await using bank = await bankHome();
    const { home } = bank;
    await home.own("policy.write", await draft(home));
    const denied = await bank.asks("bank.pay", known, "Pay 118.40 to DE89370400440532013000");
    expect(denied.status).toBe("denied");
    await using visit = await bank.visit(browser);
    const { page } = visit;
    await openPage(page, "/policy");
    const row = page.locator("[aria-labelledby=h-blocked] li", { hasText: "bank.pay" });
    await row.getByRole("button", { name: "Ask me instead" }).click();
    await row.locator(".past", { hasText: "would be different" }).waitFor();
    expect((await bank.asks("bank.pay", { ...known, amount: 3 }, "Pay 3 to DE89370400440532013000")).status).toBe(
      "denied",
    );
    await row.getByRole("button", { name: "Put in force" }).click();
    await page.locator("[aria-labelledby=h-blocked]", { hasText: "In force from now on" }).waitFor();
    expect((await bank.asks("bank.pay", { ...known, amount: 4 }, "Pay 4 to DE89370400440532013000")).status).toBe(
      "parked",
    );
  },
);

async function draft(home: Awaited<ReturnType<typeof bankHome>>["home"]) {
  const { slug, text } = await home.own("policy.draft", { kind: "forbid", sentence: "spend money" });
  return { name: `${slug}.cedar`, text };
}

inBrowser(
  "H7 a rule in words is shown with examples and on the last thirty days, and holds once it is put in force",
  async () => {
    await using bank = await bankHome();
    await bank.asks("bank.pay", known, "Pay 118.40 to DE89370400440532013000");
    await using visit = await bank.visit(browser);
    const { page, complaints } = visit;
    await openPage(page, "/policy");
    await page.getByLabel("What it is about").fill("spend money");
    await page.keyboard.press("Enter");
    const past = page.locator(".past", { hasText: "1 would be different" });
    await past.waitFor();
    await past.getByText("bank.pay").waitFor();
    expect((await bank.home.own("policy.list", {})).onDisk).toEqual([]);
    await page.getByRole("button", { name: "Put in force" }).click();
    await page.getByText("In force from now on.").waitFor();
    await page
      .locator("main", { hasText: "Your rules" })
      .locator(".lines", { hasText: "Nobody but you may spend" })
      .first()
      .waitFor();
    expect((await bank.asks("bank.pay", { ...known, amount: 3 }, "Pay 3 to DE89370400440532013000")).status).toBe(
      "denied",
    );
    expect(complaints).toEqual([]);
  },
);
