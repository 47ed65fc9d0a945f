import { owner } from "@mh/contract/values/principal.ts";
import { expect, test } from "vitest";
import { ada, type PhoneHome, parked, phoneHome, until, waitFor } from "../support/phone-home.ts";

const eve = 6_600_000_066;

test("H25 a code shown at home pairs one private chat, once, and nothing is asked of the messenger before", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  telegram.types(eve, "hello");
  const state = (await home.own("channel.list", {})).channels[0]?.state;
  expect([state, telegram.calls]).toEqual(["not listening: nothing is paired (`mh channel pair`)", []]);
  const { code } = await home.own("channel.pair", { channel: "telegram", name: "phone" });
  await phone.taken();
  // An unknown sender is answered once, however often they ask, and learns nothing.
  telegram.types(eve, "hello?");
  telegram.types(eve, "0000-0000");
  await phone.hears("That is not the code", eve);
  telegram.types(ada, `/start ${code.replace("-", "").toUpperCase()}`);
  await phone.hears("Paired.");
  telegram.types(eve, code);
  await phone.taken();
  expect(telegram.chat(eve).map(({ text }) => text.slice(0, 20))).toEqual([
    "This bot is private.",
    "That is not the code",
  ]);
  const { channels } = await home.own("channel.list", {});
  expect(channels[0]).toMatchObject({
    state: "listening as scripted_bot",
    devices: [{ name: "phone", role: "operator" }],
  });
  expect(await phone.refused()).toMatchObject({ "unknown sender": expect.any(Number), "wrong code": 1 });
  // The token, the chat and who wrote stand in no record.
  const log = await logOf(phone);
  for (const secret of [telegram.token, code, String(ada), String(eve)]) expect(log).not.toContain(secret);
});

test("H25 guessing a code ends after five tries, and a right one is good for ten minutes only", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  const state = async () => (await home.own("channel.list", {})).channels[0]?.state;
  await phone.listen();
  const { code } = await home.own("channel.pair", { channel: "telegram", name: "phone" });
  for (let n = 0; n < 7; n += 1) telegram.types(eve, `000${n}-0000`);
  telegram.types(eve, code);
  await phone.taken();
  await until(() => expect(telegram.chat(eve)).toHaveLength(5));
  expect((await home.own("device.list", {})).devices).toEqual([]);
  // One who guesses shuts nobody else out.
  telegram.types(ada, code);
  await phone.hears("Paired.");
  await home.own("device.revoke", { device: "phone" });
  const late = await home.own("channel.pair", { channel: "telegram", name: "phone" });
  home.clock.forward(10 * 60_000);
  telegram.types(ada, late.code);
  await until(async () => expect(await state()).toBe("not listening: nothing is paired (`mh channel pair`)"));
  expect((await home.own("device.list", {})).devices).toEqual([]);
});

test("H25 only the owner at home shows a code; what is paired has no token, and is shut out at once", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair("admin");
  const denied = { status: "denied" };
  const args = { channel: "telegram", name: "other" };
  expect(await home.act("owner/phone", "channel.pair", args)).toMatchObject(denied);
  expect(await home.act("agent:me", "channel.pair", args)).toMatchObject(denied);
  expect(home.host.callerByToken("")).toBeUndefined();
  await home.own("device.revoke", { device: "phone" });
  telegram.types(ada, "/note The key is under the mat");
  // Nothing is paired: nobody listens any more.
  await until(async () => {
    const { channels } = await home.own("channel.list", {});
    expect(channels[0]?.state).toBe("not listening: nothing is paired (`mh channel pair`)");
  });
  await until(() => expect(telegram.isPolled).toBe(false));
  expect(await home.own("memory.list", {})).toMatchObject({ memories: [] });
});

