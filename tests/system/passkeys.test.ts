import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { challengeFor, makeAuthenticator } from "../support/authenticator.ts";
import { parked } from "../support/phone-home.ts";

async function withPasskey(home: TestHost) {
  const { id: device } = await home.own("device.add", { name: "phone" });
  const authenticator = makeAuthenticator();
  const response = authenticator.made(challengeFor(home, { for: "add", device }));
  const added = await home.act("owner/phone", "passkey.add", { device: "phone", response });
  expect(added).toMatchObject({ status: "done", value: { name: "phone" } });
  return { device, authenticator };
}
const codeOf = (outcome: { status: string; fault?: { code: string } }) => outcome.fault?.code ?? outcome.status;

/** Something that cannot be taken back waits for the owner. */
async function grave(home: TestHost) {
  const { id } = await home.own("memory.capture", { text: "Old note" });
  await home.own("grant.give", { principal: "agent:helper", skill: "memory.forget" });
  const outcome = await home.act("agent:helper", "memory.forget", { id });
  expect(outcome.status).toBe("parked");
  const { hash } = await home.own("approval.show", { id: outcome.id });
  return { id: outcome.id, hash };
}

test("H25 a grave yes of a device needs its passkey, unlocked, from our page, for just that request", async () => {
  await using home = await makeHost();
  const { device, authenticator } = await withPasskey(home);
  const { id, hash } = await grave(home);
  const use = { for: "approve", device, approval: id, hash } as const;
  const approve = async (passkey?: object) =>
    codeOf(await home.act("owner/phone", "approval.approve", { id, hash, ...(passkey && { passkey }) }));
  expect(await approve()).toBe("approval.passkey");
  const refused = [
    authenticator.answered("made up"),
    authenticator.answered(challengeFor(home, { for: "sign-in" })),
    authenticator.answered(challengeFor(home, { ...use, hash: "other" })),
    authenticator.answered(challengeFor(home, use), { isVerified: false }),
    authenticator.answered(challengeFor(home, use), { from: "http://localhost:7718" }),
    makeAuthenticator().answered(challengeFor(home, use)),
    { id: authenticator.id, response: "nothing" },
  ];
  for (const each of refused) expect([each, await approve(each)]).toEqual([each, "passkey.refused"]);
  // One that counts backwards was copied.
  const old = authenticator.answered(challengeFor(home, { for: "sign-in" }));
  const later = authenticator.answered(challengeFor(home, { for: "sign-in" }));
  expect(codeOf(await home.act("owner/daemon", "passkey.use", { response: later }))).toBe("done");
  expect(codeOf(await home.act("owner/daemon", "passkey.use", { response: old }))).toBe("passkey.refused");
  expect(await approve(authenticator.answered(challengeFor(home, use)))).toBe("done");
});

test("H25 what is not grave needs no passkey, nor does the owner at the machine, or a device that has none", async () => {
  await using home = await makeHost();
  const low = await parked({ home }, "Sarah likes tea");
  await home.own("device.add", { name: "tablet" });
  await withPasskey(home);
  const hashOf = async (id: string) => (await home.own("approval.show", { id })).hash;
  const args = { id: low, hash: await hashOf(low) };
  expect(codeOf(await home.act("owner/phone", "approval.approve", args))).toBe("done");
  expect(codeOf(await home.act("owner/tablet", "approval.approve", await grave(home)))).toBe("done");
  expect(codeOf(await home.act("owner", "approval.approve", await grave(home)))).toBe("done");
});

test("H25 with its token alone a device neither takes its passkey away nor adds another; a revoked one has none", async () => {
  await using home = await makeHost();
  const { device, authenticator } = await withPasskey(home);
  const again = { device: "phone", response: makeAuthenticator().made(challengeFor(home, { for: "add", device })) };
  expect(codeOf(await home.act("owner/phone", "passkey.add", again))).toBe("args.invalid");
  expect(codeOf(await home.act("owner/phone", "passkey.remove", { device: "phone" }))).toBe("denied");
  // An operator's device adds for itself alone.
  const { id: other } = await home.own("device.add", { name: "tablet" });
  const forOther = {
    device: "tablet",
    response: makeAuthenticator().made(challengeFor(home, { for: "add", device: other })),
  };
  expect(codeOf(await home.act("owner/phone", "passkey.add", forOther))).toBe("args.invalid");
  const signIn = async () => {
    const response = authenticator.answered(challengeFor(home, { for: "sign-in" }));
    return codeOf(await home.act("owner/daemon", "passkey.use", { response }));
  };
  expect(await signIn()).toBe("done");
  await home.reopen();
  expect(await signIn()).toBe("done");
  await home.own("device.revoke", { device: "phone" });
  expect(await signIn()).toBe("passkey.refused");
});
