// What a program may do that was added to ask as well as to use what it is granted.
import { skillOf, toolName } from "@mh/core/tools/tool-name.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const claude = "client:claude";

/** As `mh mcp client add claude` leaves it. */
async function withClient(may: string[] = ["memory.capture"]): Promise<TestHost> {
  const home = await makeHost();
  await home.own("client.add", { name: "claude", may });
  await home.own("trust.set", { principal: claude, level: "suggest" });
  for (const skill of ["tool.list", "memory.search", "approval.mine"])
    await home.own("grant.give", { principal: claude, skill });
  return home;
}

const hashOf = async (home: TestHost, id: string) => (await home.own("approval.show", { id })).hash;

test("what a program may ask for waits for the owner each time, and an approval is for that one command", async () => {
  await using home = await withClient();
  const asked = await home.act(claude, "memory.capture", { text: "The train leaves at nine" });
  expect(asked).toMatchObject({ status: "parked", layer: "capability" });
  const { shown } = await home.own("approval.show", { id: asked.id });
  expect(shown.map(({ text }) => text).join("\n")).not.toContain("from now on");
  expect(await home.approve(asked.id, await hashOf(home, asked.id))).toMatchObject({ status: "done" });
  expect((await home.act(claude, "memory.capture", { text: "And the bus at ten" })).status).toBe("parked");
  // Its twin: granted, it asks no more.
  await home.own("grant.give", { principal: claude, skill: "memory.capture" });
  expect((await home.act(claude, "memory.capture", { text: "The ferry at noon" })).status).toBe("done");
});

test("an agent's first use is granted by its approval as before", async () => {
  await using home = await makeHost({ declared: new Map([["agent:mail", ["memory.capture"]]]) });
  const asked = await home.act("agent:mail", "memory.capture", { text: "one" });
  await home.approve(asked.id, await hashOf(home, asked.id));
  expect((await home.act("agent:mail", "memory.capture", { text: "two" })).status).toBe("done");
});

test("a program uses what it was granted beside what it may ask for, nothing else, and nothing once it is revoked", async () => {
  await using home = await withClient();
  expect((await home.act(claude, "memory.search", { q: "train" })).status).toBe("done");
  expect(await home.act(claude, "task.add", { title: "x" })).toMatchObject({ status: "denied", layer: "capability" });
  await home.own("grant.give", { principal: claude, skill: "task.list" });
  expect((await home.act(claude, "task.list")).status).toBe("done");
  await home.own("client.revoke", { client: "claude" });
  for (const skill of ["memory.search", "memory.capture", "task.list"])
    expect((await home.act(claude, skill, {})).status).toBe("denied");
  // The next of its name has nothing of it.
  await home.own("client.add", { name: "claude" });
  expect((await home.act(claude, "memory.capture", { text: "x" })).status).toBe("denied");
});

test("a program that was added without more asks for nothing, as before", async () => {
  await using home = await makeHost();
  await home.own("client.add", { name: "notebook" });
  await home.own("trust.set", { principal: "client:notebook", level: "suggest" });
  expect((await home.act("client:notebook", "memory.capture", { text: "x" })).status).toBe("denied");
});

test("nobody is given more to ask for than there is, nor what is the owner's alone", async () => {
  await using home = await makeHost();
  for (const may of [["grant.give"], ["no.such"], ["approval.approve"], ["secret.set"]])
    expect((await home.act("owner", "client.add", { name: "claude", may })).status).toBe("failed");
});

test("K1 tools are those that a program may use, as the contracts say them: nothing of what is stored, and none of the owner's", async () => {
  await using home = await withClient();
  await home.own("memory.capture", { text: "Mara keeps the key under the third pot" });
  const listed = await home.act(claude, "tool.list");
  if (listed.status !== "done") throw new Error(JSON.stringify(listed));
  const { tools } = listed.value as { tools: { skill: string; title: string; input: unknown; output: unknown }[] };
  expect(tools.map(({ skill }) => skill)).toEqual(["approval.mine", "memory.capture", "memory.search"]);
  expect(JSON.stringify(tools)).not.toContain("Mara");
  const { contract } = home.host.registry.get("memory.search");
  expect(tools[2]).toMatchObject({ title: contract.title, reads: true, input: { type: "object", required: ["q"] } });
  await home.own("kernel.stop", {});
  expect((await home.act(claude, "tool.list")).status).toBe("denied");
});

