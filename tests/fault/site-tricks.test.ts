import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { browser, inBrowser } from "../support/in-browser.ts";
import { desk, openPage, phone, signedIn } from "../support/site-browser.ts";
import { linkOf, upHome } from "../support/site-up.ts";
import { tricks } from "../support/tricks.ts";
import type { Mh } from "./mh.ts";

let mh: Mh & Disposable;
beforeAll(async () => {
  mh = await upHome((each) => {
    expect(each.run(["grant", "give", "agent:clerk", "mail.send"]).code).toBe(0);
  });
});
afterAll(() => mh[Symbol.dispose]());

/** A letter of an agent's, which waits; its id. */
function asks(letter: object): string {
  const { code, out, err } = mh.run(["act", "mail.send", JSON.stringify(letter), "--as", "agent:clerk", "--json"]);
  expect({ code, err }).toMatchObject({ code: 4 });
  return (JSON.parse(out) as { approval: string }).approval;
}

/** What stands on a card for an argument, with a box written as the terminal writes it. */
const shownIn = (page: Page, path: string): Promise<string> =>
  page.evaluate(`(() => {
    const value = document.querySelector('.values [data-path="${path}"] dd.v').cloneNode(true);
    for (const box of value.querySelectorAll(".boxed")) box.textContent = "[" + box.textContent + "]";
    for (const button of value.querySelectorAll("button")) button.remove();
    return value.textContent;
  })()`);

const packed = (text: string) => text.replaceAll(/\s+/g, "");

inBrowser("S10 every trick is seen in the card as in the terminal, on a desk and on a phone", async () => {
  const body = tricks.map(({ what, text }) => `${what}: ${text}`).join(" | ");
  const id = asks({ to: ["bob@xn--pypal-4ve.example"], subject: "Hi\u202e4471", body });
  const terminal = mh.run(["approvals", "show", id]).out;
  for (const options of [desk, phone]) {
    await using visit = await signedIn(browser, linkOf(mh), options);
    const { page, complaints } = visit;
    const elsewhere: string[] = [];
    const { origin } = new URL(page.url());
    page.on("request", (each) => new URL(each.url()).origin !== origin && elsewhere.push(each.url()));
    await openPage(page, `/approvals?id=${id}`);
    await page.locator(".values .boxed").first().waitFor();
    const shown = await shownIn(page, "body");
    const boxed = (await page.locator('.values [data-path="body"] .boxed').allTextContents()).join(" ");
    for (const trick of tricks) for (const name of trick.shown) expect(`${boxed} ${shown}`, trick.what).toContain(name);
    // Not a character more or less than in the terminal, and none that a screen would hide.
    expect(packed(terminal)).toContain(packed(shown));
    expect(shown.replaceAll("\n", "")).toMatch(/^[\P{C}]*$/u);
    expect(packed(terminal)).toContain(packed(await shownIn(page, "subject")));
    // Punycode is named, where it decides.
    await page.locator('.values [data-path="to[0]"]', { hasText: "is punycode" }).waitFor();
    expect(terminal).toContain("is punycode");
    // Text, and nothing that acts: no image, no script, no link, no bold but a host's.
    expect(await page.locator(":is(.values, .card-head h2, .queue b) :is(img, script, a, iframe)").count()).toBe(0);
    expect(await page.locator(".values dd.v b").count()).toBe(0);
    // A line of the sender's own is no line of the card: what is undone stands in its place alone.
    expect(await page.locator(".effects", { hasText: "No, not by mh" }).count()).toBe(1);
    expect([elsewhere, complaints]).toEqual([[], []]);
  }
});

inBrowser("P14 a very long argument is whole: folded where it decides nothing, with how many lines more", async () => {
  const body = Array.from({ length: 3000 }, (_, n) => `Line ${n} of it.`).join("\n");
  const many = Array.from({ length: 50 }, (_, n) => `person-${n}@${"long-".repeat(10)}name.example`);
  const id = asks({ to: many, subject: "All", body });
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  await openPage(page, `/approvals?id=${id}`);
  await page.getByRole("button", { name: /^Show 2,?988 more lines$/ }).waitFor();
  expect(packed(await shownIn(page, "body"))).toBe(packed(body.replaceAll("\n", "[U+000A]")));
  // Every recipient has a row of its own, and none of them is folded or scrolls sideways.
  expect(await page.locator(".values > div:not(.quiet)").count()).toBe(many.length);
  expect(await page.locator(".values > div:not(.quiet) .folded").count()).toBe(0);
  const wide =
    "[...document.querySelectorAll('.values, .values dd')].filter((each) => each.scrollWidth > each.clientWidth + 1).length";
  expect(await page.evaluate(wide)).toBe(0);
});
