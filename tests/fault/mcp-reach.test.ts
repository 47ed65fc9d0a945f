// What a server reaches and is given: files, hosts, variables and secrets that its settings name, and nothing else.
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";
import {
  allow,
  call,
  commandLine,
  configure,
  folder,
  keep,
  local,
  look,
  sandboxed,
  toolNamed,
  tryLook,
} from "./mcp-trial.ts";

sandboxed("a server whose secret was replaced is started anew, with the one that counts", async () => {
  await using home = await makeHost();
  await keep(home, "trial", "tk-4711");
  await configure(home, { trial: local("honest", { env: { TOKEN: "{{secret:trial}}" } }) });
  await allow(home);
  const token = async () => (JSON.parse(await call(home, "see", { path: "environment" })) as { TOKEN: string }).TOKEN;
  expect(await token()).toBe("[secret trial]");
  await keep(home, "trial", "tk-4712");
  expect(await token()).toBe("[secret trial]");
  await home.own("secret.remove", { name: "trial" });
  expect(await call(home, "add", { a: 1, b: 2 })).toMatch(/^secret\.missing/);
});

test("P19 a secret leaves for an address by https only, or to this machine, and mh's own never leaves", async () => {
  await using home = await makeHost();
  await keep(home, "remote", "tk-4711");
  const headers = { authorization: "Bearer {{secret:remote}}" };
  await configure(home, { trial: { url: "http://mcp.invalid/", headers } });
  expect(await tryLook(home)).toMatch(/^mcp\.failed trial would be sent a secret of yours without encryption/);
  await configure(home, { trial: local("honest", { env: { TOKEN: "{{secret:daemon-token}}" } }) });
  expect(await tryLook(home)).toMatch(/^mcp\.failed trial asks for daemon-token, which is mh's own/);
  await configure(home, { trial: { url: "http://mcp.invalid/" } });
  expect(await tryLook(home)).toMatch(/^mcp\.failed trial failed/);
});

sandboxed("a local server sees no file, no network and no variable that its settings do not name", async () => {
  await using home = await makeHost();
  const listener = net.createServer((socket) => socket.end("hello"));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as net.AddressInfo;
  const [shown, hidden, kept] = ["shown", "hidden", "kept"].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [shown, hidden, kept]) {
    fs.mkdirSync(each, { recursive: true });
    fs.writeFileSync(path.join(each, "a.txt"), "text");
  }
  await home.own("config.set", { name: "secrets.store", value: "keyfile" });
  const offer = offerSecret(home.root, home.environment, "tk-4711");
  await home.own("secret.set", { name: "trial", offer: offer.id });
  await configure(home, {
    trial: local("honest", { read: [shown], write: [kept], env: { TOKEN: "{{secret:trial}}" } }),
  });
  expect((await look(home)).server.reaches).toEqual([
    `reads ${shown}`,
    `changes ${kept}`,
    "has no network",
    "is given your secret trial",
  ]);
  await allow(home);
  const see = (what: string) => call(home, "see", { path: what });
  expect(await see(path.join(shown, "a.txt"))).toBe("text");
  expect(await see(path.join(hidden, "a.txt"))).toBe("ENOENT");
  expect(await see(home.file("config.yaml"))).toBe("ENOENT");
  expect(await see("/etc/passwd")).toBe("ENOENT");
  expect(await see(`port:${port}`)).toMatch(/ECONNREFUSED|ENETUNREACH/);
  expect(await see("/proc/self/status")).toMatch(/^Seccomp:\t2$/m);
  const environment = JSON.parse(await see("environment")) as Record<string, string>;
  expect(Object.keys(environment).sort()).toEqual(["HOME", "LANG", "PATH", "PWD", "TOKEN"]);
  expect(environment.TOKEN).toBe("[secret trial]");
  const lines = fs
    .readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map(commandLine);
  expect(lines.filter((line) => line.includes("tk-4711"))).toEqual([]);
  for (const place of [home.root, path.dirname(home.root), "/", path.resolve(import.meta.dirname, "../..")]) {
    await configure(home, { trial: local("honest", { read: [place] }) });
    expect([place, await tryLook(home)]).toEqual([place, expect.stringMatching(/^mcp\.failed.*belongs to mh itself/)]);
  }
  listener.close();
});

