import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { describe, expect } from "vitest";
import { child, folder, sandboxed } from "./mcp-trial.ts";

const low = { effect: "read", risk: "low", control: [] };
const tools = ["paint", "twice", "open", "forever", "steps"];

async function homeWith(revision: string, args: string[] = []): Promise<TestHost> {
  const home = await makeHost();
  const trial = { command: "node", args: [child, "asks", ...args], env: { REVISION: revision }, write: [folder] };
  await home.own("config.write", {
    text: JSON.stringify({ owner: "Ada", approvals: { openPerPrincipal: 3 }, mcpServers: { trial } }),
  });
  const { stage, hash } = await home.own("mcp.look", { server: "trial" });
  await home.own("mcp.allow", { stage, hash, judged: Object.fromEntries(tools.map((tool) => [tool, low])) });
  for (const tool of tools) await home.own("grant.give", { principal: agent("a"), skill: `mcp-trial.${tool}` });
  await home.own("trust.set", { principal: agent("a"), level: "adaptive_auto" });
  return home;
}

const textOf = (outcome: Outcome | undefined): string =>
  outcome?.status === "done"
    ? (outcome.value as { text: string }).text
    : outcome?.status === "failed"
      ? `${outcome.fault.code} ${outcome.fault.message}`
      : String(outcome?.status);

/** Approves what a command asks, and gives how that command ends. */
async function answer(home: TestHost, id: string, values?: object): Promise<string> {
  const { hash } = await home.own("approval.show", { id });
  const approved = await home.act(owner, "approval.approve", { id, hash, ...(values && { values }) });
  return approved.status === "done" ? textOf(await home.host.wait(id)) : textOf(approved);
}

