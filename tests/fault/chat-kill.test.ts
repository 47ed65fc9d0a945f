import * as fs from "node:fs";
import * as path from "node:path";
import { randomFrom } from "@mh/testing";
import type { Asked, Reply } from "@mh/testing/scripted-models/script.ts";
import { startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { expect, inject, test } from "vitest";
import { calls, says } from "../support/chat-home.ts";
import { expectSound } from "../support/expect-sound.ts";
import { isAlive } from "../support/is-alive.ts";
import { local } from "../support/model-home.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const kills = process.env.CI ? 9 : 4;
const titles = ["Tea", "Cake", "Plates", "Cups", "Spoons"];

/** Adds one task after the other, as if it knew of no earlier attempt. */
function addsAll({ messages }: Asked): Reply {
  const words = messages.findLast(({ role }) => role === "user")?.text ?? "";
  const [, n = ""] = /for guest (\d)/.exec(words) ?? [];
  const at = messages.length - 1 - messages.findLastIndex(({ role }) => role === "user");
  const title = titles[at / 2];
  return title === undefined ? says(`All is added for guest ${n}.`) : calls(["task_add", { title: `${title} ${n}` }]);
}

const pidOf = (mh: Mh): number =>
  (JSON.parse(fs.readFileSync(path.join(mh.root, "run", "daemon.json"), "utf8")) as { pid: number }).pid;

test(`H24 the daemon killed ${kills} times in the middle of a turn: nothing is done twice, and the chat goes on`, async () => {
  await using scripted = await startScriptedModels();
  using mh = mhWithHome();
  const models = { use: [local(scripted.url)] };
  fs.appendFileSync(path.join(mh.root, "config.yaml"), `\ndaemon:\n  port: 0\nmodels: ${JSON.stringify(models)}\n`);
  expect((await mh.here(["review", "--adopt"])).code).toBe(0);
  expect((await mh.here(["chat", "allow"])).code).toBe(0);
  const random = randomFrom(inject("seed"));
  for (let n = 0; n < kills; n += 1) {
    expect(mh.run(["daemon", "start"]).code).toBe(0);
    const pid = pidOf(mh);
    const first = scripted.asked.length;
    scripted.script = (asked) => {
      if (scripted.asked.length === first + 1) setTimeout(() => process.kill(pid, "SIGKILL"), random() * 150);
      const reply = addsAll(asked);
      // The turn does not end before the kill.
      return isAlive(pid) && reply.pieces.some((piece) => "text" in piece) ? { ...reply, after: "hang" } : reply;
    };
    const chat = n === 0 ? [] : ["--chat", await chatOf(mh)];
    // The one who waits for it may hold the home then, and go on by itself.
    const { code } = await mh.start(["chat", "say", ...chat, `Add what we need for guest ${n}`]);
    if (code !== 0) expect(await mh.here(["chat", "go-on", await chatOf(mh)])).toMatchObject({ code: 0 });
  }
  const { messages } = await show(mh);
  const guests = Array.from({ length: kills }, (_, n) => n);
  expect(messages.map(({ text }) => text)).toEqual(
    guests.flatMap((n) => [`Add what we need for guest ${n}`, `All is added for guest ${n}.`]),
  );
  const { tasks } = JSON.parse((await mh.here(["act", "task.list", "{}"])).out) as { tasks: { title: string }[] };
  const wanted = guests.flatMap((n) => titles.map((title) => `${title} ${n}`));
  expect(tasks.map(({ title }) => title).toSorted()).toEqual(wanted.toSorted());
  expect((await mh.here(["audit", "verify"])).code).toBe(0);
  await expectSound(mh.root);
});

async function chatOf(mh: Mh): Promise<string> {
  const { chats } = JSON.parse((await mh.here(["chat", "list", "--json"])).out) as { chats: { id: string }[] };
  return chats[0]?.id ?? "";
}

async function show(mh: Mh): Promise<{ messages: { by: string; text: string }[] }> {
  return JSON.parse((await mh.here(["chat", "show", await chatOf(mh), "--json"])).out);
}
