import { expect } from "vitest";
import { pages } from "../../apps/site/src/app/pages.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { lateBy } from "../support/late-by.ts";
import { openPage, phone, signedIn } from "../support/site-browser.ts";
import { fillHome } from "../support/site-home.ts";
import { linkOf, upHome } from "../support/site-up.ts";
import type { Mh } from "./mh.ts";

const secondMs = 1000;

const cli = async (mh: Mh, ...args: string[]) => {
  const ended = await mh.start(args);
  expect({ args, ...ended }).toMatchObject({ code: 0 });
};
const request = { to: ["bob@new.example"], subject: "Numbers", body: "Recall is 0.79." };
const asksToSend = async (mh: Mh, args: object = request) => {
  expect((await mh.start(["grant", "give", "agent:clerk", "mail.send"])).code).toBe(0);
  expect((await mh.start(["act", "mail.send", JSON.stringify(args), "--as", "agent:clerk"])).code).toBe(4);
};

inBrowser("H22 every page loads, asks nobody but the daemon, and complains of nothing", async () => {
  using mh = await upHome(fillHome);
  await using visit = await signedIn(browser, linkOf(mh));
  const { page, complaints } = visit;
  const { origin } = new URL(page.url());
  const elsewhere: string[] = [];
  page.on("request", (each) => new URL(each.url()).origin !== origin && elsewhere.push(each.url()));
  for (const { path } of pages) {
    await openPage(page, path);
    await page.locator("main h1").waitFor();
    await page.getByRole("button", { name: "STOP" }).waitFor();
  }
  expect([elsewhere, complaints]).toEqual([[], []]);
});

inBrowser("H22 what the CLI changes shows within a second, and a list that is there is not loaded again", async () => {
  using mh = await upHome();
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  const changes = [
    { path: "/tasks", args: ["task", "add", "Water the plants"], shows: "Water the plants" },
    { path: "/memory", args: ["capture", "Sarah moved to Lisbon"], shows: "Sarah moved to Lisbon" },
    { path: "/settings?part=grants", args: ["grant", "give", "agent:clerk", "mail.send"], shows: "clerk" },
    {
      path: "/persona",
      args: ["act", "persona.update", '{"section":"values","text":"Calm first."}'],
      shows: "Calm first.",
    },
    {
      path: "/policy",
      args: ["policy", "forbid", "send mail to anyone outside my contacts", "--yes"],
      shows: "outside your contacts",
    },
    { path: "/audit", args: ["snapshot", "create"], shows: "snapshot.create" },
    { path: "/", args: ["task", "add", "Call the dentist", "--due", "today"], shows: "Call the dentist" },
  ];
  for (const { path, args, shows } of changes) {
    await openPage(page, path);
    await page.locator(".skeleton").first().waitFor({ state: "detached" });
    await cli(mh, ...args);
    const late = await lateBy(secondMs, () => page.locator("main", { hasText: shows }).waitFor());
    expect({ path, late }).toEqual({ path, late: 0 });
  }
  await openPage(page, "/tasks");
  await page.locator("main", { hasText: "Water the plants" }).waitFor();
  const asked: string[] = [];
  page.on("request", (each) => asked.push((each.postDataJSON() as { skill?: string } | null)?.skill ?? ""));
  await cli(mh, "task", "add", "One row more");
  await page.locator("main", { hasText: "One row more" }).waitFor();
  expect([asked.includes("task.show"), asked.includes("task.list")]).toEqual([true, false]);
});

inBrowser("H12 an approval is endorsed, read and given once, and every tab knows", async () => {
  using mh = await upHome((each) => asksToSend(each));
  await using first = await signedIn(browser, linkOf(mh));
  await using second = await signedIn(browser, linkOf(mh), phone);
  for (const { page } of [first, second]) await openPage(page, "/approvals");
  const approve = first.page.getByRole("button", { name: /Endorse first|Send once/ });
  await approve.waitFor();
  // A click leads to the box, and answers nothing.
  await approve.click({ force: true });
  await expect.poll(() => first.page.evaluate("document.activeElement.type")).toBe("checkbox");
  await first.page.keyboard.press("Space");
  await first.page.getByRole("button", { name: "Send once" }).focus();
  await first.page.keyboard.press("Enter");
  expect(JSON.parse(mh.run(["approvals", "--json"]).out).approvals).toHaveLength(1);
  await expect.poll(() => approve.getAttribute("aria-disabled")).toBe("false");
  await first.page.keyboard.press("a");
  await first.page.getByText("No questions").first().waitFor();
  await second.page.getByText("No questions").first().waitFor();
  expect(JSON.parse(mh.run(["approvals", "--json"]).out).approvals).toHaveLength(0);
  expect(mh.run(["audit", "tail", "--json"]).out.match(/"phase":"approve"/g)).toHaveLength(1);
});

inBrowser("H12 a request is denied by touch, and the answer of a terminal shows in the browser", async () => {
  using mh = await upHome((each) => asksToSend(each));
  await using visit = await signedIn(browser, linkOf(mh), phone);
  const { page } = visit;
  await openPage(page, "/approvals");
  const deny = page.getByRole("button", { name: "Deny" });
  await expect.poll(() => deny.getAttribute("aria-disabled")).toBe("false");
  await deny.tap();
  await page.getByText("No questions").first().waitFor();
  await asksToSend(mh, { ...request, subject: "Again" });
  await page.locator(".card", { hasText: "Again" }).waitFor();
  await cli(mh, "approvals", "deny", JSON.parse(mh.run(["approvals", "--json"]).out).approvals[0].id);
  await page.getByText("No questions").first().waitFor();
});

inBrowser("K2 STOP acts at once from any page and by its key, and only resuming asks", async () => {
  using mh = await upHome();
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  const stands = () => JSON.parse(mh.run(["status", "--json"]).out).stopped as boolean;
  await openPage(page, "/memory");
  await page.getByRole("button", { name: "STOP" }).click();
  await page.getByText("Nothing runs until you resume").first().waitFor();
  expect(stands()).toBe(true);
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("Agents and schedules go on").waitFor();
  expect(stands()).toBe(true);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect.poll(stands).toBe(false);
  // With the palette open the key does the same.
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.press("Control+.");
  await expect.poll(stands).toBe(true);
  await cli(mh, "resume");
  await page.locator(".halt").waitFor({ state: "detached" });
});

inBrowser("a daemon that ends and comes back is told of, and no row is missing or doubled", async () => {
  using mh = await upHome();
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  await openPage(page, "/tasks");
  await cli(mh, "task", "add", "Before");
  await page.locator("main", { hasText: "Before" }).waitFor();
  await cli(mh, "daemon", "stop");
  await page.getByText("No word from mh since").waitFor();
  // STOP says that it did not arrive.
  await page.getByRole("button", { name: "STOP" }).click();
  await page.getByText("STOP did not arrive").first().waitFor();
  await cli(mh, "task", "add", "Meanwhile");
  await cli(mh, "daemon", "start");
  await page.locator("main", { hasText: "Meanwhile" }).waitFor();
  await cli(mh, "task", "add", "After");
  await page.locator("main", { hasText: "After" }).waitFor();
  expect((await page.locator(".tasks label").allTextContents()).sort()).toEqual(["After", "Before", "Meanwhile"]);
});
