import { once } from "node:events";
import * as net from "node:net";
import { socketPath } from "@mh/host/places.ts";
import { serve } from "@mh/host/serve.ts";
import { expect, test } from "vitest";
import { makeHost } from "../make-host.ts";

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

test("no line on the socket ends the process that holds the home, and the next one is answered", async () => {
  await using home = await makeHost();
  await using _serving = await serve(home.host);
  const id = home.host.newId();
  const act = (args: string) => `{"n":1,"do":"act","id":"${id}","skill":"memory.capture","args":${args}}`;
  for (const line of [
    "{",
    "{}",
    `{"n":${deep(200_000)}}`,
    act(deep(200_000)),
    act(`{"text":${deep(65)}}`),
    act('{"text":"\\ud800"}'),
    act('{"text":"x","tags":["\\ud800"]}'),
    act('{"__proto__":{"text":"x"}}'),
  ]) {
    expect(await askOnce(home.root, line)).toMatch(/"fault":\{"code":"(?:args|protocol)\.invalid"|"skill\.failed"/);
  }
  const { outcome } = JSON.parse(
    await askOnce(home.root, act('{"text":"Tea with Sarah"}').replace(id, home.host.newId())),
  );
  expect(outcome).toMatchObject({ status: "done" });
});

async function askOnce(root: string, line: string): Promise<string> {
  const socket = net.connect(socketPath(root));
  socket.write(`${line}\n`);
  const [chunk] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return chunk.toString("utf8");
}
