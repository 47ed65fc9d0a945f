import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { authorizationServer, browse } from "../support/authorization-server.ts";
import { remoteServer } from "../support/remote-mcp-server.ts";
import { mhWithHome } from "./mh.ts";

test("mh mcp login shows where one signs in, waits for the browser, and mh mcp logout forgets", async () => {
  using mh = mhWithHome();
  await using as = await authorizationServer();
  const remote = await remoteServer();
  remote.before = (request) =>
    new URL(request.url).pathname.startsWith("/.well-known/oauth-protected-resource")
      ? Response.json({ resource: remote.url, authorization_servers: [as.origin] })
      : as.tokens.has(request.headers.get("authorization")?.replace("Bearer ", "") ?? "")
        ? undefined
        : new Response(null, { status: 401 });
  expect((await mh.start(["secret", "store", "keyfile"])).code).toBe(0);
  expect((await mh.start(["mcp", "add", "wiki", "--url", remote.url])).code).toBe(0);
  const asked = await mh.start(["mcp", "login", "wiki"]);
  expect([asked.code, asked.out]).toEqual([4, expect.stringContaining("lets you in by")]);
  expect(asked.err).toContain(`mh mcp login wiki --issuer ${as.origin} --yes`);
  expect(as.seen).toEqual([]);

  const entry = path.join(import.meta.dirname, "..", "..", "dist", "mh.js");
  const words = ["--home", mh.root, "mcp", "login", "wiki", "--yes"];
  const running = spawn(process.execPath, [entry, ...words], {
    env: { PATH: process.env.PATH ?? "", HOME: mh.config, NO_COLOR: "1" },
  });
  const said = { out: "", err: "" };
  running.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  const ended = new Promise<number | null>((resolve) => running.on("close", resolve));
  const url = await new Promise<string>((resolve) => {
    running.stderr.on("data", (chunk) => {
      said.err += chunk;
      const found = /http\S+\/authorize\S+/.exec(said.err)?.[0];
      if (found && said.err.endsWith("\n")) resolve(found);
    });
  });
  expect((await browse(url)).status).toBe(200);
  expect(await ended).toBe(0);
  expect(said.out).toContain("You are signed in to wiki.");
  const [token = ""] = as.tokens.keys();
  const written = fs.readdirSync(mh.root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  expect(
    written.filter(({ parentPath, name }) => fs.readFileSync(path.join(parentPath, name)).includes(token)),
  ).toEqual([]);
  expect((await mh.start(["mcp", "allow", "wiki", "--yes"])).code).toBe(0);
  expect((await mh.start(["mcp", "logout", "wiki"])).out).toContain("were taken back and are forgotten");
  expect(as.tokens.size).toBe(0);
  await remote.close();
});
