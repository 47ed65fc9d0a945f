// The Chat page as it is read: hostile texts, sources of sentences, long chats, and every way of getting about.
import { owner } from "@mh/contract/values/principal.ts";
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { traced } from "../../bench/support/traced.ts";
import { calls, inTurn, says } from "../support/chat-home.ts";
import { chatPage } from "../support/chat-page.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { violationsIn } from "../support/site-axe.ts";
import { desk, live, phone } from "../support/site-browser.ts";

const hostile = [
  '<img src="https://evil.example/a.png" onerror="window.hurt = 1">',
  "![a](https://evil.example/b.png) [Approve here](https://evil.example/c)",
  "<script>window.hurt = 1</script>",
  "Reversed \u202e drow",
].join("\n\n");

inBrowser("P18 hostile texts in answers, titles, arguments and memories act nowhere, and load nothing", async () => {
  await using chat = await chatPage(browser);
  const { page, home, scripted } = chat;
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const { id } = await home.own("memory.capture", { text: `Lisbon ${hostile}` });
  scripted.script = inTurn(
    calls(["memory_search", { q: `Lisbon ${hostile}`.slice(0, 400) }]),
    says(`${hostile}\n\nThat is all. [${id.slice(-8)}]`),
  );
  await chat.say(`Lisbon ${hostile}`);
  await page.locator(".reply .ref").first().waitFor();
  await home.own("chat.rename", { chat: chat.shown(), title: hostile.replaceAll("\n", " ").slice(0, 200) });
  await page.getByRole("heading", { name: /img src/ }).waitFor();
  await page.locator(".tool-open").click();
  await page.locator(".ref").first().click();
  await page.locator(".source .prose-quote", { hasText: "onerror" }).waitFor();
  const main = page.locator("main");
  expect(await main.locator('img, script, iframe, a[href*="//evil"]').count()).toBe(0);
  expect(await main.locator(".boxed", { hasText: "U+202E" }).count()).toBeGreaterThanOrEqual(3);
  expect(await page.locator(".body").last().textContent()).toContain("Approve here (https://evil.example/c)");
  expect(await page.evaluate("window.hurt")).toBeUndefined();
  expect(asked.filter((url) => !url.startsWith(chat.url))).toEqual([]);
  expect(chat.complaints).toEqual([]);
});

inBrowser(
  "P14 by keys alone a sentence gives its source, which is put right and forgotten there; what a liar claims stands beside the log",
  async () => {
    await using chat = await chatPage(browser);
    const { page, home, scripted } = chat;
    const { id } = await home.own("memory.capture", { text: "Sarah moves to Lisbon in March" });
    scripted.script = inTurn(
      calls(["memory_search", { q: "Sarah" }]),
      says(`I sent her the mail. She moves to Lisbon. [${id.slice(-8)}]`),
    );
    await page.keyboard.press("Tab");
    await chat.field.focus();
    await page.keyboard.type("Where does Sarah move?");
    await page.keyboard.press("Enter");
    const ref = page.getByRole("button", { name: "Source 1: Yours" });
    await ref.waitFor();
    expect(await page.locator(".by-log").textContent()).toBe("By the log: nothing was changed or sent.");
    await page.locator(".tool-open").focus();
    await page.keyboard.press("Enter");
    expect(await page.locator(".args").textContent()).toMatch(/q\s*Sarah/);
    await ref.focus();
    await page.keyboard.press("Enter");
    const source = page.getByRole("dialog", { name: "Where it comes from" });
    await source.getByText("Sarah moves to Lisbon in March").waitFor();
    await page.keyboard.press("Escape");
    await source.waitFor({ state: "hidden" });
    expect(await ref.evaluate(isFocused)).toBe(true);
    await page.keyboard.press("Enter");
    const wrong = source.getByRole("button", { name: "Wrong" });
    await expect.poll(() => wrong.isEnabled()).toBe(true);
    await wrong.focus();
    await page.keyboard.press("Enter");
    await source.getByLabel("What is right").fill("Sarah moves to Lisbon in May");
    await source.getByRole("button", { name: "Save" }).press("Enter");
    await expect
      .poll(async () => (await home.own("memory.show", { id })).memory.content)
      .toBe("Sarah moves to Lisbon in May");
    await source.getByRole("button", { name: "Forget…" }).press("Enter");
    await source.getByRole("button", { name: /Forget/ }).press("Enter");
    await ref.waitFor({ state: "detached" });
    expect((await home.act(owner, "memory.show", { id })).status).toBe("failed");
  },
);

