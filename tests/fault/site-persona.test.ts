// The persona in the browser: goals, people, routines and rules, versions, and the interview.
import * as fs from "node:fs";
import * as path from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { browser, inBrowser } from "../support/in-browser.ts";
import { openPage, phone, signedIn } from "../support/site-browser.ts";
import { filling } from "../support/site-home.ts";
import { linkOf, upHome } from "../support/site-up.ts";

const read = (mh: { run(args: string[]): { out: string } }, ...args: string[]) =>
  JSON.parse(mh.run([...args, "--json"]).out);
const goalLine = (page: Page, title: string) => page.locator(".goals .goal", { hasText: title }).first();
const press = (page: Page, name: string | RegExp) =>
  page.locator("main").getByRole("button", { name, exact: true }).first().click();

inBrowser("H6 goals are a tree that tasks bring on: added, linked, reached and taken back in the browser", async () => {
  using mh = await upHome((each) => void filling(each)("task", "add", "Invite testers"));
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  await openPage(page, "/persona?tab=goals");
  await page.getByRole("textbox", { name: "Add a goal", exact: true }).fill("Ship the beta");
  await page.getByLabel("By when: Add a goal").fill("2031-05-31");
  await page.keyboard.press("Enter");
  await goalLine(page, "Ship the beta").getByText("by 31 May 2031").waitFor();

  await press(page, "Tasks and parts: Ship the beta");
  await page.getByLabel("A new task for Ship the beta").fill("Write the notes");
  await page.keyboard.press("Enter");
  await page.getByLabel("A task that is there, for Ship the beta").selectOption({ label: "Invite testers" });
  await press(page, "Link");
  await goalLine(page, "Ship the beta").getByText("0 of 2 tasks done", { exact: false }).waitFor();
  await page.getByRole("textbox", { name: "Add a part of Ship the beta", exact: true }).fill("Ten users");
  await page.keyboard.press("Enter");
  await page.locator(".goals ul .goal", { hasText: "Ten users" }).waitFor();

  // What is done elsewhere brings it on here: one of two tasks and one part are a third.
  const [task] = read(mh, "task", "list").tasks;
  expect(mh.run(["task", "done", task.id]).code).toBe(0);
  await goalLine(page, "Ship the beta").getByText("33 % done", { exact: false }).waitFor();

  await press(page, "Reached: Ten users");
  await goalLine(page, "Ship the beta").getByText("67 % done", { exact: false }).waitFor();
  await page.locator(".goals", { hasText: "Ten users" }).waitFor({ state: "detached" });
  await press(page, "Undo");
  await goalLine(page, "Ten users").waitFor();
  await press(page, "Give up: Ten users");
  await press(page, "Show 1 goal that is over");
  await goalLine(page, "Ten users").getByText("given up", { exact: false }).waitFor();
  const goals = read(mh, "goal", "list", "--all").goals.map((goal: Record<string, unknown>) => [
    goal.title,
    goal.status,
    goal.due,
  ]);
  expect(goals).toEqual([
    ["Ship the beta", "open", "2031-05-31"],
    ["Ten users", "dropped", null],
  ]);
});

