import * as fs from "node:fs";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { makeHost, type TestHost, testClock } from "@mh/testing";
import { shippedAgent } from "../agents-day.ts";
import { filesBelow } from "../files-below.ts";
import { emptyModel, type Model } from "./model.ts";

/** A home, and what it should say. */
export interface World {
  home: TestHost;
  model: Model;
  now(): number;
}

export async function makeWorld(): Promise<World> {
  const agents = { "sleep-service": shippedAgent("sleep-service") };
  // So long ago that no undo reaches it.
  const home = await makeHost({ agents, clock: testClock("2026-01-02T09:00:00Z") });
  const rate = { commandsPerHour: 100_000, commandsPerHourEach: 100_000, sameCommandMax: 100_000 };
  const text = JSON.stringify({ owner: "Ada", timeZone: "Europe/Berlin", rate });
  await home.own("config.write", { text });
  await home.own("agent.allow", { name: "sleep-service" });
  home.clock.set("2026-03-02T09:00:00Z");
  return { home, model: emptyModel(), now: () => home.clock.now() };
}

/** Somebody writes in a file while nobody holds the home. */
export async function byHand({ home }: World, write: () => void): Promise<void> {
  await home.close();
  write();
  await home.reopen();
}

/** What a command of the owner's came to, with what it is allowed to fail with. */
export async function act<T>(
  { home }: World,
  skill: string,
  args: unknown,
  faults: readonly string[] = [],
): Promise<{ id: string; value?: T; fault?: string }> {
  return ended(skill, await home.act(owner, skill, args), faults);
}

export function ended<T>(skill: string, outcome: Outcome, faults: readonly string[]) {
  const { id } = outcome;
  if (outcome.status === "done") return { id, value: outcome.value as T };
  if (outcome.status === "failed" && faults.includes(outcome.fault.code)) return { id, fault: outcome.fault.code };
  throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
}

export const listed = async ({ home }: World): Promise<MemoryRecord[]> =>
  (await home.own<{ memories: MemoryRecord[] }>("memory.list", {})).memories;

export const indexOf = ({ home }: World): string => home.file("memory/index/index.db");

/** Lines of memory files, as they stand there: the last of each memory, and how many there are. */
export function linesIn({ home }: World) {
  const last = new Map<string, { op: string; rev: number; content?: string; kind: string }>();
  let count = 0;
  for (const file of filesBelow(home.file("memory/episodic")).concat(filesBelow(home.file("memory/semantic")))) {
    for (const text of fs.readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const line = JSON.parse(text) as { id: string; op: string; rev: number; content?: string; kind: string };
      count += 1;
      const known = last.get(line.id);
      if (!known || known.rev < line.rev) last.set(line.id, line);
      if (known && [known.op, line.op].includes("tombstone"))
        throw new Error(`${line.id} has a line beside its tombstone`);
    }
  }
  return { last, count };
}

/** Texts of notes, by file. */
export const notesIn = ({ home }: World): Map<string, string> =>
  new Map(
    ["memory/procedural", "memory/preferences"]
      .flatMap((folder) => filesBelow(home.file(folder)))
      .filter((file) => file.endsWith(".md"))
      .map((file) => [file, fs.readFileSync(file, "utf8")]),
  );
