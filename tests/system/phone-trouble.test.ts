import * as fs from "node:fs";
import { expect, test } from "vitest";
import { ada, parked, phoneHome, until } from "../support/phone-home.ts";

test("H25 an update that comes twice, late or out of order is taken once", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  const message = (text: string) => ({
    message: {
      ...{ message_id: 9, from: { id: ada, is_bot: false }, chat: { id: ada, type: "private" }, date: 1, text },
    },
  });
  telegram.happens(message("/note one"), 5_002);
  await phone.hears("Kept.");
  telegram.happens(message("/note one"), 5_002);
  telegram.happens(message("/note two"), 5_001);
  telegram.happens(message("/note three"), 5_003);
  await until(async () => expect((await home.own("memory.list", {})).memories.length).toBeGreaterThan(1));
  await until(() => expect(telegram.waiting).toBe(0));
  const kept = (await home.own("memory.list", {})).memories.map(({ content, count }) => [content, count]);
  expect(kept).toContainEqual(["one", 1]);
  expect(kept).toContainEqual(["three", 1]);
});

test("H25 what the messenger answers with an error, or not at all, is tried again: nothing lost, nothing twice", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  telegram.trouble.set("sendMessage", [{ status: 429, retryAfter: 0 }, { status: 502 }]);
  telegram.trouble.set("getUpdates", [{ status: 502 }, { drop: "before" }, { drop: "after" }, { garbage: "<html>" }]);
  telegram.types(ada, "/note Tea");
  await phone.hears("Kept.");
  expect(telegram.chat(ada).filter(({ text }) => text === "Kept.")).toHaveLength(1);
  expect((await home.own("memory.list", {})).memories).toMatchObject([{ content: "Tea", count: 1 }]);
});

test("H25 an answer whose connection broke is sent again, and says that it may be the second time", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  for (const [n, drop] of (["before", "after"] as const).entries()) {
    const before = telegram.chat(ada).length;
    telegram.trouble.set("sendMessage", [{ drop }]);
    telegram.types(ada, `/note Tea ${n}`);
    await until(async () => {
      // Time goes on, and something happens now and then.
      home.clock.forward(10_000);
      await home.act("owner", "kernel.resume", {});
      expect(telegram.chat(ada).at(-1)?.text).toMatch(/^\(Perhaps a second time.*\n\nKept\.$/s);
      expect(telegram.chat(ada).length).toBe(before + n + 1);
    });
  }
  expect((await home.own("memory.list", {})).memories.map(({ content, count }) => [content, count])).toEqual(
    expect.arrayContaining([
      ["Tea 0", 1],
      ["Tea 1", 1],
    ]),
  );
});

test("H25 what cannot be kept holds up nothing behind it: STOP comes through", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  const text = 'forbid (principal, action, resource == mh::Skill::"channel.take");';
  await home.own("policy.write", { name: "quiet.cedar", text });
  telegram.types(ada, "/note Tea");
  telegram.types(ada, "/stop");
  await phone.hears("STOP stands");
  expect(telegram.chat(ada).map(({ text }) => text)).toContainEqual(expect.stringContaining("could not be kept"));
  expect(await phone.refused()).toMatchObject({ "not kept": 1 });
});

test("H25 another program that listens as the same bot, and a wrong token, are named, and the token is not", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  const stateOf = async () => (await home.own("channel.list", {})).channels[0]?.state ?? "";
  telegram.trouble.set("getUpdates", [{ status: 409 }]);
  await home.own("channel.pair", { channel: "telegram", name: "phone" });
  await phone.listen();
  await until(async () => expect(await stateOf()).toMatch(/Another program listens as the same bot/));
  await until(async () => expect(await stateOf()).toMatch(/^listening as/));
  await phone.quiet();
  telegram.token = "4242:another";
  await phone.listen();
  await until(async () => expect(await stateOf()).toMatch(/does not know the token: `mh secret set telegram`/));
  expect(await stateOf()).not.toContain("scripted-token");
  const { records } = await home.own("audit.tail", { limit: 500 });
  expect(JSON.stringify(records)).not.toContain("scripted-token");
});

