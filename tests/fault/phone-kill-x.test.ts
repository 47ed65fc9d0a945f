import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { randomFrom } from "@mh/testing";
import { startScriptedTelegram } from "@mh/testing/scripted-telegram/server.ts";
import { expect, inject, test, vi } from "vitest";
import { expectSound } from "../support/expect-sound.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const ada = 7_700_000_077;
const kills = process.env.CI ? 12 : 5;
const until = (holds: () => void | Promise<void>) => vi.waitFor(holds, { timeout: 8_000, interval: 20 });

/** A daemon in a process of its own, once it is up. */
async function startDaemon(mh: Mh): Promise<ChildProcess> {
  const file = path.join(import.meta.dirname, "daemon-child.ts");
  const child = spawn(process.execPath, [file, mh.root, mh.config], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`The daemon ended with ${code}.`)));
  });
  return child;
}

async function killDaemon(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

test(`H25 the daemon is killed ${kills} times between what was typed and its answer: nothing is lost, and nothing done twice`, async () => {
  using mh = mhWithHome();
  await using telegram = await startScriptedTelegram();
  expect(mh.run(["secret", "store", "keyfile"]).code).toBe(0);
  expect(mh.run(["secret", "set", "telegram"], { input: `${telegram.token}\n` }).code).toBe(0);
  const unset = await mh.here(["channel", "pair", "telegram"]);
  expect([unset.code, unset.err]).toEqual([1, expect.stringContaining("mh config set telegram.secret telegram")]);
  expect((await mh.here(["config", "set", "telegram.secret", "telegram"])).code).toBe(0);
  expect((await mh.here(["config", "set", "telegram.url", telegram.url])).code).toBe(0);
  fs.appendFileSync(path.join(mh.root, "config.yaml"), "daemon: { port: 0 }\n");
  const { out } = await mh.here(["channel", "pair", "telegram", "--json"]);
  const { code, url } = JSON.parse(out) as { code: string; url: string };
  expect(url).toBe(`https://t.me/scripted_bot?start=${code}`);

  const rule = `@id("ask") @title("Ask about what a helper remembers")
    forbid (principal == mh::Principal::"agent:helper", action, resource) unless { context.approved };`;
  fs.writeFileSync(path.join(mh.root, "persona", "policy", "ask.cedar"), rule);
  expect((await mh.here(["grant", "give", "agent:helper", "memory.capture"])).code).toBe(0);
  const random = randomFrom(inject("seed"));
  let daemon = await startDaemon(mh);
  telegram.types(ada, `/start ${code}`);
  await until(() =>
    expect(telegram.chat(ada).map(({ text }) => text)).toContainEqual(expect.stringMatching("Paired.")),
  );
  for (let n = 0; n < kills; n += 1) {
    const act = ["act", "memory.capture", JSON.stringify({ text: `Asked ${n}` }), "--as", "agent:helper"];
    expect((await mh.start(act)).code).toBe(4);
    await until(() =>
      expect(telegram.chat(ada).some(({ text, buttons }) => text.includes(`Asked ${n}`) && buttons.length > 0)).toBe(
        true,
      ),
    );
    telegram.types(ada, `/note Told ${n}`);
    telegram.presses(ada, "Approve");
    await new Promise((resolve) => setTimeout(resolve, random() * 400));
    await killDaemon(daemon);
    daemon = await startDaemon(mh);
    await until(() => {
      const texts = telegram.chat(ada).map(({ text }) => text);
      expect(texts.filter((text) => /Kept\.$/.test(text)).length).toBeGreaterThan(n);
      expect(1).toBe(2);
    });
  }
  const texts = telegram.chat(ada).map(({ text }) => text);
  // What may have arrived before the kill, and was said again, says so.
  expect(texts.filter((text) => text === "Kept.").length).toBeLessThanOrEqual(kills);
  await killDaemon(daemon);
  const listed = await mh.here(["memory", "list", "--all", "--json"]);
  const memories = listed.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { content: string; count: number });
  const expected = Array.from({ length: kills }, (_, n) => [
    [`Told ${n}`, 1],
    [`Asked ${n}`, 1],
  ]).flat();
  expect(memories.map(({ content, count }) => [content, count]).sort()).toEqual(expected.sort());
  expect((await mh.here(["audit", "verify"])).code).toBe(0);
  await expectSound(mh.root);
  const again = await mh.here(["channel", "list"]);
  expect(again.out).toMatch(/telegram {2}not listening: no daemon runs[\s\S]*phone {2}operator/);
  expect((await mh.here(["channel", "doctor"])).out).toContain("the bot is @scripted_bot");
});
