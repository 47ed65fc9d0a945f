import * as fs from "node:fs";
import { owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { describe, expect, test } from "vitest";
import { agentFile, capturing, scheduled, texts } from "../support/scheduled.ts";

describe("H14 the scheduler", () => {
  test("an agent does only what its file names and its owner gave", async () => {
    const body = `for (const [skill, args] of [["memory.list", {}], ["task.list", {}],
        ["kernel.stop", {}], ["agent.run", { agent: "brief", trigger: "owner", kind: "owner", slot: "x", attempt: 1, at: agent.trigger.at }],
        ["outbox.append", { text: "sent", effect: "send" }]])
        agent.log(skill + " " + (await agent.act(skill, args)).status);
      ${capturing}`;
    const may = ["memory.capture", "outbox.append"];
    await using day = await scheduled({
      agents: { brief: agentFile("brief", body, { may, ensures: ["memory.capture"] }) },
    });
    await day.look("2026-03-03T06:00:00Z");
    const { runs } = await day.home.own("agent.log", {
      name: "brief",
    });
    const said = runs[0]?.lines.filter(({ stream }) => stream === "log").map(({ text }) => text);
    expect(said?.slice(1)).toEqual([
      "memory.list denied",
      "task.list denied",
      "kernel.stop denied",
      "agent.run failed",
      "outbox.append parked",
    ]);
    expect(day.home.outbox()).toEqual([]);
  });

  test("a changed file is taken in by itself, one that asks for more waits for the owner", async () => {
    await using day = await scheduled({ agents: { brief: agentFile("brief", capturing) } });
    day.home.agent("brief", agentFile("brief", 'await agent.need("memory.capture", { text: "The new version" });'));
    await day.look("2026-03-03T06:00:00Z");
    expect(await texts(day.home)).toEqual(["The new version"]);
    const wide = agentFile("brief", 'await agent.need("task.add", { title: "Wider" });', {
      may: ["memory.capture", "task.add"],
    });
    day.home.agent("brief", wide);
    await day.look("2026-03-04T06:00:00Z");
    await day.look();
    expect(day.troubles).toEqual([expect.stringContaining("asks for task.add too")]);
    expect((await day.home.own<{ tasks: unknown[] }>("task.list", {})).tasks).toEqual([]);
    const { agents } = await day.home.own("agent.list", {});
    expect(agents).toMatchObject([{ state: "changed", asksFor: ["task.add"] }]);
    await day.home.own("agent.allow", { name: "brief" });
    await day.look("2026-03-05T06:00:00Z");
    expect((await day.home.own<{ tasks: unknown[] }>("task.list", {})).tasks).toHaveLength(1);
  });

  test("S8 a text that changed after it was allowed vouches for nothing, not even where it came with mh", async () => {
    const sending = (to: string) =>
      agentFile("brief", `await agent.act("outbox.append", { text: "Hi", to: ${to}, effect: "write" });`, {
        may: ["outbox.append"],
        ensures: ["outbox.append?"],
      });
    await using day = await scheduled({ agents: { brief: sending('["evil", "example.net"].join("@")') } });
    await day.home.own("trust.set", { principal: "agent:brief", level: "adaptive_auto" });
    await day.look("2026-03-03T06:00:00Z");
    expect(day.home.outbox()).toEqual([]);
    day.home.agent("brief", sending('"evil@example.net"'));
    await day.look("2026-03-04T06:00:00Z");
    await day.look("2026-03-05T06:00:00Z");
    // A pause and a new start are no permission for the words.
    for (const skill of ["agent.pause", "agent.resume"] as const) await day.home.own(skill, { name: "brief" });
    await day.look("2026-03-06T06:00:00Z");
    expect([day.ends(), day.home.outbox()]).toEqual([{ brief: "done" }, []]);
    await day.home.own("agent.allow", { name: "brief" });
    await day.look("2026-03-07T06:00:00Z");
    expect(day.home.outbox()).toEqual(["Hi"]);
  });

  test("S8 a file that somebody else changed waits, the text that was allowed stays, and what it asks for no longer is gone", async () => {
    const allowed = agentFile("brief", capturing, { may: ["memory.capture", "task.add"] });
    await using day = await scheduled({
      agents: { brief: allowed },
      isShippedAgent: () => false,
    });
    const before = fs.statSync(day.home.file("../agents/brief.ts"));
    const changed = agentFile("brief", capturing.replace("Run", "Fun"), { may: ["memory.capture", "task.add"] });
    day.home.agent("brief", changed);
    fs.utimesSync(day.home.file("../agents/brief.ts"), before.atime, before.mtime);
    await day.look();
    const state = async () => (await day.home.own("agent.list", {})).agents[0]?.state;
    expect([await state(), day.troubles]).toEqual(["changed", [expect.stringContaining("its file changed")]]);
    const may = async (skill: string) => (await day.home.act("agent:brief", skill, { title: "T" })).status;
    expect(await may("task.add")).not.toBe("denied");
    // By a link, and with less and more in it than before.
    fs.rmSync(day.home.file("../agents/brief.ts"));
    fs.writeFileSync(
      day.home.file("../other.ts"),
      agentFile("brief", capturing, { may: ["memory.capture", "mail.send"] }),
    );
    fs.symlinkSync("../other.ts", day.home.file("../agents/brief.ts"));
    await day.look();
    expect([await state(), await may("task.add")]).toEqual(["changed", "denied"]);
    expect((await day.home.act("agent:brief", "mail.send", {})).status).not.toBe("done");
    // Put back as it was, it does not get back by itself what was taken away.
    fs.rmSync(day.home.file("../agents/brief.ts"));
    day.home.agent("brief", allowed);
    await day.look();
    expect(await may("task.add")).toBe("denied");
    await day.home.own("agent.allow", { name: "brief" });
    expect(await may("task.add")).not.toBe("denied");
  });

  test("an agent that was never allowed does not run, nor one that is paused", async () => {
    await using day = await scheduled({
      agents: { brief: agentFile("brief", capturing), other: agentFile("other", capturing) },
      allow: ["brief"],
    });
    await day.home.own("agent.pause", { name: "brief" });
    await day.look("2026-03-03T06:00:00Z");
    expect(day.runs).toEqual([]);
    await day.home.own("agent.resume", { name: "brief" });
    await day.look("2026-03-04T06:00:00Z");
    expect(day.runs.map(({ due }) => [due.agent, due.slot])).toEqual([["brief", "2026-03-04T07:00"]]);
  });

  test("agents and their logs are called by names, not by paths", async () => {
    await using home = await makeHost({ agents: { constructor: agentFile("constructor", capturing) } });
    fs.mkdirSync(home.file("logs/run"), { recursive: true });
    fs.writeFileSync(home.file("logs/run/daemon.ndjson"), '{"text":"what the daemon says"}\n');
    for (const name of ["..", ".", "../..", "__proto__", "a/b", ""]) {
      const outcome = await home.act(owner, "agent.log", { name });
      expect(outcome, name).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
    }
    await home.own("agent.allow", { name: "constructor" });
    const args = { agent: "constructor", trigger: "owner", kind: "owner", slot: "1", attempt: 1 };
    const at = "2026-03-03T06:00:00Z";
    expect(await home.act("agent:constructor", "agent.run", { ...args, at })).toMatchObject({ status: "done" });
  });

  test("what is allowed is what was shown, though a file may say something else each time it is loaded", async () => {
    const may = '["memory.capture", "task.v" + process.hrtime.bigint()]';
    const odd = agentFile("odd", "").replace('may: ["memory.capture"]', `may: ${may}`);
    await using home = await makeHost({ agents: { odd } });
    const view = async () => (await home.own("agent.list", {})).agents[0];
    const shown = await view();
    await home.reopen();
    const { hash, may: now } = (await view()) ?? {};
    expect([hash, now]).not.toEqual([shown?.hash, shown?.may]);
    expect(hash).toBe(shown?.hash);
    const outcome = await home.act(owner, "agent.allow", { name: "odd", hash, may: shown?.may });
    expect(outcome).toMatchObject({
      status: "failed",
      fault: { message: expect.stringContaining("not what you were shown") },
    });
  });

  test("the same text under another name is another agent", async () => {
    const text = agentFile("brief", capturing);
    await using home = await makeHost({ agents: { brief: text, copy: text } });
    const { agents } = await home.own("agent.list", {});
    expect(agents.map(({ name, fault }) => [name, fault === null])).toEqual([
      ["brief", true],
      ["copy", false],
    ]);
    expect(await home.act(owner, "agent.allow", { name: "copy" })).toMatchObject({ status: "failed" });
  });
});
