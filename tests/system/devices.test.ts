import * as fs from "node:fs";
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { callerByToken } from "@mh/core/devices/devices-table.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { indexFile } from "@mh/host/places.ts";
import { callerOf } from "@mh/host/serve/http/authenticate.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { filesWith } from "../find-bytes.ts";
import { slowWork } from "../support/slow-skill.ts";

/** Who a token stands for, as a server that only reads finds it. */
function bearerOf(home: TestHost, token: string): string | undefined {
  const db = openProjection(indexFile(home.root), { readonly: true });
  try {
    return callerOf(`Bearer ${token}`, {
      token: "-".repeat(40),
      callerByToken: (each) => callerByToken(db, nodeCrypto, each),
      deviceById: () => undefined,
    });
  } finally {
    db.close();
  }
}

const names = async (home: TestHost, all = false) =>
  (await home.own("device.list", { all })).devices.map(({ name }) => name);

test("a wrong, empty, cut or revoked token is nobody's, at once and after the index is made anew", async () => {
  await using home = await makeHost();
  const phone = await home.own("device.add", { name: "phone" });
  const tablet = await home.own("device.add", { name: "Tablet" });
  expect([bearerOf(home, phone.token), bearerOf(home, tablet.token)]).toEqual(["owner/phone", "owner/Tablet"]);
  const hash = nodeCrypto.sha256Hex(phone.token);
  for (const wrong of ["", "mhd_", phone.token.slice(0, -1), `${phone.token} `, phone.token.toUpperCase(), hash]) {
    expect([wrong, bearerOf(home, wrong)]).toEqual([wrong, undefined]);
  }
  await home.own("device.revoke", { device: "PHONE" });
  expect([bearerOf(home, phone.token), bearerOf(home, tablet.token)]).toEqual([undefined, "owner/Tablet"]);
  await home.own("device.revoke", { device: tablet.id });
  const again = await home.own("device.add", { name: "phone" });
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  const tokens = [phone.token, tablet.token, again.token];
  expect(tokens.map((token) => bearerOf(home, token))).toEqual([undefined, undefined, "owner/phone"]);
  expect([await names(home), await names(home, true)]).toEqual([["phone"], ["phone", "Tablet", "phone"]]);
});

test("a device's token is told once and is in no file of the home or beside its keys", async () => {
  await using home = await makeHost();
  const once = { id: home.host.newId() };
  const first = await home.act(owner, "device.add", { name: "phone" }, once);
  const { token } = (first.status === "done" ? first.value : {}) as ValueFor<"device.add">;
  expect(token).toMatch(/^mhd_[\w-]{43}$/);
  expect(await home.act(owner, "device.add", { name: "phone" }, once)).toMatchObject({
    ...{ status: "repeated", reason: "once" },
  });
  expect(filesWith(path.dirname(home.root), token)).toEqual([]);
  await home.close();
  expect(filesWith(path.dirname(home.root), token)).toEqual([]);
  expect(filesWith(home.file("logs"), nodeCrypto.sha256Hex(token))).not.toEqual([]);
});

test.each([
  ["", "http://127.0.0.1:7717/"],
  ["  bind: ::1\n", "http://[::1]:7717/"],
  ["  hosts: [mh.example.org]\n", "https://mh.example.org/"],
  ["  hosts: [mh.example.org:8443]\n", "https://mh.example.org:8443/"],
  ["  bind: 0.0.0.0\n  hosts: [mh.example.org]\n  tls: { cert: c, key: k }\n", "https://mh.example.org:7717/"],
  ["  bind: 0.0.0.0\n  hosts: [mh.example.org:443]\n  tls: { cert: c, key: k }\n", "https://mh.example.org:443/"],
])("a device is told where it reaches the daemon, through a proxy or not: %j", async (lines, address) => {
  await using home = await makeHost();
  await home.own("config.write", { text: `daemon:\n  port: 7717\n${lines}` });
  expect((await home.own("device.add", { name: "phone" })).address).toBe(address);
});

