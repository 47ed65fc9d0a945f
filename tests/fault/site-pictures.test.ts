import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { browser, inBrowser } from "../support/in-browser.ts";
import { violationsIn } from "../support/site-axe.ts";
import { openPage, signedIn } from "../support/site-browser.ts";
import { fillHome } from "../support/site-home.ts";
import { fillRuns } from "../support/site-runs.ts";
import { linkOf, upHome } from "../support/site-up.ts";
import type { Mh } from "./mh.ts";

let mh: Mh & Disposable;
beforeAll(async () => {
  mh = await upHome((each) => {
    fillHome(each);
    fillRuns(each);
  });
});
afterAll(() => mh[Symbol.dispose]());

const json = (...args: string[]) => JSON.parse(mh.run([...args, "--json"]).out);
const brief = "/agents?agent=morning-brief";

inBrowser("H22 activity is drawn once it is wanted, and its table says what the CLI counts", async () => {
  await using visit = await signedIn(browser, linkOf(mh));
  const { page, context, complaints } = visit;
  const scripts = new Set<string>();
  page.on("response", (each) => each.url().endsWith(".js") && scripts.add(each.url()));
  // Read anew: the body of a response is gone once the page leads on.
  const drawing = async () => {
    const texts = await Promise.all([...scripts].map(async (url) => (await context.request.get(url)).text()));
    return texts.filter((text) => /uPlot|forceSimulation|alphaDecay|u-over/.test(text)).length;
  };
  await openPage(page, "/");
  await page.locator(".chart").waitFor();
  expect([scripts.size > 0, await drawing()]).toEqual([true, 0]);
  await openPage(page, "/audit");
  await page.locator(".plot canvas").waitFor();
  await expect.poll(drawing).toBe(1);
  await page.getByText("As a table").click();
  await page.locator(".as-table tbody td").first().waitFor();
  const cells = await page.locator(".as-table tbody td").allTextContents();
  const sum = (column: number) => cells.filter((_, n) => n % 3 === column).reduce((n, cell) => n + Number(cell), 0);
  const { slots } = json("audit", "activity", "-n", "2") as { slots: Record<string, number>[] };
  const counted = (...of: string[]) =>
    slots.reduce((n, slot) => n + of.reduce((m, each) => m + (slot[each] ?? 0), 0), 0);
  expect([sum(0), sum(1), sum(2)]).toEqual([counted("done"), counted("asked"), counted("denied", "failed")]);
  expect(complaints).toEqual([]);
});

inBrowser("H22 a run is seen along time, as a tree and as a list, each with the same steps", async () => {
  await using visit = await signedIn(browser, linkOf(mh));
  const { page, complaints } = visit;
  const { steps } = json("agent", "trace", json("agent", "show", "morning-brief").runs[0].id) as {
    steps: { skill: string }[];
  };
  const skills = steps.map(({ skill }) => skill);
  await openPage(page, brief);
  await page.locator(".time-line li").first().waitFor();
  expect(await page.locator(".time-line .what").allTextContents()).toEqual(skills);
  // What the bars say is said in words.
  expect(await page.locator(".time-line li").first().textContent()).toContain("on the critical path");
  await page.getByRole("link", { name: "Tree", exact: true }).press("Enter");
  await page.locator(".tree").waitFor();
  expect(await page.locator(".run .node > div").count()).toBe(skills.length);
  await page.getByRole("link", { name: "List", exact: true }).click();
  await page.locator(".run-table tbody th").first().waitFor();
  expect(await page.locator(".run-table tbody th").allTextContents()).toEqual(skills);
  await page.getByRole("link", { name: "What it said" }).click();
  await page.locator(".log-line", { hasText: "Begun" }).waitFor();
  expect(complaints).toEqual([]);
});