sandboxed("S9 a server whose folder became a link after it was allowed is not started, until it is back", async () => {
  await using home = await makeHost();
  using place = makePlace();
  for (const name of ["shown", "other"]) fs.mkdirSync(place.at(name));
  for (const name of ["shown", "other"]) fs.writeFileSync(place.at(`${name}/file`), name);
  await configure(home, { trial: local("honest", { read: [place.at("shown")] }) });
  await allow(home);
  const see = () => call(home, "see", { path: place.at("shown/file") });
  expect(await see()).toBe("shown");
  await home.reopen();
  fs.renameSync(place.at("shown"), place.at("aside"));
  fs.symlinkSync(place.at("other"), place.at("shown"));
  expect(await see()).toContain(`${place.at("shown")} is really ${place.at("other")}, and links are not followed`);
  expect(await tryLook(home)).toMatch(/^mcp\.failed.*links are not followed/);
  fs.unlinkSync(place.at("shown"));
  fs.renameSync(place.at("aside"), place.at("shown"));
  expect(await see()).toBe("shown");
});

sandboxed(
  "P19 a server that tells its secret in what it says of its tools, or as it falls, tells only the name",
  async () => {
    await using home = await makeHost();
    await keep(home, "trial", "tk-4711-first\ntk-4711-second");
    await configure(home, { trial: local("tells", { env: { TOKEN: "{{secret:trial}}" } }) });
    await allow(home);
    expect(toolNamed((await look(home)).server, "add").description).toBe(
      "Adds two numbers, by the key [secret trial].",
    );
    expect(await call(home, "add", { a: 1, b: 2 })).toBe("3");
    expect(await call(home, "exit")).toMatch(/^mcp\.failed trial failed: x+\[secr?\.?$/);
    await home.close();
    const written = fs.readdirSync(home.root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const holding = written.filter(({ parentPath, name }) =>
      fs.readFileSync(path.join(parentPath, name)).includes("tk-4711"),
    );
    expect(holding.map(({ name }) => name)).toEqual([]);
  },
);

sandboxed("a network grant reaches the hosts that it names, and no others", async () => {
  await using home = await makeHost();
  const listener = net.createServer((socket) => socket.end("hello"));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as net.AddressInfo;
  await configure(home, { trial: local("honest", { network: ["127.0.0.1", "localhost"] }) });
  expect((await look(home)).server.reaches).toEqual(["reaches 127.0.0.1", "reaches localhost"]);
  await allow(home);
  const see = (what: string) => call(home, "see", { path: what });
  expect(await see(`proxy:127.0.0.1:${port}`)).toMatch(/200 Connection established hello/);
  // Past the proxy there is nothing.
  expect(await see(`port:${port}`)).toMatch(/ECONNREFUSED|ENETUNREACH/);
  expect(await see(`proxy:127.0.0.2:${port}`)).toMatch(/403 .*not among the hosts/);
  expect(await see("proxy:evil.example:443")).toMatch(/403 .*not among the hosts/);
  // A name leads to the open Internet or nowhere, and by https.
  expect(await see("proxy:localhost:443")).toMatch(/403 .*not on the open Internet/);
  expect(await see("proxy:localhost:80")).toMatch(/403 .*only https/);
  listener.close();
});

test("without a sandbox no local server is started", async () => {
  const script = `
    import { sandboxExecutor } from ${JSON.stringify(path.resolve("packages/host/src/sandbox/executor.ts"))};
    import { serverJob } from ${JSON.stringify(path.resolve("packages/host/src/extensions/mcp-program.ts"))};
    const server = { command: "node", args: [], env: {}, headers: {}, read: [], write: [], network: [] };
    sandboxExecutor().run(serverJob("x", server, { closed: { toPrograms: () => [] }, environment: {} })).end.then(({ status, reason }) => console.log(status, reason));`;
  const { spawnSync } = await import("node:child_process");
  const { stdout } = spawnSync(process.execPath, ["--conditions=mh-source", "--input-type=module", "-e", script], {
    encoding: "utf8",
    env: { PATH: folder },
  });
  expect(stdout.trim()).toBe("refused sandbox.missing");
});