inBrowser(
  "H6 the interview asks one question at a time, loses nothing that is typed, and goes on where it was left",
  async () => {
    using mh = await upHome();
    await using visit = await signedIn(browser, linkOf(mh), phone);
    const { page } = visit;
    await openPage(page, "/persona");
    await page.getByRole("link", { name: "Be asked" }).tap();
    const field = page.locator("form textarea");
    await page.getByLabel("What do you do?").fill("I lead a small team");
    await openPage(page, "/persona?tab=interview");
    await expect.poll(() => field.inputValue()).toBe("I lead a small team");
    await press(page, "Save and go on");
    const hasFocus = () => page.locator("form textarea:focus").waitFor();
    await page.getByLabel("How do you want to be spoken to?").waitFor();
    await hasFocus();
    expect(await page.locator("form textarea").count()).toBe(1);
    expect(read(mh, "persona", "show", "persona").sections[0].text).toContain("What I do: I lead a small team");

    await press(page, "Not now");
    await page.getByLabel("What matters most to you?").waitFor();
    await hasFocus();
    await page.getByLabel("What matters most to you?").fill("Calm; People");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await press(page, "Save and go on");
    await page.getByLabel("What do you want to reach in the next weeks?").waitFor();
    await page.getByText("2 of 10 answered").waitFor();
    // What was put off is asked again, and what was answered is not.
    await openPage(page, "/persona?tab=interview");
    await page.getByLabel("How do you want to be spoken to?").waitFor();

    // What the terminal answers counts here, and an answer is taken back where it was given.
    expect(mh.run(["act", "persona.answer", '{"question":"tone","text":"Briefly"}']).code).toBe(0);
    await page.getByText("3 of 10 answered").waitFor();
    await page.getByLabel("What do you want to reach in the next weeks?").fill("Ship the beta");
    await press(page, "Save and go on");
    await page.getByText("4 of 10 answered").waitFor();
    await press(page, "Undo");
    await page.getByText("3 of 10 answered").waitFor();
    expect(read(mh, "goal", "list").goals).toEqual([]);
  },
);

inBrowser("H6 a version says who wrote it and why, shows what it changed, and is restored", async () => {
  using mh = await upHome((each) => {
    const run = filling(each);
    run("persona", "set", "values", "Calm before speed.", "--reason", "after a long week");
    run("persona", "set", "values", "Speed before calm.");
  });
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  await openPage(page, "/persona");
  await press(page, "Edit: Values");
  await page.getByRole("textbox", { name: "Values", exact: true }).fill("Speed, always.");
  await page.getByLabel("Why, for its history; may be left out: Values").fill("a new job");
  await press(page, "Save");
  await page.locator(".prose-quote", { hasText: "Speed, always." }).waitFor();
  await press(page, "Versions: Values");
  const versions = page.locator(".versions > li");
  await versions.nth(2).waitFor();
  expect(await versions.nth(0).textContent()).toMatch(/Written by you[\s\S]*Because: a new job[\s\S]*Speed, always\./);
  await versions.nth(2).locator("summary").click();
  await versions.nth(2).getByText("Because: after a long week").waitFor();
  await versions.nth(2).getByRole("button").click();
  await page.locator(".prose-quote", { hasText: "Calm before speed." }).waitFor();
  const [now] = read(mh, "persona", "history", "values").versions;
  expect([now.text.trim(), now.principal, now.reason]).toEqual([
    "Calm before speed.",
    "owner",
    expect.stringContaining("as it was: Written by you"),
  ]);
});

inBrowser("H6 somebody is found by any of their names, with last contact, topics and relationships", async () => {
  using mh = await upHome((each) => {
    const run = filling(each);
    run("capture", "Called Sarah about the boat. #sailing");
    run("capture", "Had lunch with Tom");
    run("memory", "relate", "Sarah", "Tom", "knows");
  });
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  await openPage(page, "/persona?tab=people");
  await page.getByLabel("A name, or an alias").fill("sar");
  await page.locator(".hits .hit").first().waitFor();
  expect(await page.locator(".hits .hit b").allInnerTexts()).toEqual(["Sarah"]);
  // An empty field is nobody.
  await page.getByLabel("A name, or an alias").fill("");
  await page.keyboard.press("Enter");
  expect(page.url()).not.toContain("person=");
  await page.getByLabel("A name, or an alias").fill("sar");
  await page.keyboard.press("Enter");
  const card = page.locator(".inspect");
  await card.getByRole("heading", { name: "Sarah" }).waitFor();
  await card.getByText("knows").waitFor();
  expect(await card.textContent()).toMatch(/Last contact\s*told by you[\s\S]*Topics[\s\S]*sailing/);
  await card.getByLabel("Another name of Sarah").fill("Saz");
  await page.keyboard.press("Enter");
  await card.locator("dd", { hasText: "Saz" }).waitFor();
  await page.getByLabel("A name, or an alias").fill("Saz");
  await press(page, "Look among other names");
  await page.waitForURL(/person=Saz/);
  await card.locator("dd", { hasText: "Sarah" }).waitFor();
});