inBrowser("P18 a run is shared as a file that was seen before, runs nothing and asks for nothing", async () => {
  await using visit = await signedIn(browser, linkOf(mh));
  const { page, context } = visit;
  await openPage(page, brief);
  await page.getByRole("button", { name: "Share this run…" }).click();
  const save = page.getByRole("link", { name: "Save the file" });
  await save.waitFor();
  const preview = await page.locator(".share .time-line .what").allTextContents();
  expect(preview).not.toEqual([]);
  const [download] = await Promise.all([page.waitForEvent("download"), save.click()]);
  const file = path.join(mh.root, "..", "run.html");
  await download.saveAs(file);
  const html = fs.readFileSync(file, "utf8");
  for (const word of ["Sarah", "Marta", "Greg", "Dentist", "rail card", "brief for"])
    expect([word, html.includes(word)]).toEqual([word, false]);
  const other = await context.newPage();
  const [asked, said]: [string[], string[]] = [[], []];
  other.on("request", (each) => asked.push(each.url()));
  other.on("console", (message) => said.push(message.text()));
  await other.goto(`file://${file}`);
  expect([asked.length, said]).toEqual([1, []]);
  expect(await other.locator("tbody td:nth-child(2)").allTextContents()).toEqual(preview);
  expect(await violationsIn(other)).toEqual([]);
});

inBrowser("K4 a run is taken back as one command, and what stays is listed before what goes", async () => {
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  await openPage(page, brief);
  const before = json("memory", "stats").kinds.artifact;
  await page.getByRole("button", { name: /^Undo/ }).click();
  const plan = page.locator(".undo-plan");
  await plan.waitFor();
  const headings = await plan.locator("h3, p.small").allTextContents();
  expect(headings[0]).toMatch(/^Stays as it is|^All of it can be undone/);
  expect(headings[1]).toMatch(/^Will be undone/);
  await plan.getByRole("button", { name: /^Undo 1 command/ }).press("Enter");
  await page.getByText(/^Undone: 1 command/).waitFor();
  expect(json("memory", "stats").kinds.artifact ?? 0).toBe(before - 1);
  const { records } = json("act", "log.search", '{"skill":"history.undo-task","limit":50}');
  expect(new Set(records.map(({ id }: { id: string }) => id)).size).toBe(1);
});

inBrowser("K3 the log is verified, a checkpoint is kept, and a kept one is checked later", async () => {
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  await openPage(page, "/audit");
  await page.getByRole("button", { name: "Verify now" }).click();
  await page.getByRole("heading", { name: /^Unbroken/ }).waitFor();
  await page.getByRole("button", { name: "Checkpoint…" }).click();
  await page.getByRole("button", { name: "Sign a checkpoint" }).click();
  const note = (await page.locator(".signed-note").textContent()) ?? "";
  expect(note).toMatch(/^mh\/.*\n\d+\n.*\n\n— mh\//s);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Save as file" }).click(),
  ]);
  expect(fs.readFileSync(await download.path(), "utf8")).toBe(note);
  // The terminal takes the same file.
  expect(mh.run(["audit", "verify", "--witness", await download.path()]).code).toBe(0);
  mh.run(["capture", "One thing more"]);
  const kept = page.getByLabel("The checkpoint, whole");
  await kept.fill(note);
  await page.getByRole("button", { name: "Check the log against it" }).click();
  await page.getByText("It holds: the log still begins as it says.").waitFor();
  await kept.fill(note.replace(/\n(\d)/, "\n9$1"));
  await page.getByRole("button", { name: "Check the log against it" }).click();
  await page.getByText("It does not hold.").waitFor();
  await page.locator(".proof-bad").waitFor();
});

inBrowser(
  "H22 a map lies the same each time, is settled when it shows, and is walked by keyboard through its list",
  async () => {
    await using visit = await signedIn(browser, linkOf(mh));
    const { page, complaints } = visit;
    const places = async () => {
      await openPage(page, "/memory?tab=map&around=Sarah");
      await page.locator(".map circle.me").waitFor();
      return page
        .locator(".map circle:not(.hit-area)")
        .evaluateAll((all) => all.map((each) => [each.getAttribute("cx"), each.getAttribute("cy")]));
    };
    const first = await places();
    expect(first.length).toBeGreaterThan(2);
    expect(await places()).toEqual(first);
    expect(await page.locator(".map :is(a, [tabindex])").count()).toBe(0);
    await page.locator(".near").getByRole("link", { name: "Marta", exact: true }).press("Enter");
    await page.getByRole("heading", { name: "Around Marta" }).waitFor();
    await page
      .locator(".near")
      .getByRole("link", { name: /Numbers from the held-out run/ })
      .press("Enter");
    await page.locator(".inspect", { hasText: "recall 0.79" }).waitFor();
    expect(complaints).toEqual([]);
  },
);
