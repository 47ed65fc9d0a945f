import { owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { serveHome } from "../serve-home.ts";
import { slowWork } from "../support/slow-skill.ts";

const outcomeOf = async (answer: Promise<Response>) => (await answer).json() as Promise<Record<string, unknown>>;

test("a device acts within its role, whatever the channel says of it", async () => {
  await using home = await makeHost();
  for (const role of ["viewer", "operator", "admin"] as const) await home.own("device.add", { name: role, role });
  const end = async (device: string, skill: string, args: unknown) =>
    (await home.act(`${owner}/${device}`, skill, args)).status;
  type Asked = [skill: string, args: unknown];
  const reads: Asked = ["task.list", {}];
  const acts: Asked = ["task.add", { title: "Water the plants" }];
  const governs: Asked = ["grant.give", { principal: "agent:me", skill: "task.add" }];
  const stops: Asked = ["kernel.stop", {}];
  expect(await Promise.all([reads, acts, governs].map((each) => end("viewer", ...each)))).toEqual([
    ...["done", "denied", "denied"],
  ]);
  expect(await Promise.all([reads, acts, governs].map((each) => end("operator", ...each)))).toEqual([
    ...["done", "done", "denied"],
  ]);
  // Files of the machine begin programs at the next login.
  const profile: Asked = ["disk.write", { path: `${home.environment.HOME}/.profile`, text: "true" }];
  const program: Asked = ["shell.run", { argv: ["/bin/true"] }];
  expect(await Promise.all([profile, program].map((each) => end("operator", ...each)))).toEqual(["denied", "denied"]);
  expect(await Promise.all([reads, acts, governs].map((each) => end("admin", ...each)))).toEqual([
    ...["done", "done", "done"],
  ]);
  expect(await home.act("owner/viewer", "task.add", { title: "x" })).toMatchObject({
    layer: "capability",
    rules: ["invariant.viewer"],
  });
  // One that is lost lets in no other, and no program.
  for (const skill of ["device.add", "client.add"])
    expect(await end("admin", skill, { name: "another" })).toBe("denied");
  expect(await end("viewer", ...stops)).toBe("done");
});

test("H12 an operator's approval counts, a viewer's does not", async () => {
  await using home = await makeHost();
  for (const role of ["viewer", "operator"] as const) await home.own("device.add", { name: role, role });
  await home.own("grant.give", { principal: "agent:mail", skill: "outbox.append" });
  const asked = await home.act("agent:mail", "outbox.append", { text: "hi", effect: "send" });
  const { hash } = await home.own<{ hash: string }>("approval.show", { id: asked.id });
  const answer = { id: asked.id, hash };
  expect((await home.act("owner/viewer", "approval.approve", answer)).status).toBe("denied");
  expect((await home.act("owner/operator", "approval.approve", answer)).status).toBe("done");
  await home.host.wait(asked.id);
  expect(home.outbox()).toEqual(["hi"]);
});

test("a device of a home from before there were roles may do what its owner may", async () => {
  await using home = await makeHost();
  const { id } = await home.own("device.add", { name: "old", role: "admin" });
  await home.close();
  await home.reopen();
  const { devices } = await home.own("device.list", {});
  expect(devices.map((device) => [device.id, device.role])).toEqual([[id, "admin"]]);
});

test("P11 a program with a token of its own is a principal of its own: it observes, and its words are not the owner's", async () => {
  await using served = await serveHome();
  const { home } = served;
  const { token, principal } = await home.own("client.add", { name: "notebook" });
  expect(principal).toBe("client:notebook");
  const headers = { authorization: `Bearer ${token}` };
  const search = { skill: "memory.search", args: { q: "Sarah" } };
  expect(await outcomeOf(served.post("/v1/query", search, headers))).toMatchObject({ status: "denied" });
  await home.own("grant.give", { principal, skill: "memory.search" });
  expect(await outcomeOf(served.post("/v1/query", search, headers))).toMatchObject({ status: "done" });
  await home.own("grant.give", { principal, skill: "memory.capture" });
  const capture = { skill: "memory.capture", args: { text: "Remember me" }, words: "Remember me" };
  expect(await outcomeOf(served.post("/v1/command", capture, headers))).toMatchObject({
    status: "denied",
    reason: expect.stringContaining("observe"),
  });
  // What everybody does is none of its business, and it stops nobody.
  for (const path of ["/v1/events", "/metrics"]) expect((await served.fetch(path, { headers })).status).toBe(403);
  expect(await outcomeOf(served.post("/v1/command", { skill: "kernel.stop" }, headers))).toMatchObject({
    status: "denied",
  });
  expect(home.host.running("x")).toBeUndefined();
  expect(await home.own("home.status", {})).toMatchObject({ stopped: false });
  await home.own("client.revoke", { client: "notebook" });
  expect((await served.post("/v1/query", search, headers)).status).toBe(401);
});

test("a device that only looks changes nothing by any skill there is", async () => {
  await using home = await makeHost();
  await home.own("device.add", { name: "viewer", role: "viewer" });
  const changing = home.host.registry.all().filter(({ kind }) => kind === "own" || kind === "admin");
  expect(changing.length).toBeGreaterThan(50);
  const allowed = changing.filter(({ contract: { name, examples } }) => {
    const [example] = examples;
    const command = { principal: `${owner}/viewer`, skill: name, args: example?.args ?? {} } as const;
    return home.host.check(command).verdict.verdict !== "deny";
  });
  expect(allowed.map(({ contract }) => contract.name)).toEqual(["kernel.stop"]);
});

test("P20 a device that only looks sets nobody to work: no agent, no chat, and nothing outside but what is read", async () => {
  await using home = await makeHost();
  await home.own("device.add", { name: "viewer", role: "viewer" });
  const outside = home.host.registry.all().filter(({ kind }) => kind === "outside");
  const end = ({ contract: { name, examples } }: (typeof outside)[number]) => {
    const [example] = examples;
    try {
      const command = { principal: `${owner}/viewer`, skill: name, args: example?.args ?? {} } as const;
      return home.host.check(command).verdict.verdict;
    } catch {
      // What its example names is not in this home.
      return "unknown";
    }
  };
  const allowed = outside.filter((skill) => end(skill) === "allow").map(({ contract }) => contract.name);
  expect(allowed.toSorted()).toEqual(["audio.next", "calendar.keep", "calendar.read", "llm.embed", "llm.generate"]);
});

test("what is given once is given to nobody but whoever asked for it, and to them once, however it is waited for", async () => {
  await using served = await serveHome();
  const { host } = served.home;
  const { token } = await served.home.own("device.add", { name: "frame", role: "viewer" });
  const args = { name: "laptop", role: "admin" };
  const run = host.begin({ principal: owner, skill: "device.add", args });
  run.detach();
  const look = async (headers = {}) => (await served.fetch(`/v1/runs/${run.id}?wait=5`, { headers })).text();
  const theirs = [look({ authorization: `Bearer ${token}` })];
  const outcome = await run.outcome;
  const { token: admin } = (outcome as { value: { token: string } }).value;
  theirs.push(look({ authorization: `Bearer ${token}` }));
  for (const text of await Promise.all(theirs)) {
    expect(text).toContain('"state":"over"');
    expect(text).not.toContain(admin);
  }
  expect(await look()).toContain(admin);
  expect(await look()).not.toContain(admin);
});

test("a program sees and ends its own runs, and nobody else's", async () => {
  const work = slowWork();
  await using served = await serveHome({ skills: [work.skill] });
  const { token, principal } = await served.home.own("client.add", { name: "notebook" });
  await served.home.own("grant.give", { principal, skill: "slow.work" });
  const headers = { authorization: `Bearer ${token}` };
  const theirs = served.home.host.begin({ principal: owner, skill: "slow.work", args: { name: "cups" } });
  await work.began("cups");
  const begun = await served.post(
    "/v1/command",
    { skill: "slow.work", args: { name: "dishes" } },
    { ...headers, prefer: "respond-async" },
  );
  expect(begun.status).toBe(202);
  const own = begun.headers.get("location") as string;
  const status = async (path: string, method = "GET") => (await served.fetch(path, { method, headers })).status;
  expect([await status(own), await status(own, "DELETE")]).toEqual([200, 202]);
  expect(work.isCancelled("dishes")).toBe(true);
  const path = `/v1/runs/${theirs.id}`;
  expect([await status(path), await status(path, "DELETE"), work.isCancelled("cups")]).toEqual([404, 404, false]);
  work.finish("cups");
  await theirs.outcome;
});
