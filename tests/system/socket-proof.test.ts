import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { connectHome } from "@mh/host/connect/connect-home.ts";
import { dial } from "@mh/host/connect/dial.ts";
import { proofOf, socketIdentity } from "@mh/host/connect/socket-proof.ts";
import { socketKey } from "@mh/host/home/socket-key.ts";
import { keyFolder, socketFolder, socketPath } from "@mh/host/places.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";
import { provenSocket, rawSocket } from "../support/raw-socket.ts";

const hex = () => randomBytes(32).toString("hex");
const line = (message: object) => `${JSON.stringify(message)}\n`;
const capture = (home: TestHost) => ({
  ...{ n: 9, do: "act", id: home.host.newId(), skill: "memory.capture", args: { text: "by somebody" } },
});
const hello = (nonce = hex()) => ({ n: 1, do: "hello", nonce });
const refused = { fault: { code: "socket.refused" } };

/** A client has one try: the answer, and whether the connection is open after it. */
async function tryOnce(home: TestHost, ...parts: readonly (string | Buffer)[]) {
  using raw = rawSocket(socketPath(home.root));
  const answers = [];
  for (const part of parts) answers.push(await raw.ask(part));
  const after = await raw.ask(line(capture(home)));
  return { last: answers.at(-1), after };
}

test("S2 whoever connects without a proof, or with a wrong one, is told why and hung up on, whatever they send", async () => {
  await using home = await makeHost();
  await using _serving = await serve(home.host);
  const records = home.host.committed;
  const key = socketKey(home.host.keyFolder);
  const socket = `${socketIdentity(socketPath(home.root))}`;
  const nonce = hex();
  for (const part of [
    line(capture(home)),
    line({ ...capture(home), args: { text: "x".repeat(1_000_000) } }),
    line({ n: 3, do: "prove", proof: proofOf("client", { key, socket, client: nonce, server: nonce }) }),
    line({ ...hello(), proof: hex() }),
    line(hello("short")),
    line({}),
    "{{{\n",
    `{"n":7,${"x".repeat(600)}`,
    Buffer.concat([Buffer.from("{"), randomBytes(2_000)]),
  ]) {
    expect(await tryOnce(home, part)).toMatchObject({ last: refused, after: undefined });
  }
  const wrong = async (make: (server: { nonce: string; proof: string }) => string) => {
    using raw = rawSocket(socketPath(home.root));
    const server = (await raw.ask(line(hello(nonce)))) as { nonce: string; proof: string };
    const answered = await raw.ask(line({ n: 2, do: "prove", proof: make(server) }));
    return [answered, await raw.ask(line(capture(home)))];
  };
  for (const make of [
    // Its own proof sent back, the nonces exchanged, another socket's, another key's, and nothing at all.
    ({ proof }: { proof: string }) => proof,
    ({ nonce: server }: { nonce: string }) => proofOf("client", { key, socket, client: server, server: nonce }),
    ({ nonce: server }: { nonce: string }) => proofOf("client", { key, socket: "1:1", client: nonce, server }),
    ({ nonce: server }: { nonce: string }) =>
      proofOf("client", { key: randomBytes(32), socket, client: nonce, server }),
    () => "",
  ]) {
    expect(await wrong(make)).toMatchObject([refused, undefined]);
  }
  expect(home.host.committed).toBe(records);
  // Nobody is kept out by all that.
  await using client = await connectHome(home.root, { environment: home.environment });
  expect(await client.act("memory.capture", { text: "by me" })).toMatchObject({ status: "done" });
});

test("S2 a proof that was overheard is worth nothing on another connection", async () => {
  await using home = await makeHost();
  await using _serving = await serve(home.host);
  const key = socketKey(home.host.keyFolder);
  const socket = `${socketIdentity(socketPath(home.root))}`;
  const nonce = hex();
  using first = rawSocket(socketPath(home.root));
  const welcome = (await first.ask(line(hello(nonce)))) as { nonce: string };
  const prove = line({
    n: 2,
    do: "prove",
    proof: proofOf("client", { key, socket, client: nonce, server: welcome.nonce }),
  });
  expect(await first.ask(prove)).toEqual({ n: 2, proven: true });
  using second = rawSocket(socketPath(home.root));
  await second.ask(line(hello(nonce)));
  expect(await second.ask(prove)).toMatchObject(refused);
});

test("S2 what is sent together with the proof, or in pieces, is read as it was meant", async () => {
  await using home = await makeHost();
  await using _serving = await serve(home.host);
  const key = socketKey(home.host.keyFolder);
  const socket = `${socketIdentity(socketPath(home.root))}`;
  const nonce = hex();
  using raw = rawSocket(socketPath(home.root));
  const greeting = line(hello(nonce));
  for (const each of greeting.slice(0, -1)) raw.socket.write(each);
  const welcome = (await raw.ask("\n")) as { nonce: string };
  const proof = proofOf("client", { key, socket, client: nonce, server: welcome.nonce });
  expect(await raw.ask(line({ n: 2, do: "prove", proof }) + line(capture(home)))).toEqual({ n: 2, proven: true });
  expect(await raw.ask("")).toMatchObject({ n: 9, outcome: { status: "done" } });
});