test("two devices cannot have one name, and what names no single device revokes none", async () => {
  await using home = await makeHost();
  await home.own("device.add", { name: "phone" });
  expect(await home.act(owner, "device.add", { name: "Phone" })).toMatchObject({ fault: { code: "args.invalid" } });
  expect(await home.act(owner, "device.add", { name: "a/b" })).toMatchObject({ fault: { code: "args.invalid" } });
  for (const device of ["tablet", ""]) {
    expect(await home.act(owner, "device.revoke", { device })).toMatchObject({ status: "failed" });
  }
  expect(await names(home)).toEqual(["phone"]);
});

test("only the owner at this machine adds a device; a device may revoke one, and nobody else either", async () => {
  await using home = await makeHost({ declared: new Map([[agent("helper"), ["device.add", "device.revoke"]]]) });
  await home.own("device.add", { name: "phone" });
  for (const skill of ["device.add", "device.revoke"]) {
    await home.own("grant.give", { principal: agent("helper"), skill });
  }
  await home.own("trust.set", { principal: agent("helper"), level: "adaptive_auto" });
  const denied = { status: "denied", layer: "capability" };
  expect(await home.act("owner/phone", "device.add", { name: "mine" })).toMatchObject(denied);
  expect(await home.act(agent("helper"), "device.add", { name: "mine" })).toMatchObject(denied);
  expect(await home.act(agent("helper"), "device.revoke", { device: "phone" })).toMatchObject(denied);
  expect(await home.act("owner/phone", "device.revoke", { device: "phone" })).toMatchObject({ status: "done" });
  expect(await names(home)).toEqual([]);
});

test("S2 revoking a device ends what it has under way, and names what it changed and what waits", async () => {
  const work = slowWork();
  await using home = await makeHost({ skills: [work.skill] });
  const phone = "owner/phone";
  await home.act(owner, "device.add", { name: "phone", role: "admin" });
  const helper = { principal: agent("helper"), skill: "memory.search" };
  for (const act of [
    () => home.act(phone, "grant.give", helper),
    () => home.act(phone, "memory.capture", { text: "Tea" }),
    () => home.act(phone, "memory.capture", { text: "More tea" }),
    () => home.act(phone, "memory.list", {}),
  ])
    expect(await act()).toMatchObject({ status: "done" });
  const run = home.host.begin({ principal: phone, skill: "slow.work", args: { name: "dishes" } });
  await work.began("dishes");
  const { left } = await home.own("device.revoke", { device: "phone" });
  expect(left).toEqual({
    principal: phone,
    did: [
      { skill: "memory.capture", count: 2 },
      { skill: "grant.give", count: 1 },
    ],
    waiting: 0,
  });
  expect(await run.outcome).toMatchObject({ status: "interrupted" });
  // Another device of that name has done nothing yet.
  home.clock.forward(1_000);
  await home.own("device.add", { name: "phone" });
  expect((await home.own("device.revoke", { device: "phone" })).left).toMatchObject({ did: [] });
});

test("S2 who gets a revoked program's name gets none of its grants, plans and trust", async () => {
  await using home = await makeHost();
  await home.own("client.add", { name: "notebook" });
  const principal = "client:notebook";
  await home.own("grant.give", { principal, skill: "memory.search" });
  await home.own("grant.give", { principal, skill: "memory.capture" });
  await home.own("trust.set", { principal, level: "bounded_auto" });
  expect(await home.act(principal, "memory.capture", { text: "Tea" })).toMatchObject({ status: "done" });
  const { left } = await home.own("client.revoke", { client: "notebook" });
  expect(left).toMatchObject({ principal, did: [{ skill: "memory.capture", count: 1 }] });
  await home.own("client.add", { name: "notebook" });
  expect(await home.own("grant.list", {})).toEqual({ grants: [], plans: [] });
  const { levels } = await home.own("trust.list", {});
  expect(levels).toContainEqual({ principal, level: "observe" });
  expect((await home.act(principal, "memory.capture", { text: "Tea" })).status).not.toBe("done");
});