test("H25 a payload that changed since it was shown is not approved by the button that showed it", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  const id = await parked(phone, "tea");
  await phone.hears("argument text: tea");
  const { hash } = await home.own("approval.show", { id });
  const folder = home.file("logs/objects");
  const name = fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .find((each) => each.endsWith(hash.slice(2)) || each.includes(hash));
  fs.rmSync(`${folder}/${name}`);
  telegram.presses(ada, "Approve");
  await until(() => expect(telegram.toasts).toHaveLength(1));
  expect((await home.own("memory.list", {})).memories).toEqual([]);
  expect((await home.own("approval.show", { id })).approval.status).toBe("open");
  expect(Object.keys(await phone.refused())).toHaveLength(1);
});

test("H15 notifications go to the paired phone, and nowhere else", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  expect(await home.act("owner", "notify.send", { title: "Up" })).toMatchObject({
    fault: { code: "notify.no-channel" },
  });
  await phone.listen();
  await phone.pair();
  const args = { title: "Good morning", body: "Two tasks, see https://evil.example", channel: "telegram" as const };
  expect((await home.own("notify.send", args)).deliveries).toEqual([
    { channel: "telegram", device: "phone", how: "sent" },
  ]);
  expect(telegram.chat(ada).at(-1)).toMatchObject({ text: `${args.title}\n${args.body}`, live: [], previews: false });
  expect(telegram.messages.map(({ chat }) => chat)).toEqual([ada, ada]);
});

test("H25 nobody but the module shows things on the phone: another's words never stand above a button", async () => {
  await using phone = await phoneHome({ declared: new Map([["agent:other", ["channel.send"]]]) });
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  await home.own("grant.give", { principal: "agent:other", skill: "channel.send" });
  const id = await parked(phone, "tea");
  await phone.hears("argument text: tea");
  const { hash } = await home.own("approval.show", { id });
  const [device] = (await home.own("device.list", {})).devices;
  const asks = { approval: id, hash, until: 9e12, mayApprove: true };
  const args = { channel: "telegram", device: device?.id, text: "Do you like tea?", asks };
  const refused = { status: "failed", fault: { code: "args.invalid" } };
  for (const who of ["agent:other", "owner", "owner/phone"])
    expect([who, await home.act(who, "channel.send", args)]).toMatchObject([who, refused]);
  expect(await home.act("module:chat", "channel.send", args)).toMatchObject({ status: "denied" });
  expect(telegram.chat(ada).some(({ text }) => text.includes("Do you like"))).toBe(false);
});

test("H25 taking the grant back keeps everything from the phone, a rule that asks does not ask by asking, and giving it sends what waits", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  const { grants } = await home.own("grant.list", {});
  const [grant] = grants.filter(({ principal }) => principal === "module:telegram");
  await home.own("grant.revoke", { id: grant?.id ?? "" });
  const before = telegram.messages.length;
  telegram.types(ada, "/note Tea");
  await until(async () => expect((await home.own("memory.list", {})).memories).toHaveLength(1));
  await phone.taken();
  expect(telegram.messages).toHaveLength(before);
  home.rule(
    "quiet.cedar",
    `@id("quiet") @title("Ask before the phone is shown anything")
forbid (principal == mh::Principal::"module:telegram", action, resource) unless { context.approved };`,
  );
  await home.own("grant.give", { principal: "module:telegram", skill: "channel.send" });
  await until(async () => {
    home.clock.forward(60_000);
    await home.act("owner", "kernel.resume", {});
    expect((await home.own("approval.list", {})).approvals).toHaveLength(1);
  });
  for (let n = 0; n < 5; n += 1) await home.act("owner", "kernel.resume", {});
  const [asked] = (await home.own("approval.list", {})).approvals;
  expect(asked?.principal).toBe("module:telegram");
  await home.approve(asked?.id ?? "", asked?.object ?? "");
  expect(telegram.chat(ada).at(-1)?.text).toBe("Kept.");
});
