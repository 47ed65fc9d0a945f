import type { ValueFor } from "@mh/contract/contracts.ts";
import { moneyWords } from "@mh/contract/values/money.ts";
import { countSql, latestSql } from "@mh/core/chat/pages.ts";
import { memorySchema } from "@mh/core/memory/schema.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";
import { calls, chatHome, inTurn, says } from "../support/chat-home.ts";
import { forget } from "../support/forget.ts";

test("H22 a page of a chat is found by its place in an index, and nothing is sorted for it", () => {
  const db = openProjection(":memory:");
  onTestFinished(() => void db.close());
  db.exec(memorySchema);
  const values = { session: "chat:x", end: 5, below: null };
  for (const sql of [latestSql, countSql]) {
    const rows = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[];
    expect(rows[0]?.detail).toBe("SEARCH memories USING INDEX memories_session (session=? AND rowid<?)");
    expect(rows.map(({ detail }) => detail).join("; ")).not.toMatch(/TEMP B-TREE/);
  }
});

test("H22 of a long chat no more messages are read than one page has", async () => {
  const read = countRows();
  await using made = await chatHome();
  const { home, chat } = made;
  for (let n = 0; n < 200; n += 1) await home.own("chat.keep", { chat, text: `Said ${n}`, isAnswer: n % 2 === 1 });
  const whole = await home.own("chat.show", { chat });
  const before = read();
  const last = await home.own("chat.show", { chat, limit: 20 });
  expect(last).toMatchObject({ earlier: 180, messages: whole.messages.slice(180) });
  const earlier = await home.own("chat.show", { chat, limit: 20, before: last.messages[0]?.id });
  expect(earlier).toMatchObject({ earlier: 160, messages: whole.messages.slice(160, 180) });
  // A batch for each page, one for the last message of all, and how the chat begins, twice.
  expect(before).toBeGreaterThanOrEqual(200);
  expect(read() - before).toBe(3 * 64 + 2 * 20);
});

/** How many records of memories are read from here on. */
function countRows(): () => number {
  let rows = 0;
  const prepare = Sqlite.prototype.prepare;
  const spy = vi.spyOn(Sqlite.prototype, "prepare").mockImplementation(function (this: Sqlite.Database, sql) {
    const statement = prepare.call(this, sql);
    if (!/SELECT .*\brecord FROM memories/.test(sql)) return statement as never;
    const all = statement.all.bind(statement) as (...values: unknown[]) => unknown[];
    statement.all = (...values: unknown[]) => {
      const found = all(...values);
      rows += found.length;
      return found;
    };
    return statement as never;
  });
  onTestFinished(() => spy.mockRestore());
  return () => rows;
}

test("H24 pages of a fork of a fork join without a gap or a double, also where it was forked at is forgotten", async () => {
  await using made = await chatHome();
  const { home, chat } = made;
  const keep = async (at: string, ...texts: string[]) => {
    for (const text of texts) await home.own("chat.keep", { chat: at, text });
  };
  await keep(chat, "one", "two", "three");
  const messageOf = async (of: string, text: string) =>
    (await home.own("chat.show", { chat: of })).messages.find((each) => each.text === text)?.id ?? "";
  const { id: fork } = await home.own("chat.fork", { chat, through: await messageOf(chat, "two") });
  await keep(fork, "four", "five");
  const { id: again } = await home.own("chat.fork", { chat: fork, through: await messageOf(fork, "four") });
  await keep(again, "six", "seven");
  await keep(chat, "never");
  const texts = ({ messages }: ValueFor<"chat.show">) => messages.map(({ text }) => text);
  const paged = async () => {
    const all: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = await home.own("chat.show", { chat: again, limit: 1, ...(before && { before }) });
      all.unshift(...texts(page));
      expect(page.earlier + all.length).toBe(texts(await home.own("chat.show", { chat: again })).length);
      if (page.earlier === 0) return all;
      before = page.messages[0]?.id;
    }
  };
  expect(await paged()).toEqual(["one", "two", "four", "six", "seven"]);
  await expect(home.own("chat.show", { chat: again, before: await messageOf(fork, "five") })).rejects.toThrow(
    /no message/,
  );
  const end = (await messageOf(again, "six")).slice(-12);
  expect(texts(await home.own("chat.show", { chat: again, before: end }))).toEqual(["one", "two", "four"]);
  await forget(home, await messageOf(chat, "two"));
  expect(await paged()).toEqual(["one", "four", "six", "seven"]);
});

test("H24 a call of no tool that there is, or with arguments that cannot be read, is shown with why nothing was called", async () => {
  await using made = await chatHome();
  const { scripted } = made;
  scripted.script = inTurn(
    calls(["rocket_launch", { to: "the moon" }]),
    { ...says(""), pieces: [{ call: "task_list", args: "{not json" }] },
    says("I cannot."),
  );
  const { made: how, acts } = await made.say("Launch it");
  const shown = how.steps.flatMap(({ calls: of }) => of.map(({ skill, args, gave }) => ({ skill, args, gave })));
  expect(shown).toEqual([
    { skill: "rocket_launch", args: { to: "the moon" }, gave: "There is no tool rocket_launch." },
    { skill: "task_list", args: "{not json", gave: expect.stringContaining("were no JSON object") },
  ]);
  expect(acts).toEqual([]);
});

test("K9 money is written as its currency counts it: with cents, without any, and with more of them", () => {
  expect([moneyWords(1250, "EUR"), moneyWords(0.25, "USD"), moneyWords(1250, "JPY"), moneyWords(1250, "KWD")]).toEqual([
    "12.5 EUR",
    "0.0025 USD",
    "1250 JPY",
    "1.25 KWD",
  ]);
});