test("H25 a parked call is approved from the phone, runs once, and its request says how it ended", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  const id = await parked(phone, "Sarah likes *green* tea, see https://evil.example/?q=1 and /stop");
  const card = await phone.hears("APPROVAL REQUEST");
  expect(card.text).toContain("argument text: Sarah likes *green* tea, see https://evil.example/?q=1 and /stop");
  expect(card.text).toContain("asked by: agent:helper");
  expect([card.live, card.previews, card.buttons.map(({ text }) => text)]).toEqual([
    ...[[], false, ["Approve", "Deny", "STOP everything"]],
  ]);
  telegram.presses(ada, "Approve");
  await phone.hears("approved, and done");
  expect(await waitFor(phone, id)).toBe("done");
  expect(telegram.toasts.map(({ text }) => text)).toEqual(["Approved"]);
  expect((await home.own("memory.list", {})).memories).toHaveLength(1);
  expect(telegram.chat(ada).flatMap(({ buttons }) => buttons)).toEqual([]);
  const { channels } = await home.own("channel.list", {});
  expect(channels[0]?.refused).toEqual([]);
});

test("H25 what is answered at home, denied from the phone or expired has no buttons any more", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  const denied = await parked(phone, "one");
  await phone.hears("argument text: one");
  telegram.presses(ada, "Deny");
  await phone.hears(`${denied.slice(-8)}: refused`);
  const atHome = await parked(phone, "two");
  await phone.hears("argument text: two");
  await home.approve(atHome, (await home.own("approval.show", { id: atHome })).hash);
  await phone.hears(`${atHome.slice(-8)}: approved, and done`);
  const late = await parked(phone, "three");
  await phone.hears("argument text: three");
  home.clock.forward(8 * 24 * 3_600_000);
  await phone.hears(`${late.slice(-8)}: expired`);
  expect(telegram.chat(ada).flatMap(({ buttons }) => buttons)).toEqual([]);
});

test("H25 a forged button, another chat's, a second press, an old one, a forwarded one, one in a group: refused, and logged", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair();
  await phone.pair("operator", eve);
  const id = await parked(phone, "Pay the bill");
  const card = await phone.hears("argument text: Pay the bill");
  await phone.hears("argument text: Pay the bill", eve);
  const data = card.buttons.find(({ text }) => text === "Approve")?.callback_data ?? "";
  const others = telegram.chat(eve).at(-1)?.buttons[0]?.callback_data ?? "";
  const isOpen = async () => (await home.own("approval.show", { id })).approval.status === "open";
  const press = async (more: Parameters<typeof telegram.presses>[2], reason: string, person = ada) => {
    telegram.presses(person, "Approve", more);
    await until(async () => expect(Object.keys(await phone.refused())).toContain(reason));
    await phone.taken();
    expect([reason, await isOpen()]).toEqual([reason, true]);
  };
  const count = async (reason: string) => (await phone.refused())[reason] ?? 0;
  // Made by somebody who knows how they look, turned from deny to approve, with a later time, and one of another chat's.
  const [verb, about, until_, mac] = data.split(".");
  await press({ data: `${verb}.${about}.${until_}.${"A".repeat(22)}` }, "button: not of this request");
  const deny = card.buttons.find(({ text }) => text === "Deny")?.callback_data.replace(/^d/, "a");
  for (const forged of [deny, `${verb}.${about}.zzzzzz.${mac}`, others, "", "approve", `approve ${id}`, "a".repeat(64)])
    await press({ data: forged ?? "" }, "button: not of this request");
  expect(await count("button: not of this request")).toBe(8);
  const group = { message_id: card.id, chat: { id: -5, type: "supergroup" }, date: 1 };
  await press({ message: group }, "group");
  await press({ absent: true, data }, "group");
  // Pressed by a person that is not paired, in the chat that is.
  telegram.happens({
    callback_query: {
      ...{ id: "x", from: { id: 5, is_bot: false, first_name: "M" }, chat_instance: "1", data },
      message: { message_id: card.id, chat: { id: ada, type: "private" }, date: 1 },
    },
  });
  await until(async () => expect(await count("unknown sender")).toBeGreaterThan(0));
  telegram.types(ada, "yes, approve it", { forward_origin: { type: "hidden_user", sender_user_name: "Ada", date: 1 } });
  await phone.hears("Only what you type here yourself counts");
  expect([await count("forwarded"), await isOpen()]).toEqual([1, true]);
  home.clock.forward(13 * 3_600_000);
  await press({}, "button: too old");
  await until(() => expect(telegram.chat(ada).filter(({ text }) => text.includes("Pay the bill"))).toHaveLength(2));
  telegram.presses(ada, "Approve");
  await until(async () => expect(await isOpen()).toBe(false));
  telegram.presses(ada, "Approve", { data: lastApprove(phone) });
  await until(async () => expect(await count("button: answered before")).toBe(1));
  expect((await home.own("memory.list", {})).memories).toHaveLength(1);
  const { records } = await home.own("log.search", { skill: "channel.refuse", outcome: "done", limit: 50 });
  expect(records.length).toBeGreaterThan(10);
});

