import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { owner } from "@mh/contract/values/principal.ts";
import { openHome } from "@mh/host";
import { inspect } from "@mh/host/audit/inspect.ts";
import type { Host } from "@mh/host/home/host.ts";
import { testClock } from "@mh/testing";
import { expect, onTestFinished, test } from "vitest";

const fixture = path.join(import.meta.dirname, "../fixtures/home-0.1.0");
const expected = JSON.parse(fs.readFileSync(path.join(fixture, "expected.json"), "utf8"));

/** A home that version 0.1.0 made, with its keys: memories, tasks, grants, an agent's run, what waits and what was undone. */
function unpack(): { root: string; environment: Record<string, string> } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-old-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  execFileSync("tar", ["-xzf", path.join(fixture, "home.tar.gz"), "-C", folder]);
  return { root: path.join(folder, "mh"), environment: { HOME: folder } };
}

async function ask<T>(host: Host, skill: string, args: unknown): Promise<T> {
  const outcome = await host.act({ principal: owner, skill, args });
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  return outcome.value as T;
}

async function seen(host: Host) {
  type Hit = { id: string };
  // What was found is found; in which order, and what means the same besides, is what search says today.
  const search: Record<string, string[]> = {};
  for (const [query, hits] of Object.entries(expected.search)) {
    const before = (hits as [string, number][]).map(([id]) => id);
    const found = (await ask<{ hits: Hit[] }>(host, "memory.search", { q: query })).hits.map(({ id }) => id);
    search[query] = found.filter((id) => before.includes(id)).sort();
  }
  const { tasks } = await ask<{ tasks: Record<string, string>[] }>(host, "task.list", { all: true });
  const { approvals } = await ask<{ approvals: Record<string, string>[] }>(host, "approval.list", {});
  const { grants } = await ask<{ grants: Record<string, string>[] }>(host, "grant.list", {});
  return {
    search,
    tasks: tasks.map(({ id, title, status }) => [id, title, status]),
    approvals: approvals.map(({ id, skill = "", status }) => [id, skill.split("@")[0], status]),
    grants: grants.map(({ principal, skill }) => [principal, skill]),
  };
}

test.each([true, false])(
  "a home of version 0.1.0 opens, verifies and finds as before (its index there: %s)",
  async (hasIndex) => {
    const { root, environment } = unpack();
    expect(inspect(root, environment).verify({})).toMatchObject(expected.audit);
    if (!hasIndex) fs.rmSync(path.join(root, "memory/index"), { recursive: true });
    // Before what waited lapses.
    const host = await openHome(root, { environment, clock: testClock("2026-11-28T21:30:00Z") });
    if (!host) throw new Error("the home is held");
    const search = Object.fromEntries(
      Object.entries(expected.search).map(([query, hits]) => [
        query,
        (hits as [string, number][]).map(([id]) => id).sort(),
      ]),
    );
    const { tasks, approvals, grants } = expected;
    expect(await seen(host)).toEqual({ search, tasks, approvals, grants });
    expect(await ask(host, "history.undo", {})).toBeDefined();
    await host[Symbol.asyncDispose]();
    expect(inspect(root, environment).verify({})).toMatchObject({ status: "ok", from: 0 });
  },
);
