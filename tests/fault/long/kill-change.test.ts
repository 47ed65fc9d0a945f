import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { verifyJournal } from "@mh/core/journal/verify.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { createHome } from "@mh/host/home/home-file.ts";
import type { Host } from "@mh/host/home/host.ts";
import { openHome } from "@mh/host/home/open-home.ts";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { expectSound } from "../../support/expect-sound.ts";
import { killChild } from "../../support/kill-child.ts";
import { childFile } from "../../support/prepared.ts";

const kills = process.env.CI ? 60 : 15;
/** A home that grows is slow to open: after so many kills all is undone, and the next one is taken. */
const killsPerHome = 5;
const child = childFile("change-child");

test(`K4 after ${kills} kills in the middle of changes and undos nothing is half done, and all of it can still be undone`, async () => {
  const random = randomFrom(inject("seed"));
  let left = kills;
  const lane = async () => {
    while (left > 0) {
      const rounds = Math.min(killsPerHome, left);
      left -= rounds;
      await killInOneHome(rounds, random);
    }
  };
  await Promise.all([lane(), lane()]);
});

async function killInOneHome(rounds: number, random: () => number): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-change-"));
  const [root, config] = [path.join(folder, "home"), path.join(folder, "config")];
  createHome(root, { HOME: config }, { owner: "Ada", timeZone: "UTC" });
  const settings = fs.readFileSync(path.join(root, "config.yaml"), "utf8");
  for (let round = 0; round < rounds; round += 1) {
    const program = [child, root, config, String(Math.floor(random() * 2 ** 31))];
    await killChild({ program, lines: 1 + Math.floor(random() * 40), laterMs: random() * 8 });
    expect(["ok", "torn"]).toContain(verifyJournal(journalReader(root)).status);
    if (random() < 0.2) fs.rmSync(path.join(root, "memory/index"), { recursive: true });
    await using host = await open(root, config);
    expect(await value(host, "damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
    expect([host.report.memories.badLines, host.report.memories.documents.broken]).toEqual([[], []]);
  }
  await undoAll(root, config);
  await expectSound(root);
  expect(fs.readFileSync(path.join(root, "config.yaml"), "utf8")).toBe(settings);
  fs.rmSync(folder, { recursive: true });
}

async function undoAll(root: string, config: string): Promise<void> {
  await using host = await open(root, config);
  for (;;) {
    const outcome = await host.act({ principal: "owner", skill: "history.undo", args: {} });
    if (outcome.status === "done") continue;
    expect(outcome).toMatchObject({ fault: { code: "history.nothing" } });
    break;
  }
  expect(await value(host, "memory.list")).toEqual({ memories: [], next: null });
  expect(await value(host, "task.list", { all: true })).toMatchObject({ tasks: [] });
  expect(await value(host, "persona.show")).toEqual({ sections: [] });
}

async function open(root: string, config: string): Promise<Host> {
  const host = await openHome(root, { environment: { HOME: config } });
  if (!host) throw new Error("the home is held");
  return host;
}

async function value(host: Host, skill: string, args: unknown = {}): Promise<unknown> {
  const outcome = await host.act({ principal: "owner", skill, args });
  if (outcome.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
  return outcome.value;
}
