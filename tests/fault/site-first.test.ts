import * as fs from "node:fs";
import * as path from "node:path";
import { startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { calls, inTurn, says } from "../support/chat-home.ts";
import { firstRunFiles } from "../support/first-run-files.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { signedIn } from "../support/site-browser.ts";
import { type Mh, makeMh } from "./mh.ts";

/** What stands after a clone: no home, and a desktop that shows notifications. The daemon makes the home, and says where it is. */
async function freshHome() {
  const mh = makeMh(undefined, { PATH: "" });
  const bin = path.join(mh.config, "bin");
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, "notify-send"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  fs.mkdirSync(mh.root);
  // Another port than the usual one, which somebody's mh may have.
  fs.writeFileSync(path.join(mh.root, "config.yaml"), "daemon:\n  port: 0\n");
  const { out, err } = mh.run(["daemon", "start"], {
    under: ["/usr/bin/env", `PATH=${bin}:${process.env.PATH}`, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere"],
  });
  expect(out + err).toMatch(/it takes you through the first run/);
  const [link = ""] = /http:\/\/127\.0\.0\.1:\d+\/welcome#code=\S+/.exec(out) ?? [];
  const visit = await signedIn(browser, link);
  return {
    mh,
    page: visit.page,
    complaints: visit.complaints,
    async [Symbol.asyncDispose]() {
      await visit[Symbol.asyncDispose]();
      mh.run(["daemon", "stop"]);
      mh[Symbol.dispose]();
    },
  };
}

const json = (mh: Mh, ...args: string[]) => JSON.parse(mh.run([...args, "--json"]).out);
const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).click();

async function imports(page: Page, file: string, found: RegExp, taken: RegExp): Promise<void> {
  await page.getByLabel("Its path on the machine of mh").fill(file);
  await press(page, "Preview");
  await page.getByText(found).waitFor();
  await press(page, "Import");
  await page.getByText(taken).waitFor();
}

/** Name, a value, the folder, three imports with a reload between, trust, and one agent. */
async function throughTheSteps(mh: Mh, page: Page): Promise<void> {
  const files = firstRunFiles(mh.config);
  await page.getByLabel("What should mh call you?").fill("Ada");
  await page.getByLabel("One thing that matters to you").fill("Calm before speed.");
  await press(page, "Next");
  await page.getByText(mh.root, { exact: true }).waitFor();
  await press(page, "Next");
  await imports(page, files.notes, /^4 memories in 4 files, read as markdown/, /^4 memories imported/);
  // A reload goes on where it was.
  await page.reload();
  await imports(page, files.calendar, /^2 memories in 1 file, read as ics/, /^2 memories imported/);
  await press(page, "Import something else");
  await imports(page, files.mailbox, /^2 memories in 1 file, read as mbox/, /^2 memories imported/);
  await press(page, "Next");
  await page.getByRole("radio", { name: /Suggest/ }).check();
  await press(page, "Next");
  await page.getByText("calendar.read").waitFor();
  await press(page, "Allow");
  await page.getByText("morning-brief is allowed.").waitFor();
  await press(page, "Next");
  expect(json(mh, "config", "get", "owner")).toMatchObject({ values: { owner: "Ada" } });
  expect(json(mh, "persona", "show", "values").sections[0].text).toBe("Calm before speed.\n");
}

inBrowser(
  "H22 the first run without a model: imports, an answer, an allowed agent, an answered approval, an undone run",
  async () => {
    await using fresh = await freshHome();
    const { mh, page, complaints } = fresh;
    await throughTheSteps(mh, page);

    await press(page, "Remember");
    await page.getByText("Remembered, about Sarah and ML project.").waitFor();
    await page.getByLabel("2. Ask").fill("What does Sarah want by 12 December?");
    await press(page, "Ask");
    await page.locator("blockquote", { hasText: "She wants the drawings by 12 December" }).first().waitFor();
    await press(page, "Look");
    await page.getByText("destroy: asks").waitFor();
    await press(page, "Verify now");
    await page.getByText(/^Unbroken: \d+ records/).waitFor();
    await press(page, "Undo");
    await page.getByText("The log keeps that it was there").waitFor();
    await press(page, "Go to the dashboard");

    // A rule in plain words: its agent asks before it notifies.
    await page.getByRole("link", { name: "Policy" }).first().click();
    await page.getByRole("combobox", { name: "Add rule" }).selectOption("ask");
    await page.getByLabel("What it is about").fill("agent morning-brief notifies me");
    await press(page, "Show what it would do");
    await press(page, "Put in force");
    await page.getByText("In force from now on.").waitFor();

    await page.getByRole("link", { name: "Agents" }).first().click();
    await page.getByRole("button", { name: /^morning-brief/ }).click();
    await press(page, "Run now");
    await page
      .getByRole("link", { name: /Approvals/ })
      .first()
      .click();
    const card = page.locator(".card", { hasText: "Your brief for" }).first();
    await card.waitFor();
    const approve = card.getByRole("button", { name: /Approve once/ });
    await expect.poll(() => approve.getAttribute("aria-disabled")).toBe("false");
    await approve.click();
    await page.getByText("No questions").first().waitFor();
    expect(json(mh, "act", "approval.list", '{"all":true}').approvals[0].status).toBe("approved");

    await undoTheRun(mh, page);
    // A command that ends otherwise than done has a status of HTTP for it, which Chromium notes.
    expect(complaints.filter((each) => !each.startsWith("Failed to load resource"))).toEqual([]);
  },
);

/** Looks the agent's run up in the log, and takes back all that it did. */
async function undoTheRun(mh: Mh, page: Page): Promise<void> {
  const briefs = () =>
    json(mh, "act", "memory.list", "{}").memories.filter(({ tags }: { tags: string[] }) => tags.includes("brief"));
  expect(briefs()).toHaveLength(1);
  await page.getByRole("link", { name: "Agents" }).first().click();
  await page.getByRole("button", { name: /^morning-brief/ }).click();
  await page.getByRole("link", { name: /^Why/ }).first().click();
  await press(page, /^Undo.*…$/);
  await page.getByText("cannot be undone").first().waitFor();
  await press(page, /^Undo \d command/);
  await expect.poll(briefs).toHaveLength(0);
}

inBrowser(
  "H22 the first run with a model: connected in the settings, asked in the chat, its command approved, a run undone",
  async () => {
    await using scripted = await startScriptedModels();
    await using fresh = await freshHome();
    const { mh, page } = fresh;
    await throughTheSteps(mh, page);
    await press(page, "Go to the dashboard");

    await page.getByRole("link", { name: "Settings" }).first().click();
    await page.getByRole("link", { name: "Models" }).first().click();
    await press(page, "Add a model");
    await page.getByLabel("Where its server is").fill(scripted.url);
    await press(page, "See which models it has");
    await page.getByRole("radio", { name: /scripted/ }).check();
    await press(page, "Try it, and use it first");
    await page.locator("main li", { hasText: "scripted" }).getByText("asked first").waitFor();

    await page.getByRole("link", { name: "Chat" }).first().click();
    await press(page, "Let it read, note and plan");
    scripted.script = inTurn(
      calls(["memory_search", { q: "drawings" }]),
      says("Sarah wants the drawings by 12 December."),
      calls(["task_add", { title: "Send Sarah the drawings", due: "2026-12-12" }]),
      says("It is on your list."),
    );
    const say = async (words: string) => {
      await page.getByLabel("Ask, tell or correct").fill(words);
      await page.keyboard.press("Enter");
    };
    await say("What does Sarah want?");
    await page.locator(".reply", { hasText: "by 12 December" }).first().waitFor();
    await say("Add a task: Send Sarah the drawings, due 2026-12-12");
    await page.locator(".reply", { hasText: "on your list" }).first().waitFor();
    expect(json(mh, "act", "task.list", "{}").tasks).toMatchObject([{ title: "Send Sarah the drawings" }]);
    scripted.script = inTurn(
      calls(["disk_write", { path: path.join(mh.config, "letter.txt"), text: "Dear Sarah" }]),
      says("It waits for you."),
    );
    await say("Write Dear Sarah into a file");
    const deny = page.locator(".card").getByRole("button", { name: "Deny" });
    await expect.poll(() => deny.getAttribute("aria-disabled")).toBe("false");
    await deny.click();
    await expect.poll(() => json(mh, "act", "approval.list", "{}").approvals).toHaveLength(0);

    scripted.script = () => says(JSON.stringify({ summary: "A free day." }));
    await page.getByRole("link", { name: "Agents" }).first().click();
    await page.getByRole("button", { name: /^morning-brief/ }).click();
    await press(page, "Run now");
    await page.locator("main", { hasText: "Done" }).getByRole("link", { name: /^Why/ }).first().waitFor();
    await undoTheRun(mh, page);
  },
);

inBrowser("H22 an import in the first run shows its progress, outlives a reload, and is cancelled", async () => {
  await using fresh = await freshHome();
  const { mh, page } = fresh;
  const table = path.join(mh.config, "log.csv");
  fs.writeFileSync(
    table,
    `content\n${Array.from({ length: 200_000 }, (_, n) => `Walked ${n} steps to the harbour`).join("\n")}\n`,
  );
  await press(page, "3 Import");
  await page.getByLabel("Its path on the machine of mh").fill(table);
  await press(page, "Preview");
  await page.getByText(/^200,000 memories/).waitFor();
  await press(page, "Import");
  await page.getByText(/added$/).waitFor();
  await page.reload();
  await press(page, "Cancel");
  await page.getByText("Cancelled. What was imported so far stays").waitFor();
  const { memories } = json(mh, "act", "home.status", "{}");
  expect(memories).toBeLessThan(200_000);
});
