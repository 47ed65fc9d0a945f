import * as fs from "node:fs";
import * as path from "node:path";
import { owner } from "@mh/contract/values/principal.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { filesWith } from "../find-bytes.ts";

/** Where no keychain is, somebody has to choose. */
const keyfile = "owner: Ada\nsecrets: { store: keyfile }\n";
const makeHome: typeof makeHost = async (options) => {
  const home = await makeHost(options);
  await home.own("config.write", { text: keyfile });
  return home;
};
const value = "correct horse battery staple ü";
const offer = (home: TestHost) => offerSecret(home.root, home.environment, value).id;
/** Everything of the home and of its keys, as paths below the folder of both. */
const filesWithValue = (home: TestHost) => {
  const folder = path.dirname(home.root);
  return filesWith(folder, value).map((file) => path.relative(folder, file).replace(/[0-9a-f-]{36}/g, "ID"));
};

test("a secret's value is in its own file and nowhere else, and is gone when it is removed", async () => {
  await using home = await makeHome();
  await home.own("secret.set", { name: "Mail.work", offer: offer(home) });
  await home.close();
  expect(filesWithValue(home)).toEqual([".config/mh/ID/secrets/Mail.work"]);
  const [file = ""] = filesWith(path.dirname(home.root), value);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  await home.reopen();
  expect(await home.own("secret.list", {})).toEqual({ names: ["Mail.work"], store: "keyfile", locked: null });
  expect(JSON.stringify(await home.act(owner, "history.list"))).not.toContain(value);
  await home.own("secret.remove", { name: "Mail.work" });
  expect(await home.own("secret.list", {})).toMatchObject({ names: [] });
  expect(await home.act(owner, "secret.remove", { name: "Mail.work" })).toMatchObject({
    fault: { code: "secret.missing" },
  });
  await home.close();
  expect(filesWithValue(home)).toEqual([]);
});

test("a value is kept once: an offer that was used, or never made, gives nothing", async () => {
  await using home = await makeHome();
  const used = offer(home);
  await home.own("secret.set", { name: "one", offer: used });
  for (const id of [used, "A".repeat(43)]) {
    const end = await home.act(owner, "secret.set", { name: "two", offer: id });
    expect(end).toMatchObject({ status: "failed", fault: { code: "secret.missing" } });
  }
  expect(await home.own("secret.list", {})).toMatchObject({ names: ["one"] });
});

test("a value that is a whole file is no secret", async () => {
  await using home = await makeHome();
  const set = (length: number) => {
    const { id } = offerSecret(home.root, home.environment, "x".repeat(length));
    return home.act(owner, "secret.set", { name: "big", offer: id });
  };
  expect(await set(65_537)).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  expect(await set(65_536)).toMatchObject({ status: "done" });
});

test("names that lead elsewhere, or that are mh's own, are refused", async () => {
  await using home = await makeHome();
  for (const name of ["..", ".", "a/b", "", "mh.vapid", "MH.x", "a".repeat(65)]) {
    const end = await home.act(owner, "secret.set", { name, offer: offer(home) });
    expect([name, end]).toMatchObject([name, { status: "failed", fault: { code: "args.invalid" } }]);
  }
  const waiting = await home.act(owner, "secret.set", { name: "x", offer: "../hmac.key" });
  expect(waiting).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
});

test("no name that a secret may have is taken for what a crash left", async () => {
  await using home = await makeHome();
  for (const name of ["token.1.tmp", "a.b-c_9"]) await home.own("secret.set", { name, offer: offer(home) });
  await home.reopen();
  expect(await home.own("secret.list", {})).toMatchObject({ names: ["a.b-c_9", "token.1.tmp"] });
});

test("secrets are the owner's alone, at every trust level: nobody else sets, removes or even lists them", async () => {
  const other = "agent:helper";
  const skills = ["secret.set", "secret.remove", "secret.list"];
  await using home = await makeHome({ declared: new Map([[other, skills]]) });
  await home.own("secret.set", { name: "ntfy", offer: offer(home) });
  for (const skill of skills) await home.own("grant.give", { principal: other, skill });
  await home.own("trust.set", { principal: other, level: "adaptive_auto" });
  const ends = [
    await home.act(other, "secret.set", { name: "ntfy", offer: offer(home) }),
    await home.act(other, "secret.remove", { name: "ntfy" }),
    await home.act(other, "secret.list"),
  ];
  expect(ends.map(({ status }) => status)).toEqual(["denied", "denied", "denied"]);
  expect(await home.own("secret.list", {})).toMatchObject({ names: ["ntfy"] });
});

test("where a rule of the owner's asks first, the value waits sealed, and the approval still sets it", async () => {
  await using home = await makeHome();
  const rule = `forbid (principal, action, resource == mh::Skill::"secret.set") unless { context.approved };`;
  home.rule("ask.cedar", `@id("ask")\n@title("Ask me")\n${rule}`);
  const parked = await home.act(owner, "secret.set", { name: "ntfy", offer: offer(home) });
  expect(parked.status).toBe("parked");
  expect(filesWithValue(home)).toEqual([]);
  const { hash } = await home.own("approval.show", { id: parked.id });
  const outcome = await home.approve(parked.id, hash);
  expect(outcome).toMatchObject({ status: "done", value: { name: "ntfy" } });
  expect(filesWithValue(home)).toEqual([".config/mh/ID/secrets/ntfy"]);
});
