import { httpClient } from "@mh/contract/http-client.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import { expect, test } from "vitest";
import { type ServedHome, serveHome, token } from "../serve-home.ts";

/** A client that asks the server of a home wherever it is now: a restart gives it another port. */
const clientOf = (served: ServedHome, onConnection?: (connection: string) => void, bearer = token) =>
  httpClient({
    origin: "",
    token: () => bearer,
    ...(onConnection && { onConnection }),
    fetch: (path, init) => fetch(`${served.http.url}${path}`, init),
  });

test("every end of a command is a value, and what could not be asked is a fault", async () => {
  await using served = await serveHome();
  const client = clientOf(served);
  const done = await client.act("memory.capture", { text: "Met Sarah" }, { words: "Met Sarah" });
  expect(done).toMatchObject({ status: "done", value: { deduplicated: false } });
  expect(await client.act("memory.show", { id: "nobody" })).toMatchObject({
    status: "failed",
    fault: { code: "memory.not-found" },
  });
  expect(await client.check("memory.capture", { text: "x" })).toMatchObject({ verdict: "allow" });
  expect(await client.cancel(crypto.randomUUID())).toBe(false);
  await expect(clientOf(served, undefined, "wrong").act("memory.stats", {})).rejects.toMatchObject({
    code: "daemon.refused",
  });
  const away = httpClient({ origin: "http://127.0.0.1:1", token: () => token });
  await expect(away.act("memory.stats", {})).rejects.toMatchObject({ code: "daemon.refused" });
});

test("a command that says how far it is gives its outcome all the same, once under its id", async () => {
  await using served = await serveHome();
  const client = clientOf(served);
  const id = crypto.randomUUID();
  const args = { text: "Told once" };
  const first = await client.act("memory.capture", args, { id, onProgress: () => undefined });
  expect(await client.act("memory.capture", args, { id })).toEqual(first);
  expect((await served.home.own("memory.list", {})).memories).toHaveLength(1);
});

test("H22 a client that lost its daemon hears what it missed, each event once", async () => {
  await using served = await serveHome();
  const connections: string[] = [];
  const client = clientOf(served, (connection) => connections.push(connection));
  const heard: Event[] = [];
  const following = client.follow({ onEvent: (event) => heard.push(event) });
  await expect.poll(() => connections.at(-1)).toBe("live");
  const capture = (text: string) => served.home.own("memory.capture", { text });
  await capture("one");
  await expect.poll(() => heard.length).toBe(1);
  const restarting = served.restart();
  await capture("two");
  await restarting;
  await capture("three");
  await expect.poll(() => heard.length).toBe(3);
  expect(heard.map(({ name }) => name)).toEqual(Array(3).fill("memory.captured"));
  expect(new Set(heard.map(({ seq }) => seq)).size).toBe(3);
  expect(connections).toContain("lost");
  await following[Symbol.asyncDispose]();
});

test("a client whose token is taken back is told so, and asks no more", async () => {
  await using served = await serveHome();
  const connections: string[] = [];
  const following = clientOf(served, (connection) => connections.push(connection), "wrong").follow({});
  expect([await following.ended, connections]).toEqual(["unfollowed", ["refused"]]);
});

test("what cannot be said over HTTP is refused, and so is a request to follow that the daemon refuses", async () => {
  await using served = await serveHome();
  const connections: string[] = [];
  const client = clientOf(served, (connection) => connections.push(connection));
  const unsaid = { code: "protocol.invalid" };
  await expect(client.act("memory.stats", {}, { as: "agent:organizer" })).rejects.toMatchObject(unsaid);
  await expect(client.act("memory.stats", {}, { repeats: true })).rejects.toMatchObject(unsaid);
  await expect(client.check("memory.stats", {}, { as: "agent:organizer" })).rejects.toMatchObject(unsaid);
  const following = client.follow({ events: "x".repeat(201) });
  await expect(following.ended).rejects.toBeInstanceOf(Fault);
  expect(connections).toEqual(["lost"]);
});

test("H22 a client that missed too much, or whose log is another one, is told to read anew, and goes on from there", async () => {
  await using served = await serveHome();
  const heard: string[] = [];
  const gaps: string[] = [];
  const follow = (after: number, gapMax: number) => {
    const client = httpClient({
      ...{ origin: "", token: () => token, gapMax },
      onGap: () => gaps.push(`after ${after}`),
      fetch: (path, init) => fetch(`${served.http.url}${path}`, init),
    });
    return client.follow({ after, onEvent: ({ name }: Event) => heard.push(name) });
  };
  for (let n = 0; n < 30; n += 1) await served.home.own("memory.capture", { text: `Told ${n}` });
  {
    await using _following = follow(0, 10);
    await expect.poll(() => gaps).toEqual(["after 0"]);
    // Of what was missed nothing is told; what happens from here on is.
    await served.home.own("task.add", { title: "After the gap" });
    await expect.poll(() => heard).toEqual(["task.added"]);
  }
  {
    await using _following = follow(1_000_000, 10);
    await expect.poll(() => gaps).toEqual(["after 0", "after 1000000"]);
    await expect
      .poll(async () => {
        await served.home.own("memory.capture", { text: `Again ${Math.random()}` });
        return heard.at(-1);
      })
      .toBe("memory.captured");
  }
});
