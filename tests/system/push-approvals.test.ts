import { expect, test } from "vitest";
import { parked, until, waitFor } from "../support/phone-home.ts";
import { type PushedDevice, type PushingHome, pushingHome } from "../support/pushing-home.ts";

const press = async ({ home }: PushingHome, { id }: Pick<PushedDevice, "id">, data: string | undefined) => {
  const outcome = await home.act("owner/daemon", "channel.press", { device: id, press: data ?? "" });
  return outcome.status === "done" ? (outcome.value as { isAccepted: boolean; words: string }) : outcome;
};
const came = async (device: PushedDevice, n: number) => {
  await until(() => expect(device.notices()).toHaveLength(n));
  return device.notices();
};
const refusedBy = async ({ home }: PushingHome) => {
  const { channels } = await home.own("channel.list", {});
  const found = channels.find(({ channel }) => channel === "webPush");
  return Object.fromEntries(found?.refused.map(({ reason, count }) => [reason, count]) ?? []);
};
/** First uses are over, so that what asks is not a grant for good. */
const asks = parked;

test("H25 a request is shown on a subscribed browser, in a line that says all of it, and is approved by a tap, once", async () => {
  await using pushing = await pushingHome();
  const { home, server } = pushing;
  await pushing.listen();
  const phone = await pushing.subscribe("phone");
  const id = await asks(pushing, "Sarah likes tea");
  const [notice] = await came(phone, 1);
  const request = server.received[0];
  if (!notice || !request) throw new Error("nothing came");
  expect(phone.browser.read(request)).toMatchObject({ web_push: 8030 });
  expect(notice).toMatchObject({
    ...{ title: "mh has a question", tag: id, navigate: `/#approval=${id}`, silent: false },
    body: expect.stringMatching(/^helper: Remember a text: Sarah likes tea\? Until \d\d:\d\d\.$/),
    actions: [{ action: "approve" }, { action: "deny" }],
  });
  expect(notice.body.length).toBeLessThanOrEqual(90);
  expect(request.headers.urgency).toBe("high");
  expect(await press(pushing, phone, notice.data?.presses.approve)).toEqual({ isAccepted: true, words: "Approved" });
  expect(await waitFor(pushing, id)).toBe("done");
  // Sent twice, it is the same tap.
  expect(await press(pushing, phone, notice.data?.presses.approve)).toMatchObject({ isAccepted: true });
  expect((await home.own("memory.list", {})).memories).toHaveLength(1);
  const [, closed] = await came(phone, 2);
  expect(closed).toMatchObject({ tag: id, silent: true, body: "Answered: approved, and done." });
  expect(closed?.actions).toBeUndefined();
  // The answer was the device's.
  const { records } = await home.own("log.search", { skill: "approval.approve", limit: 5 });
  expect(new Set(records.map(({ principal }) => principal))).toEqual(new Set(["owner/phone"]));
});

test("H25 a tap that was forged, is another device's, late or a second one is refused, and the log has it", async () => {
  await using pushing = await pushingHome();
  const { home } = pushing;
  await pushing.listen();
  const [phone, tablet] = [await pushing.subscribe("phone"), await pushing.subscribe("tablet")];
  const id = await asks(pushing, "One");
  const [notice] = await came(phone, 1);
  const [other] = await came(tablet, 1);
  const data = notice?.data?.presses ?? {};
  const approve = data.approve ?? "";
  const flipped = `${approve.slice(0, -1)}${approve.endsWith("A") ? "B" : "A"}`;
  const forged = [flipped, approve.replace(/^a/, "d"), "a.x", "", approve.replace(/\.[0-9a-z]+\./, ".zzzzzz.")];
  for (const each of forged)
    expect([each, await press(pushing, phone, each)]).toMatchObject([each, { isAccepted: false }]);
  expect(await press(pushing, tablet, approve)).toMatchObject({ isAccepted: false });
  expect(await press(pushing, { id: "nobody" }, approve)).toMatchObject({ isAccepted: false });
  expect((await home.own("approval.list", {})).approvals.map((each) => each.id)).toEqual([id]);
  // Denied on one, the other's tap is late.
  expect(await press(pushing, phone, data.deny)).toEqual({ isAccepted: true, words: "Denied" });
  expect(await press(pushing, tablet, other?.data?.presses.approve)).toEqual({
    isAccepted: false,
    words: "It was answered before",
  });
  const late = await asks(pushing, "Two");
  const notices = await came(phone, 3);
  home.clock.forward(13 * 3_600_000);
  const old = notices.find(({ tag, actions }) => tag === late && actions)?.data?.presses.approve;
  expect(await press(pushing, phone, old)).toMatchObject({
    isAccepted: false,
    words: expect.stringContaining("Too old"),
  });
  expect(await refusedBy(pushing)).toEqual({
    ...{ "button: not of this request": 1, "button: answered before": 1, "button: too old": 1 },
  });
  expect((await home.own("memory.list", {})).memories).toHaveLength(0);
});

