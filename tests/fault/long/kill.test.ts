import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { verifyJournal } from "@mh/core/journal/verify.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { createHome } from "@mh/host/home/home-file.ts";
import { openHome } from "@mh/host/home/open-home.ts";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";

const killsWanted = process.env.CI ? 1000 : 100;
const roundsPerHome = 25;
const child = path.join(import.meta.dirname, "capture-child.ts");

test(
  `R1 ${killsWanted} kills at random moments: every acknowledged write is there, the chain verifies, nothing runs twice`,
  async () => {
    const random = randomFrom(inject("seed"));
    let left = killsWanted;
    const compiled = fs.mkdtempSync(path.join(os.tmpdir(), "mh-kill-compiled-"));
    const lane = async () => {
      while (left > 0) {
        const rounds = Math.min(roundsPerHome, left);
        left -= rounds;
        await killInOneHome({ rounds, compiled }, random);
      }
    };
    await Promise.all([lane(), lane()]);
    fs.rmSync(compiled, { recursive: true });
  },
  30 * 60_000,
);

async function killInOneHome(
  { rounds, compiled }: { rounds: number; compiled: string },
  random: () => number,
): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-kill-"));
  const [root, config] = [path.join(folder, "home"), path.join(folder, "config")];
  createHome(root, { HOME: config }, { owner: "Test", timeZone: "UTC" });
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    acknowledged.push(...(await killOnce({ root, config, round, compiled, after: Math.floor(random() * 40) })));
    // Before anything is repaired.
    const onDisk = memoryText(root);
    expect(acknowledged.filter((id) => !onDisk.includes(`"id":"${id}"`))).toEqual([]);
    expect(["ok", "torn"]).toContain(verifyJournal(journalReader(root)).status);
  }
  const memories = await reopened(root, config);
  const ids = new Set(memories.map(({ id }) => id));
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(new Set(memories.map(({ content }) => content)).size).toBe(memories.length);
  expect(memories.filter(({ count }) => count !== 1)).toEqual([]);
  expect(verifyJournal(journalReader(root)).status).toBe("ok");
  fs.rmSync(folder, { recursive: true });
}

type Listed = { id: string; content: string; count: number };

/** Opens the home again, which mends it, and lists everything. */
async function reopened(root: string, config: string): Promise<Listed[]> {
  await using host = await openHome(root, { environment: { HOME: config } });
  const all: Listed[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page = await host?.act({ principal: "owner", skill: "memory.list", args: { after } });
    if (page?.status !== "done") throw new Error(JSON.stringify(page));
    const { memories, next } = page.value as { memories: Listed[]; next: string | null };
    all.push(...memories);
    after = next;
  }
  return all;
}

/** Runs a child until it acknowledged so many, kills it, and gives what it acknowledged. */
function killOnce(round: {
  root: string;
  config: string;
  round: number;
  compiled: string;
  after: number;
}): Promise<string[]> {
  const running: ChildProcess = spawn(process.execPath, [child, round.root, round.config, String(round.round)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: round.compiled },
  });
  let printed = "";
  let complaint = "";
  running.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk;
  });
  running.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk;
    if (printed.split("\n").length > round.after) running.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    running.on("close", (_code, signal) => {
      if (signal === "SIGKILL") resolve(printed.split("\n").slice(0, -1));
      else reject(new Error(`the child ended by itself: ${complaint}`));
    });
  });
}

function memoryText(root: string): string {
  const folder = path.join(root, "memory", "episodic");
  const files = fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ndjson"));
  return files.map((name) => fs.readFileSync(path.join(folder, name), "utf8")).join("");
}