inBrowser.each([
  { name: "at a desk, light", options: { ...desk, colorScheme: "light" as const } },
  { name: "on a phone, dark", options: { ...phone, colorScheme: "dark" as const } },
])("H22 a full chat $name has no fault that axe finds, and its targets are large enough", async ({ name, options }) => {
  await using chat = await chatPage(browser, options);
  const { page, home, scripted } = chat;
  const { id } = await home.own("memory.capture", { text: "Sarah moves to Lisbon in March" });
  scripted.script = inTurn(
    calls(["memory_search", { q: "Sarah" }], ["outbox_append", { text: "x", to: "bob@new.example", effect: "write" }]),
    says(`# A head\n\n- To **Lisbon**. [${id.slice(-8)}]\n\n\`\`\`\ncode\n\`\`\``),
  );
  await chat.say("Where does Sarah move? Append it to the outbox");
  await page.locator(".card .acts").waitFor();
  await page.locator(".tool-open").first().click();
  expect(await violationsIn(page)).toEqual([]);
  const isPhone = name.includes("phone");
  if (isPhone) {
    await page.getByRole("button", { name: "What it saw", exact: true }).first().tap();
    await page.getByRole("img", { name: /^Of [\d,]+ tokens: .*Memories/ }).waitFor();
    await page.getByRole("button", { name: "Chats", exact: true }).tap();
  } else await page.getByRole("img", { name: /^Of [\d,]+ tokens: .*Memories/ }).waitFor();
  await page.getByRole("searchbox", { name: "Search all chats" }).fill("lisbon");
  await page.locator(".sessions a", { hasText: "Where does Sarah move" }).waitFor();
  expect(await violationsIn(page)).toEqual([]);
  await page.getByRole("searchbox", { name: "Search all chats" }).fill("");
  const least = isPhone ? 44 : 24;
  const small =
    await page.evaluate(`[...document.querySelectorAll("main button")].filter((each) => each.checkVisibility() && !each.matches(".ref"))
    .map((each) => [each.textContent.trim() || each.ariaLabel, Math.round(each.getBoundingClientRect().height)]).filter(([, height]) => height < ${least})`);
  expect(small).toEqual([]);
  if (isPhone)
    expect(
      await page.evaluate("parseFloat(getComputedStyle(document.querySelector('main input[type=search]')).fontSize)"),
    ).toBeGreaterThanOrEqual(16);
});

inBrowser("H24 an empty chat stands at the bottom of its page, and says by examples what can be asked", async () => {
  await using chat = await chatPage(browser, phone);
  const { page, field, scripted, home } = chat;
  const { length } = (await home.own("chat.list", {})).chats;
  const bottom = async () => {
    const { y = 0, height = 0 } = (await page.locator(".composer").boundingBox()) ?? {};
    return Math.round(y + height);
  };
  expect(await bottom()).toBeGreaterThan(700);
  const example = page.getByRole("list", { name: "For example" }).getByRole("button").nth(1);
  const words = (await example.textContent()) ?? "";
  await example.tap();
  expect(await field.inputValue()).toBe(words);
  expect(await field.evaluate(isFocused)).toBe(true);
  // Nothing is said before its owner sends it.
  expect((await home.own("chat.list", {})).chats).toHaveLength(length);
  scripted.script = inTurn(calls(["rocket_\u202elaunch", { to: "the moon" }]), says("There is no such thing."));
  await field.press("Enter");
  await page.getByText("There is no such thing.").waitFor();
  const card = page.locator(".tool", { hasText: "launch" });
  await card.locator(".state", { hasText: "Refused" }).waitFor();
  await card.locator(".boxed", { hasText: "U+202E" }).first().waitFor();
  await card.locator(".tool-open").tap();
  await card.locator(".args", { hasText: "the moon" }).waitFor();
  // It never was a command: the log has nothing that says why.
  expect(await card.getByRole("link").count()).toBe(0);
});

