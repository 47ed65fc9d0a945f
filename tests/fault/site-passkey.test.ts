import type { CDPSession, Page } from "playwright-core";
import { expect } from "vitest";
import { browser, inBrowser } from "../support/in-browser.ts";
import { live, phone } from "../support/site-browser.ts";
import { upHome } from "../support/site-up.ts";
import type { Mh } from "./mh.ts";

interface Paired {
  page: Page;
  session: CDPSession;
  authenticator: string;
  token: string;
  origin: string;
}

/** A phone that was paired at home, with an authenticator that its holder unlocks. */
async function pairedPhone(mh: Mh & { port: number }, host = "localhost"): Promise<Paired> {
  const { token } = JSON.parse(mh.run(["device", "add", "phone", "--json"]).out);
  const context = await browser.newContext({ ...phone, serviceWorkers: "block", locale: "en-GB" });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  const origin = `http://${host}:${mh.port}`;
  await page.goto(`${origin}/#token=${token}`);
  await live(page);
  return { page, session, authenticator: authenticatorId, token, origin };
}

async function send({ origin, token }: Pick<Paired, "origin" | "token">, path: string, body: object) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}`, origin };
  const answer = await fetch(`${origin}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Something that cannot be undone waits: forgetting a note. Its id and hash. */
async function asks(mh: Mh): Promise<{ id: string; hash: string }> {
  const rule = `@id("ask") forbid (principal == mh::Principal::"agent:clerk", action, resource) unless { context.approved };`;
  await mh.start(["act", "policy.write", JSON.stringify({ name: "ask.cedar", text: rule })]);
  await mh.start(["grant", "give", "agent:clerk", "memory.forget"]);
  const { out } = await mh.start(["capture", "Old note", "--json"]);
  await mh.start(["act", "memory.forget", JSON.stringify({ id: JSON.parse(out).id }), "--as", "agent:clerk"]);
  const [first] = JSON.parse((await mh.start(["approvals", "--json"])).out).approvals;
  return { id: first.id, hash: first.object };
}

inBrowser(
  "H25 a device with a passkey is asked for it before a grave yes, by the daemon, for that request alone",
  async () => {
    using mh = await upHome();
    const paired = await pairedPhone(mh);
    const { page, session, authenticator } = paired;
    await page.goto(`${paired.origin}/settings?part=devices`);
    await live(page);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("A passkey is asked for before a high-risk yes").waitFor();
    const { credentials } = await session.send("WebAuthn.getCredentials", { authenticatorId: authenticator });
    expect(credentials.map(({ rpId }) => rpId)).toEqual(["localhost"]);

    const { id, hash } = await asks(mh);
    const waiting = () => JSON.parse(mh.run(["approvals", "--json"]).out).approvals.length;
    // With the token alone, with an invented answer, and with one for another request.
    const approve = (more: object) =>
      send(paired, "/v1/command", { skill: "approval.approve", args: { id, hash, ...more } });
    expect((await approve({})).body).toMatchObject({ status: "failed", fault: { code: "approval.passkey" } });
    const invented = { id: credentials[0]?.credentialId, response: { clientDataJSON: "e30" } };
    expect((await approve({ passkey: invented })).body).toMatchObject({ fault: { code: "passkey.refused" } });
    const other = await answerTo(page, paired.token, { for: "approve", approval: id, hash: "0".repeat(64) });
    expect((await approve({ passkey: other })).body).toMatchObject({ fault: { code: "passkey.refused" } });
    const signIn = await answerTo(page, paired.token, { for: "sign-in" });
    expect((await approve({ passkey: signIn })).body).toMatchObject({ fault: { code: "passkey.refused" } });
    // Who holds the token neither takes the passkey away nor adds another.
    for (const [skill, args] of [
      ["passkey.remove", { device: "phone" }],
      ["passkey.add", { device: "phone", response: invented }],
    ] as const)
      expect((await send(paired, "/v1/command", { skill, args })).status).toBeGreaterThanOrEqual(400);
    expect(waiting()).toBe(1);

    // An answer for this very request is one yes.
    const good = await answerTo(page, paired.token, { for: "approve", approval: id, hash });
    expect((await approve({ passkey: good })).body).toMatchObject({ status: "done" });
    expect(waiting()).toBe(0);
    expect((await approve({ passkey: good })).body).toMatchObject({ status: "failed" });
    await page.context().close();
  },
);

inBrowser(
  "H25 a passkey signs its device in, once for each challenge, until it is revoked; an address of numbers has none",
  async () => {
    using mh = await upHome();
    const paired = await pairedPhone(mh);
    const { page } = paired;
    await page.goto(`${paired.origin}/settings?part=devices`);
    await live(page);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("A passkey is asked for before a high-risk yes").waitFor();
    await page.evaluate("localStorage.clear()");
    await page.reload();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await live(page);
    const { token } = JSON.parse((await page.evaluate(`localStorage.getItem("mh-session")`)) as string);
    const asPhone = { ...paired, token };
    const devices = async () => (await send(asPhone, "/v1/query", { skill: "device.list", args: {} })).body;
    expect(await devices()).toMatchObject({ value: { devices: [{ name: "phone", isThis: true, hasPasskey: true }] } });
    // It is the device's, and no more than that.
    expect((await send(asPhone, "/v1/command", { skill: "device.add", args: { name: "other" } })).status).toBe(403);
    const answer = await answerTo(page, token, { for: "sign-in" });
    const anonymous = { ...paired, token: "none" };
    expect((await send(anonymous, "/v1/session", { passkey: answer })).status).toBe(200);
    expect((await send(anonymous, "/v1/session", { passkey: answer })).status).toBe(401);
    const numbers = { ...paired, origin: `http://127.0.0.1:${mh.port}` };
    expect((await send(numbers, "/v1/challenge", { for: "sign-in" })).status).toBe(400);
    expect(mh.run(["device", "revoke", "phone"]).code).toBe(0);
    expect((await send(asPhone, "/v1/query", { skill: "device.list", args: {} })).status).toBe(401);
    const late = await answerTo(page, "", { for: "sign-in" });
    expect((await send(anonymous, "/v1/session", { passkey: late })).status).toBe(401);
    await page.context().close();
  },
);

/** What a page would do, without ours: a challenge of the daemon, answered by the authenticator. */
const answerTo = (page: Page, token: string, use: object): Promise<Record<string, unknown>> =>
  page.evaluate(`(async () => {
    const headers = { "content-type": "application/json", authorization: "Bearer ${token}" };
    const body = ${JSON.stringify(JSON.stringify(use))};
    const asked = await (await fetch("/v1/challenge", { method: "POST", headers, body })).json();
    const options = { challenge: asked.challenge, rpId: asked.rpId, userVerification: "required" };
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return (await navigator.credentials.get({ publicKey })).toJSON();
  })()`);