inBrowser(
  "H6 rules and routines are read as what they are; a soft one weighs, and a hard one leads to the policy",
  async () => {
    using mh = await upHome(
      (each) => void filling(each)("persona", "set", "decision-rules", "* Never send mail at night {hard}"),
    );
    await using visit = await signedIn(browser, linkOf(mh));
    const { page } = visit;
    await openPage(page, "/persona?tab=rules");
    await page.getByRole("textbox", { name: "Add a rule", exact: true }).fill("A call rather than a mail");
    await page.getByLabel("What it counts: Add a rule").selectOption("2");
    await page.getByLabel("With whom: Add a rule").fill("Sarah");
    await page.keyboard.press("Enter");
    await page.locator(".lines li", { hasText: "A call rather than a mail" }).getByText("counts 2").waitFor();
    await page.getByRole("textbox", { name: "Add a routine", exact: true }).fill("Deep work");
    await page.getByLabel("When: Add a routine").fill("some day");
    await page.keyboard.press("Enter");
    // What cannot be read is not written, and what was typed stays.
    await page.locator(".fault", { hasText: "no day" }).waitFor();
    await page.getByLabel("When: Add a routine").fill("weekdays morning");
    await page.getByLabel("Energy: Add a routine").selectOption("high");
    await page.getByRole("textbox", { name: "Add a routine", exact: true }).press("Enter");
    await page.locator(".lines li", { hasText: "Deep work" }).getByText("high energy").waitFor();
    expect(
      read(mh, "persona", "rules").rules.map((rule: Record<string, unknown>) => [
        rule.text,
        rule.isHard,
        rule.weight,
        rule.with,
      ]),
    ).toEqual([
      ["Never send mail at night", true, 1, null],
      ["A call rather than a mail", false, 2, "Sarah"],
    ]);
    expect(read(mh, "persona", "routines").routines).toMatchObject([
      { text: "Deep work", when: "weekdays morning", energy: "high" },
    ]);

    await page.getByRole("link", { name: "Make a rule…: Never send mail at night" }).click();
    await page.getByRole("button", { name: "Show what it would do" }).click();
    await page.getByRole("button", { name: "Put in force" }).click();
    await page.getByText("In force from now on.").waitFor();
    await openPage(page, "/persona?tab=rules");
    await page.getByText("In force: a rule of the policy says the same.").waitFor();
    // Any page may lead to the policy, and none to a rule that allows.
    await openPage(page, "/policy?kind=allow&sentence=Send+mail");
    const began = page.locator("select", { has: page.locator("option[value=allow]") }).first();
    await expect.poll(() => began.inputValue()).toBe("ask");
  },
);

inBrowser("H6 nothing is added to a part of the persona whose file cannot be read, and its page says why", async () => {
  using mh = await upHome((each) => void filling(each)("persona", "set", "routines", "* Deep work {when weekdays}"));
  const file = path.join(mh.root, "persona", "routines.md");
  const broken = `${fs.readFileSync(file, "utf8").trimEnd()}\n- Swim {when some day}\n`;
  fs.writeFileSync(file, broken);
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  await openPage(page, "/persona?tab=rules");
  const why = page.locator(".fault", { hasText: "cannot be read; this is the last good version" });
  await why.waitFor();
  await page.getByRole("textbox", { name: "Add a routine", exact: true }).fill("Tea");
  await page.keyboard.press("Enter");
  await expect.poll(() => why.count()).toBe(2);
  expect(fs.readFileSync(file, "utf8")).toBe(broken);
});
