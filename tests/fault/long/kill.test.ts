import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { verifyJournal } from "@mh/core/journal/verify.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { createHome } from "@mh/host/home/home-file.ts";
import { openHome } from "@mh/host/home/open-home.ts";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { expectSound } from "../../support/expect-sound.ts";
import { killChild } from "../../support/kill-child.ts";
import { childFile } from "../../support/prepared.ts";

const kills = process.env.CI ? 1000 : 100;
/** A home that grows is slow to open and to check: after so many kills the next one is taken. */
const killsPerHome = 10;
const child = childFile("write-child");

interface Place {
  root: string;
  config: string;
  outbox: string;
  compiled: string;
}

test(`R1 ${kills} kills at random moments: every acknowledged write is there, the chain verifies, nothing runs twice`, async () => {
  const random = randomFrom(inject("seed"));
  const compiled = fs.mkdtempSync(path.join(os.tmpdir(), "mh-kill-compiled-"));
  let left = kills;
  const lane = async () => {
    while (left > 0) {
      const rounds = Math.min(killsPerHome, left);
      left -= rounds;
      await killInOneHome(rounds, compiled, random);
    }
  };
  await Promise.all([lane(), lane()]);
  fs.rmSync(compiled, { recursive: true });
});

async function killInOneHome(rounds: number, compiled: string, random: () => number): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-kill-"));
  const at = (name: string) => path.join(folder, name);
  const place = { root: at("home"), config: at("config"), outbox: at("outbox"), compiled };
  createHome(place.root, { HOME: place.config }, { owner: "Test", timeZone: "UTC" });
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    acknowledged.push(...(await killOnce(place, round, random)));
    // Before anything is repaired.
    const written = textBelow(folder, ["home/memory/episodic", "home/memory/tasks", "outbox"]);
    expect(acknowledged.filter((text) => !written.includes(text))).toEqual([]);
    expect(["ok", "torn"]).toContain(verifyJournal(journalReader(place.root)).status);
  }
  const kept = await reopened(place);
  expect(acknowledged.filter((text) => !kept.includes(text))).toEqual([]);
  expect(kept.length).toBe(new Set(kept).size);
  expect(verifyJournal(journalReader(place.root)).status).toBe("ok");
  await expectSound(place.root);
  fs.rmSync(folder, { recursive: true });
}

/** Gives what the child had acknowledged. One in five is killed while it opens the home. */
async function killOnce(place: Place, round: number, random: () => number): Promise<string[]> {
  const opening = random() < 0.2;
  const [lines, laterMs] = opening ? [1, random() * 120] : [2 + Math.floor(random() * 40), random() * 8];
  const program = [child, place.root, place.config, place.outbox, String(round)];
  const printed = await killChild({ program, environment: { NODE_COMPILE_CACHE: place.compiled }, lines, laterMs });
  return printed.slice(1);
}

/** Opens the home again, which recovers it, and gives the text of all that was written: twice what was done twice. */
async function reopened({ root, config, outbox }: Place): Promise<string[]> {
  await using host = await openHome(root, { environment: { HOME: config } });
  const read = async <T>(skill: string, args: unknown): Promise<T> => {
    const outcome = await host?.act({ principal: "owner", skill, args });
    if (outcome?.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
    return outcome.value as T;
  };
  const texts: string[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page: Page = await read<Page>("memory.list", { after });
    texts.push(...page.memories.flatMap(({ content, count }) => Array<string>(count).fill(content)));
    after = page.next;
  }
  const { tasks } = await read<{ tasks: { title: string }[] }>("task.list", { all: true });
  const lines = fs.existsSync(outbox) ? fs.readFileSync(outbox, "utf8").split("\n").slice(0, -1) : [];
  return [...texts, ...tasks.map(({ title }) => title), ...lines];
}

interface Page {
  memories: { content: string; count: number }[];
  next: string | null;
}

function textBelow(folder: string, names: readonly string[]): string {
  const files = fs.globSync(
    names.flatMap((name) => [name, `${name}/**/*`]),
    { cwd: folder, withFileTypes: true },
  );
  const texts = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name));
  return texts.map((file) => fs.readFileSync(file, "utf8")).join("\n");
}