test("H25 what a line cannot say whole, is not undone or is not yours is opened, never approved by a tap", async () => {
  await using pushing = await pushingHome();
  const { home } = pushing;
  await pushing.listen();
  const phone = await pushing.subscribe("phone");
  await home.own("grant.give", { principal: "agent:clerk", skill: "mail.send" });
  const long = await asks(pushing, `Sarah likes ${"very ".repeat(20)}green tea`);
  const hidden = await asks(pushing, "Sarah\u202elikes tea");
  const mail = { to: ["bob@new.example"], subject: "Hi", body: "x" };
  const sent = await home.act("agent:clerk", "mail.send", mail);
  expect(sent.status).toBe("parked");
  // The first use: a yes would be one from now on.
  await home.own("trust.set", { principal: "agent:new", level: "suggest" });
  const notices = await came(phone, 3);
  for (const id of [long, hidden, sent.id]) {
    const notice = notices.find(({ tag }) => tag === id);
    expect([notice?.actions?.map(({ action }) => action), notice && notice.body.length <= 90]).toEqual([
      ["deny"],
      true,
    ]);
  }
  expect(notices.map(({ body }) => body).join("\n")).not.toMatch(/\u202e|very/);
  const notice = notices.find(({ tag }) => tag === sent.id);
  expect(await press(pushing, phone, notice?.data?.presses.deny)).toMatchObject({ isAccepted: true });
});

test("H25 unless its owner says otherwise a notification says only that something is asked", async () => {
  await using pushing = await pushingHome();
  await pushing.listen();
  const phone = await pushing.subscribe("phone", { words: false });
  const viewer = await pushing.subscribe("viewer", { role: "viewer" });
  await asks(pushing, "The key is under the mat");
  const [notice] = await came(phone, 1);
  expect(JSON.stringify(notice)).not.toMatch(/key|mat|helper/);
  expect([notice?.title, notice?.actions?.map(({ action }) => action)]).toEqual(["mh has a question", ["deny"]]);
  // A device that only looks is asked nothing.
  expect(viewer.notices()).toEqual([]);
});

test("H25 only a push service that a grant names is reached, and a revoked device or grant is silent", async () => {
  await using pushing = await pushingHome();
  const { home, server } = pushing;
  await pushing.listen();
  const phone = await pushing.subscribe("phone");
  const grants = async () =>
    (await home.own("grant.list", {})).grants.filter(({ principal }) => principal === "module:webPush");
  expect((await grants()).map(({ skill, scope }) => [skill, JSON.parse(scope)])).toEqual([
    ["channel.send", { hosts: ["localhost"] }],
  ]);
  const to = { channel: "webPush", device: phone.id, text: "Hi" };
  const elsewhere = await home.act("module:webPush", "channel.send", { ...to, host: "evil.example" });
  expect(elsewhere).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  // Words of others stand above no buttons.
  await home.own("grant.give", { principal: "agent:other", skill: "channel.send" });
  const other = await home.act("agent:other", "channel.send", { ...to, host: "localhost" });
  expect(other).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  await home.own("grant.revoke", { id: (await grants())[0]?.id ?? "" });
  await asks(pushing, "One");
  await home.own("device.revoke", { device: "phone" });
  const tablet = await pushing.subscribe("tablet");
  await asks(pushing, "Two");
  await came(tablet, 2);
  expect((await grants()).length).toBe(1);
  await home.own("device.revoke", { device: "tablet" });
  expect(await grants()).toEqual([]);
  await asks(pushing, "Three");
  const { records } = await home.own("log.search", { skill: "channel.send", limit: 100 });
  expect(records.filter(({ phase }) => phase === "deny")).toEqual([]);
  expect([phone.notices(), tablet.notices().length, server.received.length]).toEqual([[], 2, 2]);
});

test("H25 a subscription that ended is forgotten, and a service that is busy is asked again", async () => {
  await using pushing = await pushingHome();
  const { home, server } = pushing;
  await pushing.listen();
  const phone = await pushing.subscribe("phone");
  let tries = 0;
  server.answer = () => ({ status: ++tries === 1 ? 410 : 201 });
  await asks(pushing, "One");
  await until(async () => expect((await home.own("device.list", {})).devices[0]?.isSubscribed).toBe(false));
  expect(phone.notices()).toHaveLength(1);
});
