// What is learned of the owner, what waits for something to come, and what is observed: shown, corrected, taken back.
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
const press = (page: Page, name: string | RegExp) =>
  page.locator("main").getByRole("button", { name, exact: true }).first().click();
const row = (page: Page, words: string) => page.locator("main .lines > li", { hasText: words }).first();

inBrowser(
  "H13 a decision that was left to the owner shows its options and scores, is answered and corrected",
  async () => {
    using mh = await upHome((each) => {
      const run = filling(each);
      run("persona", "set", "decision-rules", "* Write back {weight 2}");
      const options = [{ name: "call her" }, { name: "write back" }];
      run("act", "decision.make", JSON.stringify({ situation: "Sarah asks for a favour", options, threshold: 1 }));
    });
    await using visit = await signedIn(browser, linkOf(mh));
    const { page } = visit;
    await openPage(page, "/");
    await page.getByText("1 decision is left to you").waitFor();
    await openPage(page, "/persona?tab=learned");
    const decision = row(page, "Sarah asks for a favour");
    await decision.locator("summary").click();
    // The soft rule ranks, and says so.
    await decision.locator(".options li").first().waitFor();
    expect(await decision.locator(".options b").allTextContents()).toEqual(["write back", "call her"]);
    await decision.getByText("your rule write-back", { exact: false }).waitFor();
    await press(page, "Choose call her: Sarah asks for a favour");
    await page.getByText("No decision waits for you.").waitFor();
    await decision.getByText("You chose “call her”", { exact: false }).waitFor();
    await page.getByText("Drift is 1.00, by 1 answer", { exact: false }).waitFor();
    // An answer is corrected, and not undone.
    const said = page.locator(".take-back", { hasText: "Noted: " });
    await said.filter({ hasText: "Noted: call her." }).waitFor();
    expect(await said.getByRole("button").count()).toBe(0);
    await decision.locator("summary").click();
    await press(page, "This one was right: write back, Sarah asks for a favour");
    await decision.getByText("You chose “write back”", { exact: false }).waitFor();
    await page.getByText("Drift is 0.00, by 1 answer", { exact: false }).waitFor();
    await said.filter({ hasText: "Noted: write back." }).waitFor();
    expect(await said.getByRole("button").count()).toBe(0);
    expect(read(mh, "decision", "list").decisions).toMatchObject([{ chosen: "write back" }]);
  },
);

inBrowser(
  "H17 “no, do X instead” that answers a decision says so where it stays, and its preference alone is undone",
  async () => {
    using mh = await upHome((each) => {
      const options = [{ name: "call her" }, { name: "write back" }];
      const args = { situation: "Sarah asks for a favour", options, threshold: 1 };
      filling(each)("act", "decision.make", JSON.stringify(args));
    });
    await using visit = await signedIn(browser, linkOf(mh));
    const { page } = visit;
    await openPage(page, "/persona?tab=learned");
    await row(page, "Sarah asks for a favour").locator("summary").click();
    await press(page, "No, … instead Sarah asks for a favour");
    await page
      .getByRole("textbox", { name: "No, … instead Sarah asks for a favour" })
      .fill("call her instead, because letters take days");
    await page.keyboard.press("Enter");
    await page.getByText("No decision waits for you.").waitFor();
    const said = page.locator(".take-back", { hasText: "It counts as your answer: call her. The answer stays" });
    await said.getByRole("button", { name: "Undo" }).click();
    await said.waitFor({ state: "detached" });
    expect(JSON.parse(mh.run(["act", "memory.list", '{"kinds":["preference"]}']).out).memories).toEqual([]);
    expect(read(mh, "decision", "list").decisions).toMatchObject([{ chosen: "call her" }]);
    // Forgotten, it has no option left that could be right.
    const [{ id }] = read(mh, "decision", "list").decisions;
    expect(mh.run(["decision", "forget", id, "--yes"]).code).toBe(0);
    const forgotten = row(page, "Its words were forgotten");
    await forgotten.locator("summary").click();
    await forgotten.locator(".options li").first().waitFor();
    expect(await forgotten.getByRole("button", { name: /^This one was right/ }).count()).toBe(0);
  },
);

