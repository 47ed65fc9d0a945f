import { expect } from "vitest";
import { browser, inBrowser } from "../support/in-browser.ts";
import { openPage, signedIn } from "../support/site-browser.ts";
import { linkOf, upHome } from "../support/site-up.ts";

// A browser that has much to do handles keys before it says that a popover opened.
inBrowser("H22 no key is lost that is pressed right after those that open the palette", async () => {
  using mh = await upHome();
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  const roleOnceOpen = `dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true })),
    document.activeElement.getAttribute("role")`;
  expect(await page.evaluate(roleOnceOpen)).toBe("combobox");
  await page.keyboard.type("task add");
  await page.getByRole("option", { name: /task\.add/ }).click();
  await page.getByRole("button", { name: "All commands" }).click();
  await page.keyboard.press("Escape");
  expect(await page.evaluate(roleOnceOpen)).toBe("combobox");
  expect(await page.getByRole("combobox").inputValue()).toBe("");
});

inBrowser(
  "H22 Enter takes the first line of the whole list, though it is pressed before the commands arrive",
  async () => {
    using mh = await upHome();
    await using visit = await signedIn(browser, linkOf(mh));
    const { page } = visit;
    const pressed = Promise.withResolvers<void>();
    await page.route("**/openapi.json", async (route) => {
      await pressed.promise;
      await route.continue();
    });
    await openPage(page, "/");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("task add");
    await page.keyboard.press("Enter");
    pressed.resolve();
    await page.getByLabel("title", { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");

    // Where they do not arrive at all, what is there is taken.
    await page.unroute("**/openapi.json");
    await page.route("**/openapi.json", (route) => route.abort());
    await openPage(page, "/");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("audit");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/audit$/);
  },
);
