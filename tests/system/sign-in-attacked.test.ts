import { serveHttp } from "@mh/host/serve/http/serve-http.ts";
import { expect, test } from "vitest";
import { serveHome, token } from "../serve-home.ts";
import { challengeFor, makeAuthenticator } from "../support/authenticator.ts";
import { parked, until, waitFor } from "../support/phone-home.ts";
import { pushingHome } from "../support/pushing-home.ts";

const json = { "content-type": "application/json" };

test("H25 made up taps keep no tap of the owner's waiting", async () => {
  await using pushing = await pushingHome();
  await pushing.listen();
  const phone = await pushing.subscribe("phone");
  const { host } = pushing.home;
  const limits = { wrongTokensPerMinute: 2 };
  await using http = await serveHttp({ host, version: "1.2.3", token, limits, settings: { port: 0 } });
  const press = async (data: string) => {
    const body = JSON.stringify({ device: phone.id, press: data });
    return (await fetch(`${http.url}/v1/press`, { method: "POST", headers: json, body })).status;
  };
  const id = await parked(pushing, "Sarah likes tea");
  await until(() => expect(phone.notices()).toHaveLength(1));
  const approve = phone.notices()[0]?.data?.presses.approve ?? "";
  const made = `${approve.slice(0, -1)}${approve.endsWith("A") ? "B" : "A"}`;
  expect([await press(made), await press(made), await press(made), await press(made)]).toEqual([409, 409, 409, 429]);
  expect(await press(approve)).toBe(200);
  expect(await waitFor(pushing, id)).toBe("done");
});

test("H25 what a passkey signed in goes with that passkey, and comes back with no other", async () => {
  await using served = await serveHome();
  const { home } = served;
  const { id: device } = await home.own("device.add", { name: "phone" });
  const add = async () => {
    const authenticator = makeAuthenticator();
    const response = authenticator.made(challengeFor(home, { for: "add", device }));
    expect(await home.act("owner/phone", "passkey.add", { device: "phone", response })).toMatchObject({
      status: "done",
    });
    return authenticator;
  };
  const signIn = async (authenticator: ReturnType<typeof makeAuthenticator>) => {
    const challenge = challengeFor(home, { for: "sign-in" });
    const body = JSON.stringify({ passkey: authenticator.answered(challenge) });
    const answer = await fetch(`${served.http.url}/v1/session`, { method: "POST", headers: json, body });
    return ((await answer.json()) as { token: string }).token;
  };
  const status = async (session: string, path = "/v1/query") =>
    (
      await served.post(path, path === "/v1/query" ? { skill: "task.list", args: {} } : {}, {
        authorization: `Bearer ${session}`,
      })
    ).status;
  const session = await signIn(await add());
  expect([await status(session), await status(session, "/v1/session")]).toEqual([200, 200]);
  await home.own("passkey.remove", { device: "phone" });
  expect([await status(session), await status(session, "/v1/session")]).toEqual([401, 401]);
  const other = await signIn(await add());
  expect([await status(other), await status(session)]).toEqual([200, 401]);
});
