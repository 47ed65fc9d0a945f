import { owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { serveHome } from "../serve-home.ts";

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