inBrowser(
  "H17 “no, do X instead” of what an agent did becomes a preference, which is corrected, taken back and forgotten",
  async () => {
    let id = "";
    using mh = await upHome((each) => {
      const run = filling(each);
      run("grant", "give", "agent:clerk", "task.add");
      run("trust", "agent:clerk", "supervised_auto");
      run("act", "task.add", '{"title":"Call Sarah"}', "--as", "agent:clerk");
      const { records } = JSON.parse(run("act", "log.search", "{}"));
      id = records.find(({ principal }: { principal: string }) => principal === "agent:clerk").id;
    });
    await using visit = await signedIn(browser, linkOf(mh));
    const { page } = visit;
    await openPage(page, `/audit?why=${id}`);
    await press(page, "No, … instead task.add");
    await page
      .getByRole("textbox", { name: "No, … instead task.add" })
      .fill("write to her instead, because she is abroad");
    await page.keyboard.press("Enter");
    await page.locator(".take-back", { hasText: "Noted: Write to her" }).waitFor();
    const preferences = () => JSON.parse(mh.run(["act", "memory.list", '{"kinds":["preference"]}']).out).memories;
    expect(preferences()).toMatchObject([
      { content: expect.stringContaining("Write to her"), tags: ["feedback", `command-${id}`] },
    ]);
    await page.locator(".take-back button").click();
    await expect.poll(() => preferences().length).toBe(0);

    await openPage(page, "/persona?tab=learned");
    // A general wish is said of nothing that was decided or done.
    const wish = page.getByRole("textbox", { name: "Add a preference" });
    await wish.fill("Tea before coffee.");
    await page.keyboard.press("Enter");
    await row(page, "Tea before coffee.").waitFor();
    expect(await wish.inputValue()).toBe("");
    expect(preferences()).toMatchObject([{ tags: [] }]);
    await press(page, "Undo");
    await page.getByText("Nothing is learned yet.", { exact: false }).waitFor();
    await wish.fill("Tea before coffee.");
    await page.keyboard.press("Enter");
    await press(page, /^What it rests on: Tea/);
    await page.getByText("Nothing but its own words yet.").waitFor();
    await press(page, /^Correct: Tea/);
    await page.locator("main form textarea").fill("Tea after noon.");
    await press(page, "Save");
    await row(page, "Tea after noon.").waitFor();
    await press(page, /^Forget…: Tea/);
    await press(page, "Forget");
    await page.getByText("Nothing is learned yet.", { exact: false }).waitFor();
    expect(preferences()).toEqual([]);
  },
);

inBrowser(
  "a standing intent is added in words, shows how it was read, rests, goes on, and is brought back once removed",
  async () => {
    using mh = await upHome();
    await using visit = await signedIn(browser, linkOf(mh), phone);
    const { page } = visit;
    await openPage(page, "/tasks?tab=when");
    const field = page.getByRole("textbox", { name: "When what comes, and what then" });
    await field.fill("when the moon is blue");
    await openPage(page, "/tasks?tab=when");
    await expect.poll(() => field.inputValue()).toBe("when the moon is blue");
    await field.press("Enter");
    // What cannot be read is not kept, and what was typed stays.
    await page.locator(".fault").waitFor();
    expect(await field.inputValue()).toBe("when the moon is blue");
    await field.fill("when I finish Water the plants, remind me of the cost sheet");
    await field.press("Enter");
    const standing = row(page, "of the cost sheet");
    await standing.getByText("Read as: when a task is done", { exact: false }).waitFor();
    await standing.getByRole("button", { name: /^Pause/ }).tap();
    await standing.getByText("paused", { exact: true }).waitFor();
    await standing.getByRole("button", { name: /^Resume/ }).tap();
    await standing.getByText("paused", { exact: true }).waitFor({ state: "detached" });
    await standing.getByRole("button", { name: /^Remove/ }).tap();
    await page.getByText("You wait for nothing.", { exact: false }).waitFor();
    await press(page, "Undo");
    await standing.waitFor();

    const added = JSON.parse(mh.run(["task", "add", "Water the plants", "--json"]).out);
    expect(mh.run(["task", "done", added.id]).code).toBe(0);
    expect(mh.run(["when", "look"]).code).toBe(0);
    await standing.getByRole("button", { name: /^It came once/ }).tap();
    await standing.locator(".samples li").waitFor();
  },
);

inBrowser(
  "H17 a source of observation is off, previewed without keeping, turned on, looked at, and forgotten",
  async () => {
    using mh = await upHome();
    const file = path.join(mh.config, ".zsh_history");
    // A name that stands there once may be anything, and is left.
    const seconds = Math.floor(Date.now() / 1000) - 86_400;
    fs.writeFileSync(file, `: ${seconds}:0;git status --short\n: ${seconds}:0;git log\n`);
    await using visit = await signedIn(browser, linkOf(mh));
    const { page } = visit;
    await openPage(page, "/persona?tab=observed");
    const source = row(page, "Terminal");
    await press(page, "Where it looks: Terminal");
    await page.getByRole("textbox", { name: "Files, one a line" }).fill(file);
    await press(page, "Save");
    await source.getByText(file).waitFor();
    await page.getByText("Terminal: where it looks is changed.").waitFor();
    await press(page, "Preview: Terminal");
    await source.locator(".taken", { hasText: "git" }).waitFor();
    await source.getByText("would be kept").waitFor();
    // The name of the program alone; and a preview keeps nothing, on or off.
    expect(await source.locator(".taken").textContent()).not.toContain("--short");
    expect(read(mh, "observe", "list").sources[0]).toMatchObject({ source: "shell", on: false, days: 0 });
    await press(page, "Turn on: Terminal");
    await source.getByText("on", { exact: true }).waitFor();
    await press(page, "Look now: Terminal");
    await source.getByText("Kept anew: 1 day.").waitFor();
    await source.getByText("Something is kept of 1 day", { exact: false }).waitFor();
    await press(page, "Forget…: Terminal");
    await press(page, "Forget");
    await source.getByText("Nothing is kept of it.").waitFor();
    await press(page, "Turn off: Terminal");
    await source.getByText("off", { exact: true }).waitFor();
    expect(read(mh, "observe", "list").sources[0]).toMatchObject({ source: "shell", on: false, days: 0 });
  },
);