test("a tool that the trust table denies whatever it is asked is not listed", async () => {
  await using home = await withClient();
  await home.own("trust.set", { principal: claude, level: "observe" });
  const listed = await home.act(claude, "tool.list");
  expect(JSON.stringify(listed)).not.toContain("memory.capture");
});

test("a program sees what became of its own requests, and of nobody else's", async () => {
  await using home = await withClient();
  const asked = await home.act(claude, "memory.capture", { text: "The train leaves at nine" });
  await home.own("client.add", { name: "other", may: ["memory.capture"] });
  await home.own("trust.set", { principal: "client:other", level: "suggest" });
  const others = await home.act("client:other", "memory.capture", { text: "The train leaves at ten" });
  const mine = async (args = {}) => {
    const outcome = await home.act(claude, "approval.mine", args);
    return outcome.status === "done" ? (outcome.value as { approvals: object[] }).approvals : outcome.status;
  };
  expect(await mine()).toMatchObject([{ id: asked.id, skill: "memory.capture", status: "open", answeredAt: null }]);
  await home.own("approval.deny", { id: asked.id });
  expect(await mine({ id: asked.id })).toMatchObject([{ status: "refused" }]);
  expect(await mine({ id: others.id })).toEqual([]);
});

test("H12 a call that is repeated without its id is the command that was asked about, until the request expires", async () => {
  await using home = await withClient();
  const call = { principal: claude, skill: "memory.capture", args: { text: "The train leaves at nine" } };
  const { host } = home;
  expect(host.askedBefore(call)).toBeUndefined();
  const asked = await home.act(claude, call.skill, call.args);
  expect(host.askedBefore(call)).toBe(asked.id);
  await home.approve(asked.id, await hashOf(home, asked.id));
  expect(host.askedBefore(call)).toBe(asked.id);
  expect((await home.act(claude, call.skill, call.args, { id: asked.id })).status).toBe("done");
  // Others, and other arguments, are other commands.
  expect(host.askedBefore({ ...call, principal: "client:other" })).toBeUndefined();
  expect(host.askedBefore({ ...call, args: { text: "The train leaves at ten" } })).toBeUndefined();
  for (const args of [undefined, { text: 1 }, { text: "x", owner: true }])
    expect(host.askedBefore({ ...call, args })).toBeUndefined();
  home.clock.forward(8 * 24 * 60 * 60_000);
  expect(host.askedBefore(call)).toBeUndefined();
});

test("H12 a call whose approved run failed may be asked for anew", async () => {
  await using home = await withClient(["task.start"]);
  const call = { principal: claude, skill: "task.start", args: { id: "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17" } };
  const asked = await home.act(claude, call.skill, call.args);
  expect(asked.status).toBe("parked");
  expect(await home.approve(asked.id, await hashOf(home, asked.id))).toMatchObject({ status: "failed" });
  expect(home.host.askedBefore(call)).toBeUndefined();
});

test("P8 each skill has a tool's name of its own, valid for MCP, that means this skill and no other", async () => {
  await using home = await makeHost();
  const names = home.host.registry.all().map(({ contract: { name } }) => name);
  expect(names.map(toolName).map(skillOf)).toEqual(names);
  expect(names.map(toolName).filter((tool) => !/^[A-Za-z0-9_-]{1,64}$/.test(tool))).toEqual([]);
  // Names that look like these at a glance mean no skill.
  for (const tool of [
    "memory.search",
    "Memory_search",
    "memory_ѕearch",
    "_memory_search",
    "memory__search",
    "memory_",
    " memory_search",
  ])
    expect([tool, names.includes(skillOf(tool) ?? "")]).toEqual([tool, false]);
});
