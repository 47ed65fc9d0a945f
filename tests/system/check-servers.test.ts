import * as fs from "node:fs";
import * as net from "node:net";
import { checkHome } from "@mh/host/home/check-home.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";

test("S9 doctor names what the settings give to an MCP server and its start would refuse", async () => {
  using place = makePlace();
  for (const name of ["plain", "real", "door"]) fs.mkdirSync(place.at(name));
  fs.symlinkSync(place.at("real"), place.at("link"));
  await using home = await makeHost();
  await using door = net.createServer().listen(place.at("door/s"));
  await new Promise((listening) => door.once("listening", listening));
  const servers = async (read: Record<string, string>) => {
    const named = Object.entries(read).map(([name, folder]) => [name, { command: "/usr/bin/env", read: [folder] }]);
    await home.own("config.write", { text: JSON.stringify({ mcpServers: Object.fromEntries(named) }) });
    const found: { level: string; message: string }[] = [];
    for await (const { what, level, message } of checkHome(home.root, home.environment))
      if (what === "servers") found.push({ level, message });
    return found;
  };
  const named = (name: string, why: RegExp) => ({
    ...{ level: "warn", message: expect.stringMatching(new RegExp(`^${name} would not start: .*${why.source}`)) },
  });
  expect(await servers({ plain: place.at("plain") })).toMatchObject([{ level: "ok" }]);
  const bad = {
    door: place.at("door"),
    gone: place.at("gone"),
    keys: home.root,
    link: place.at("link"),
  };
  expect(await servers({ ...bad, plain: place.at("plain") })).toEqual([
    named("door", /is a socket/),
    named("gone", /There is no/),
    named("keys", /belongs to/),
    named("link", /links are not followed/),
  ]);
});