/** What the last message with buttons carried for approving, though its buttons are gone by now. */
function lastApprove({ telegram }: PhoneHome): string {
  const sent = telegram.calls.findLast(({ given }) => given.reply_markup)?.given.reply_markup as {
    inline_keyboard: { text: string; callback_data: string }[][];
  };
  return sent.inline_keyboard.flat().find(({ text }) => text === "Approve")?.callback_data ?? "";
}

async function logOf({ home }: PhoneHome): Promise<string> {
  return JSON.stringify(await home.own("audit.tail", { limit: 500 }));
}

test("H25 what cannot be undone is not approved from the phone, even by a button that was made for it", async () => {
  await using phone = await phoneHome({ declared: new Map([["agent:helper", ["outbox.append"]]]) });
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair("admin");
  const { id } = await home.act("agent:helper", "outbox.append", { text: "hi", to: "eve" });
  const card = await phone.hears("APPROVAL REQUEST");
  expect(card.buttons.map(({ text }) => text)).toEqual(["Deny", "STOP everything"]);
  const where = `It is not approved from here, for it cannot be undone: mh approvals show ${id.slice(-8)}`;
  expect(card.text).toContain(where);
  const { hash } = await home.own("approval.show", { id });
  const [device] = (await home.own("device.list", {})).devices;
  const asks = { approval: id, hash, until: home.clock.now() + 60_000, mayApprove: true };
  const args = { channel: "telegram", device: device?.id, text: "Made for it", asks };
  expect((await home.act("module:telegram", "channel.send", args)).status).toBe("done");
  telegram.presses(ada, "Approve");
  await until(() => expect(telegram.toasts.map(({ text }) => text)).toEqual(["Not from here: see the request"]));
  expect(await phone.refused()).toMatchObject({ "button: only at the page": 1 });
  telegram.presses(ada, "Deny");
  await phone.hears("refused");
  expect(home.outbox()).toEqual([]);
  expect(await home.act(owner, "approval.list", {})).toMatchObject({ value: { approvals: [] } });
});

test("H25 STOP works by word and by button, at once, and the phone hears that it stands", async () => {
  await using phone = await phoneHome();
  const { home, telegram } = phone;
  await phone.listen();
  await phone.pair("viewer");
  telegram.types(ada, "STOP!");
  await phone.hears("STOP stands. Nothing runs");
  expect(await home.act("agent:x", "memory.list", {})).toMatchObject({ status: "denied" });
  telegram.types(ada, "/note A thing");
  await phone.hears("so this was not kept");
  await home.own("kernel.resume", {});
  await home.own("device.revoke", { device: "phone" });
  await phone.pair("operator");
  await parked(phone, "tea");
  await phone.hears("APPROVAL REQUEST");
  telegram.presses(ada, "STOP everything");
  await until(() => expect(telegram.toasts.map(({ text }) => text)).toContain("STOP stands"));
  expect(await home.own("home.status", {})).toMatchObject({ stopped: true });
});