describe.each(["newer", "older", "abrupt"])("a server of the %s revision", (revision) => {
  sandboxed("P7 what it asks is put to the owner whole, and answered as the same command", async () => {
    await using home = await homeWith(revision);
    const outcome = await home.act(agent("a"), "mcp-trial.paint", {});
    expect(outcome).toMatchObject({ status: "parked", layer: "approval" });
    const { id } = outcome;
    expect(await home.own("approval.list", {})).toMatchObject({
      approvals: [{ id, principal: "agent:a", reason: "mcp:trial asks you something before it goes on" }],
    });
    const { shown } = await home.own("approval.show", { id });
    const lines = shown.map(({ label, text }) => `${label}: ${text}`);
    expect(lines[0]).toMatch(/^careful: .*in the words of mcp:trial.*No password belongs here/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^it asks: Which color\?\n.*\[U\+001B\]\[2JTell me \[U\+202E\]your/),
    );
    expect(lines).toContain("it wants: color: Of the door (one of red, green)");
    expect(lines).toContainEqual(expect.stringMatching(/^it wants: coats: \(integer; at least 1; at most 3; 2 unless/));
    // Nobody else answers: not the agent that called, not a server, and not with what does not fit.
    for (const other of [agent("a"), "mcp:trial"] as const) {
      const { hash } = await home.own("approval.show", { id });
      const tried = await home.act(other, "approval.approve", { id, hash, values: { color: "red" } });
      expect(tried.status).toBe("denied");
    }
    expect(await answer(home, id)).toMatch(/^args\.invalid It asks for color/);
    expect(await answer(home, id, { color: "blue" })).toMatch(/^args\.invalid color does not fit/);
    expect(await answer(home, id, { color: "red", coats: 7 })).toMatch(/^args\.invalid coats/);
    expect(await answer(home, id, { color: "red", door: "front" })).toMatch(/^args\.invalid Nobody asks for door/);
    const said = await answer(home, id, { color: "red" });
    expect(said).toMatch(/"action":"accept","content":\{"color":"red","coats":2\}/);
    // The very call that asked, by what the server gave to be handed back.
    expect(said).toMatch(/pid \d+$/);
    const records = [...inspect(home.root, home.environment).records()].filter((record) => record.id === id);
    expect(records.map(({ phase }) => phase)).toEqual(["intent", "ask", "intent", "outcome"]);
    expect(textOf(await home.act(agent("a"), "mcp-trial.paint", {}, { id }))).toBe(said);
    expect(await answer(home, id, { color: "red" })).toMatch(/^approval\.closed/);
  });

  sandboxed(
    "a denial goes back to the server as the answer, and the command ends with what it makes of it",
    async () => {
      await using home = await homeWith(revision);
      const { id } = await home.act(owner, "mcp-trial.paint", {});
      await home.own("approval.deny", { id });
      expect(textOf(await home.host.wait(id))).toContain('"action":"decline"');
      const { approvals } = await home.own("approval.list", { all: true });
      expect(approvals).toMatchObject([{ id, status: "refused" }]);
    },
  );

  sandboxed("one that asks twice is answered twice; one that never has enough is given up", async () => {
    await using home = await homeWith(revision);
    const { id } = await home.act(agent("a"), "mcp-trial.twice", {});
    expect(await answer(home, id)).toBe("parked");
    expect((await home.own("approval.show", { id })).shown).toContainEqual({ label: "it asks", text: "Really?" });
    expect(await answer(home, id)).toBe("two accept accept");
  });

  sandboxed("an address to be opened is shown with its host, and nothing here opens it", async () => {
    await using home = await homeWith(revision);
    const { id } = await home.act(agent("a"), "mcp-trial.open", {});
    const { shown } = await home.own("approval.show", { id });
    expect(shown).toContainEqual({ label: "to open", text: "https://pay.example/confirm?x=1" });
    expect(shown).toContainEqual({ label: "which is at", text: "pay.example" });
    expect(await answer(home, id)).toContain('"action":"accept"');
  });

  sandboxed(
    "how far a tool is is told to those who watch, and one that is cancelled does not stand in the way of the next",
    async () => {
      const seen = path.join(folder, `seen-${revision}`);
      await using home = await homeWith(revision, [seen]);
      const notes: string[] = [];
      const begin = () => home.host.begin({ principal: owner, skill: "mcp-trial.steps", args: {} });
      const run = begin();
      using _watching = run.watch(({ done, total, note }) => notes.push(`${done}/${total} ${note}`));
      await expect.poll(() => notes).toEqual(["1/2 step 1[U+001B][2J", "2/2 step 2[U+001B][2J"]);
      run.cancel("You pressed Ctrl-C");
      expect((await run.outcome).status).toBe("interrupted");
      fs.writeFileSync(seen, "");
      expect(textOf(await begin().outcome)).toBe("done");
    },
  );
});

sandboxed(
  "P12 a server cannot flood the owner: what asks for one principal is counted as its approvals are",
  async () => {
    await using home = await homeWith("newer");
    const openPerPrincipal = 3;
    const ends = [];
    for (let n = 0; n <= openPerPrincipal; n += 1) ends.push(await home.act(agent("a"), "mcp-trial.paint", {}));
    expect(ends.slice(0, -1).every(({ status }) => status === "parked")).toBe(true);
    expect(textOf(ends.at(-1))).toMatch(/skill\.refused|denied|rate/);
    expect(textOf(await home.act(owner, "mcp-trial.forever", {}))).toMatch(/^mcp\.failed.*asked 8 times/);
  },
);

sandboxed(
  "a question outlives the process where the server can be asked again, and says so where it cannot",
  async () => {
    for (const [revision, end] of [
      ["newer", /"action":"accept"/],
      ["older", /^mcp\.failed trial failed: it no longer waits for your answer/],
    ] as const) {
      await using home = await homeWith(revision);
      const { id } = await home.act(agent("a"), "mcp-trial.paint", {});
      await home.reopen();
      expect(await answer(home, id, { color: "green" })).toMatch(end);
    }
  },
);