test("S2 a client tells an impostor nothing but a nonce, and says what is wrong", async () => {
  await using home = await makeHost();
  socketKey(home.host.keyFolder, { make: true });
  const seen: string[] = [];
  let answer = (_said: { n: number; nonce: string }): object => ({});
  const server = net.createServer((socket) => {
    socket
      .on("error", () => undefined)
      .on("data", (chunk: Buffer) => {
        seen.push(chunk.toString());
        socket.write(line(answer(JSON.parse(chunk.toString().split("\n")[0] ?? ""))));
      });
  });
  await new Promise<void>((resolve) => server.listen(socketPath(home.root), resolve));
  const tried = () =>
    dial(home.root, home.environment).then(
      () => "connected",
      (error: { code: string }) => error.code,
    );
  for (const each of [
    // An older mh, one that claims to be the home without the key, one that sends back what it got, and noise.
    ({ n }: { n: number }) => ({ n, fault: { code: "protocol.invalid", message: "Not a request: not valid." } }),
    ({ n }: { n: number }) => ({ n, nonce: hex(), proof: hex() }),
    ({ n, nonce }: { n: number; nonce: string }) => ({ n, nonce, proof: nonce }),
    ({ n }: { n: number }) => ({ n, proven: true }),
    () => ({}),
  ]) {
    answer = each;
    expect(await tried()).toBe("socket.refused");
  }
  expect(seen.map((each) => Object.keys(JSON.parse(each)).join())).toEqual(Array(5).fill("n,do,nonce"));
  server.close();
});

test("S2 another home's socket in the place of this one is no door into either", async () => {
  await using home = await makeHost();
  await using other = await makeHost();
  await using _serving = await serve(other.host);
  socketKey(home.host.keyFolder, { make: true });
  fs.rmSync(socketPath(home.root), { force: true });
  fs.symlinkSync(socketPath(other.root), socketPath(home.root));
  await expect(dial(home.root, home.environment)).rejects.toMatchObject({ code: "socket.refused" });
  // Nor is a folder that says that it is the other home, and passes on what it hears.
  await using serving = await serve(home.host);
  using place = makePlace();
  fs.mkdirSync(place.at("run"));
  fs.copyFileSync(home.file("home.json"), place.at("home.json"));
  const relay = net.createServer((socket) => {
    const real = net.connect(socketPath(home.root));
    for (const each of [socket, real]) each.on("error", () => undefined);
    socket.pipe(real).pipe(socket);
    socket.on("close", () => real.destroy());
  });
  await new Promise<void>((resolve) => relay.listen(socketPath(place.folder), resolve));
  await expect(dial(place.folder, home.environment)).rejects.toMatchObject({ code: "socket.refused" });
  relay.close();
  await serving[Symbol.asyncDispose]();
});

test.for(["mode", "link", "short", "folder"])(
  "S2 a key that is not the owner's alone (%s) opens nothing, and the next step is said",
  async (kind) => {
    await using home = await makeHost();
    await using _serving = await serve(home.host);
    const file = path.join(home.host.keyFolder, "socket.key");
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    if (kind === "mode") fs.chmodSync(file, 0o644);
    else fs.renameSync(file, `${file}-aside`);
    if (kind === "link") fs.symlinkSync(`${file}-aside`, file);
    if (kind === "short") fs.writeFileSync(file, "c2hvcnQ=", { mode: 0o600 });
    if (kind === "folder") fs.mkdirSync(file);
    const message = expect.stringContaining(file);
    await expect(dial(home.root, home.environment)).rejects.toMatchObject({ code: "socket.refused", message });
    using raw = rawSocket(socketPath(home.root));
    expect(await raw.ask(line(hello()))).toMatchObject({ fault: { code: "socket.refused", message } });
    // Thrown away, it is made anew.
    fs.rmSync(file, { recursive: true });
    using again = rawSocket(socketPath(home.root));
    await again.ask(line(hello()));
    const connection = await dial(home.root, home.environment);
    await connection?.[Symbol.asyncDispose]();
  },
);

test("S2 a process that does not know the home's keys says where it looked for them", async () => {
  await using home = await makeHost();
  await using _serving = await serve(home.host);
  using place = makePlace();
  const message = expect.stringContaining(keyFolder(home.host.home.id, { HOME: place.folder }));
  await expect(dial(home.root, { HOME: place.folder })).rejects.toMatchObject({ code: "socket.refused", message });
});

test("S2 many who prove nothing keep nobody out", async () => {
  await using home = await makeHost();
  await using _serving = await serve(home.host);
  const idle = Array.from({ length: 200 }, () => rawSocket(socketPath(home.root)));
  for (const each of idle) each.socket.write('{"n":1,');
  await using client = await connectHome(home.root, { environment: home.environment });
  expect(await client.act("memory.capture", { text: "by me" })).toMatchObject({ status: "done" });
  await expect.poll(() => idle.filter(({ socket }) => !socket.destroyed).length).toBeLessThanOrEqual(64);
  for (const each of idle) each[Symbol.dispose]();
});

test("S2 the socket of a home with a long path lies in a folder of this user's alone, which is closed like a home", async () => {
  using place = makePlace();
  const root = place.at(`${"long/".repeat(30)}home`);
  fs.mkdirSync(root, { recursive: true });
  await using home = await makeHost({ root });
  await using serving = await serve(home.host);
  const folder = socketFolder();
  expect(path.dirname(socketPath(root))).toBe(folder);
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  using _raw = await provenSocket(home);
  await using other = await makeHost();
  for (const [skill, args] of [
    ["shell.run", { argv: ["ls"], cwd: folder }],
    ["shell.run", { argv: ["ls"], cwd: path.dirname(folder) }],
    ["disk.list", { path: folder }],
    ["disk.write", { path: path.join(folder, "x"), text: "x" }],
  ] as const) {
    for (const each of [home, other]) {
      expect(await each.act("owner", skill, args)).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
    }
  }
  // Two homes whose paths end alike have two sockets.
  expect(socketPath(`/other${root}`)).not.toBe(socketPath(root));
  await serving[Symbol.asyncDispose]();
});