inBrowser(
  "H22 of a chat of 2,000 messages the end is read first, the rest as it is scrolled to, and nothing moves under a reading eye",
  async () => {
    await using chat = await chatPage(browser);
    const { page, home } = chat;
    const { id } = await home.own("chat.start", { title: "Long" });
    for (let n = 0; n < 2000; n += 1) {
      const text = `Message ${n}. ${"What was said there was not short. ".repeat(n % 7)}`;
      await home.own("chat.keep", { chat: id, text, isAnswer: n % 2 === 1 });
    }
    await page.goto(`${chat.url}/chat?id=${id}`);
    await live(page);
    await page.getByText("Message 1999.").waitFor();
    expect(await page.locator(".turn").count()).toBe(60);
    await expect
      .poll(() => page.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY"))
      .toBeLessThan(5);
    // What comes below moves nobody who reads further up.
    await page.mouse.move(500, 400);
    await page.mouse.wheel(0, -900);
    await page.getByRole("button", { name: "To the end" }).waitFor();
    const reading = page.locator(".turn", { hasText: "Message 1990." });
    const before = await restingTop(reading);
    await home.own("chat.keep", { chat: id, text: "Said elsewhere meanwhile" });
    await page.getByText("Said elsewhere meanwhile").waitFor({ state: "attached" });
    expect(await restingTop(reading)).toBe(before);
    // Back to the first, as from the search over all chats.
    const [first] = (await home.own("chat.show", { chat: id })).messages;
    await page.goto(`${chat.url}/chat?id=${id}&at=${first?.id}`);
    const begun = page.locator(`[id="m-${first?.id}"]`);
    await expect.poll(async () => (await begun.count()) > 0 && (await topOf(begun))).toBeLessThan(900);
    expect(await page.locator(".turn").count()).toBe(2001);
    expect(await restingTop(begun)).toBeGreaterThanOrEqual(0);
    const session = await page.context().newCDPSession(page);
    const scrolled = async () => {
      const gesture = { x: 500, y: 400, speed: 4000, gestureSourceType: "mouse" } as const;
      for (const yDistance of [-8000, -8000, 8000, 8000])
        await session.send("Input.synthesizeScrollGesture", { ...gesture, yDistance });
    };
    // A busy machine makes one time long or another; what the page itself does is long each time.
    const worst: number[] = [];
    for (let n = 0; n < 3; n += 1) worst.push((await traced(page, session, scrolled)).worstTaskMs);
    expect(Math.min(...worst), `of ${worst}`).toBeLessThan(taskMsMax);
  },
);

/** Of the processor: a longer task makes a frame late, whatever else the machine has to do. */
const taskMsMax = 50;

const isFocused = (element: { matches: (selector: string) => boolean }): boolean => element.matches(":focus");
const topOf = (of: Locator): Promise<number> =>
  of.evaluate((element: { getBoundingClientRect: () => { top: number } }) =>
    Math.round(element.getBoundingClientRect().top),
  );

/** Where it stands once it moves no more. */
async function restingTop(of: Locator): Promise<number> {
  let last = Number.NaN;
  await expect
    .poll(async () => {
      const before = last;
      last = await topOf(of);
      return last === before;
    })
    .toBe(true);
  return last;
}
