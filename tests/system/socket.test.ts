import * as fs from "node:fs";
import * as path from "node:path";
import { defineContract } from "@mh/contract/contract.ts";
import { defineQuery } from "@mh/core/kernel/skill.ts";
import { askLocally } from "@mh/host/serve/socket/answer.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { lateBy } from "../support/late-by.ts";
import { provenSocket } from "../support/raw-socket.ts";

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

test("no line on the socket ends the process that holds the home, and the next one is answered", async () => {
  await using home = await makeHost();
  await using _serving = await serve(home.host);
  const id = home.host.newId();
  const act = (args: string) => `{"n":1,"do":"act","id":"${id}","skill":"memory.capture","args":${args}}`;
  for (const line of [
    "{",
    "{}",
    `{"n":${deep(200_000)}}`,
    act(deep(200_000)),
    act(`{"text":${deep(65)}}`),
    act('{"text":"\\ud800"}'),
    act('{"text":"x","tags":["\\ud800"]}'),
    act('{"__proto__":{"text":"x"}}'),
  ]) {
    expect(await askOnce(home, line)).toMatch(/"fault":\{"code":"(?:args|protocol)\.invalid"|"skill\.failed"/);
  }
  const { outcome } = JSON.parse(await askOnce(home, act('{"text":"Tea with Sarah"}').replace(id, home.host.newId())));
  expect(outcome).toMatchObject({ status: "done" });
});

test("who asks without end and never reads an answer is not read from any more, and keeps nobody from ending", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "tea with Sarah ".repeat(5_000) });
  const serving = await serve(home.host);
  const { socket } = await provenSocket(home);
  socket.pause();
  const line = (n: number) =>
    `${JSON.stringify({ n, do: "act", id: home.host.newId(), skill: "memory.list", args: {} })}\n`;
  let asked = 0;
  while (socket.writableLength < 2 ** 20 && asked < 50_000) {
    socket.write(line(asked));
    asked += 1;
    if (asked % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(asked).toBeLessThan(50_000);
  const closed = new Promise((resolve) => socket.on("error", () => undefined).on("close", resolve));
  expect(await lateBy(5_000, () => serving[Symbol.asyncDispose]())).toBe(0);
  await closed;
});

test("what is no request is refused in the process that holds the home, too, under its number", async () => {
  await using home = await makeHost();
  const before = journal(home.root);
  const request = { n: 7, do: "act", id: home.host.newId(), skill: "memory.capture", args: { text: "x" } };
  for (const wrong of [
    { ...request, as: "nobody" },
    { ...request, as: "owner/phone" },
    { ...request, as: "agent:a b" },
    { ...request, id: "x" },
  ])
    expect(await askLocally(home.host, new AbortController().signal)(wrong as never)).toMatchObject({
      n: 7,
      fault: { code: "protocol.invalid" },
    });
  expect(journal(home.root)).toBe(before);
  await using _serving = await serve(home.host);
  // Whoever asked over the socket waits for the number.
  const line = JSON.stringify({ ...request, words: "x".repeat(100_001) });
  expect(JSON.parse(await askOnce(home, line))).toMatchObject({ n: 7, fault: { code: "protocol.invalid" } });
});

test("S5 a client that sends line after line that is no request is disconnected, before the process did a million things", async () => {
  await using home = await makeHost();
  await using _serving = await serve(home.host);
  for (const line of ["{", "{}", "[".repeat(100), '{"n":1,"do":"act"}']) {
    using raw = await provenSocket(home);
    raw.socket.write(`${line}\n`.repeat(50_000));
    const answers: unknown[] = [];
    for (let reply = await raw.ask(""); reply; reply = await raw.ask("")) answers.push(reply);
    expect([line, answers.length]).toEqual([line, 101]);
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ fault: expect.anything() })));
  }
  expect((await home.own<{ memories: unknown[] }>("memory.list", {})).memories).toEqual([]);
});

test("an answer that is no JSON is a fault of its skill, and ends nothing", async () => {
  const contract = defineContract({
    ...{ name: "big.number", kind: "query", title: "Count" },
    ...{ input: () => z.strictObject({}), output: () => z.unknown(), examples: [{ title: "At all", args: {} }] },
  });
  await using home = await makeHost({ skills: [defineQuery(contract, { run: () => 10n })] });
  await using _serving = await serve(home.host);
  const line = JSON.stringify({ n: 3, do: "act", id: home.host.newId(), skill: "big.number", args: {} });
  expect(JSON.parse(await askOnce(home, line))).toMatchObject({ n: 3, fault: { code: "output.invalid" } });
});

test("a key that something is followed by is refused to another, and still ends the first", async () => {
  await using home = await makeHost();
  const ask = askLocally(home.host, new AbortController().signal);
  const key = home.host.newId();
  const first = ask({ n: 1, do: "follow", key, events: "**" });
  expect(await ask({ n: 2, do: "follow", key, events: "**" })).toMatchObject({ n: 2, fault: { code: "args.invalid" } });
  await ask({ n: 3, do: "unfollow", key });
  expect(await first).toEqual({ n: 1, ended: "unfollowed" });
});

test("a device with as many followers as it may have keeps nobody else from following", async () => {
  await using home = await makeHost();
  const { cursors } = home.host;
  for (let n = 0; n < 200; n += 1) cursors.begin("owner/phone", `follower-${n}`, 0);
  expect(() => cursors.begin("owner/phone", "one-more", 0)).toThrow("200 followers");
  cursors.begin("owner", "site", 0);
  expect(cursors.of("owner", "site")).toBe(0);
});

const journal = (root: string): string =>
  fs
    .globSync("logs/audit/*.ndjson", { cwd: root })
    .map((name) => fs.readFileSync(path.join(root, name), "utf8"))
    .join("");

async function askOnce(home: TestHost, line: string): Promise<string> {
  using raw = await provenSocket(home);
  return JSON.stringify(await raw.ask(`${line}\n`));
}
