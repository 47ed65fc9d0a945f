import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { endpoint } from "../endpoint.ts";
import { filesWith } from "../find-bytes.ts";
import { makeMh, mhWithHome } from "./mh.ts";

/** Types an answer once the built CLI asks for it on a terminal of its own; gives all that the terminal showed. */
function typeAnswer(mh: ReturnType<typeof makeMh>, args: string, question: string, answer: string): Promise<string> {
  const line = `stty rows 24 cols 80; ${process.execPath} dist/mh.js --home ${mh.root} ${args}`;
  const running = spawn("script", ["-qec", line, "/dev/null"], {
    cwd: path.join(import.meta.dirname, "..", ".."),
    env: { PATH: process.env.PATH, HOME: mh.config, TERM: "xterm" },
  });
  let shown = "";
  let isAnswered = false;
  running.stdout.on("data", (chunk) => {
    shown += chunk;
    if (isAnswered || !shown.includes(question)) return;
    isAnswered = true;
    running.stdin.write(`${answer}\r`);
  });
  return new Promise((resolve) => running.on("close", () => resolve(shown)));
}

test("a secret comes by standard input or unseen, never as an argument, and is in no file of the home", async () => {
  using mh = mhWithHome();
  expect(mh.run(["secret", "set", "ntfy", "tk_argument"]).code).toBe(2);
  expect(mh.run(["secret", "set", "ntfy"]).code).toBe(2);
  expect(JSON.parse(mh.run(["secret", "list", "--json"]).out)).toEqual({ names: [], store: null, locked: null });
  const homeless = mh.run(["secret", "set", "ntfy"], { input: "tk_piped\n" });
  expect([homeless.code, homeless.err]).toEqual([1, expect.stringMatching(/no desktop session.*`mh secret store/s)]);
  expect(filesWith(mh.config, "tk_piped")).toEqual([]);
  expect(mh.run(["secret", "store", "keyfile"]).out).toMatch(/as plain text/);
  expect(mh.run(["secret", "set", "ntfy", "--json"], { input: "tk_piped\n" })).toMatchObject({ code: 0 });
  const shown = await typeAnswer(mh, "secret set mail", "The secret mail", "tk_typed");
  expect(shown).toContain("mail is kept");
  expect(shown).not.toContain("tk_typed");
  expect(mh.run(["secret", "list"]).out).toBe("mail\nntfy\n");
  for (const value of ["tk_piped", "tk_typed"]) {
    expect(filesWith(mh.root, value)).toEqual([]);
    const [file = "", ...others] = filesWith(mh.config, value);
    expect([fs.readFileSync(file, "utf8"), others]).toEqual([value, []]);
  }
  expect(mh.run(["secret", "rm", "mail"]).code).toBe(0);
  expect([filesWith(mh.config, "tk_typed"), mh.run(["secret", "rm", "mail"]).code]).toEqual([[], 1]);
});

test("a passphrase is asked for where secrets are needed: at a terminal, by a pipe for the daemon, and by mh up", async () => {
  using mh = makeMh();
  await using server = await endpoint();
  const passphrase = "correct horse battery staple";
  mh.run(["init", "--yes"]);
  const settings = `daemon: { port: 0 }\nnotify:\n  ntfy: { url: "${server.url}", topic: ada, secret: ntfy }\n`;
  fs.appendFileSync(path.join(mh.root, "config.yaml"), settings);
  expect(mh.run(["review", "--adopt"]).code).toBe(0);
  expect(mh.run(["secret", "store", "passphrase"], { input: "short\n" }).code).toBe(2);
  expect(mh.run(["secret", "store", "passphrase"], { input: `${passphrase}\n` })).toMatchObject({ code: 0 });
  expect(mh.run(["secret", "set", "ntfy"], { input: "tk_sealed\n" }).code).toBe(6);

  expect((await mh.start(["daemon", "start"])).err).toContain("`mh secret unlock`");
  const wrong = mh.run(["secret", "unlock"], { input: "wrong\n" });
  expect([wrong.code, wrong.err]).toEqual([6, expect.stringContaining("not the passphrase")]);
  expect(mh.run(["secret", "unlock"], { input: `${passphrase}\n` }).out).toContain("until the daemon ends");
  expect(mh.run(["secret", "set", "ntfy"], { input: "tk_sealed\n" }).out).toContain("encrypted with your passphrase");
  expect((await mh.start(["notify", "By the daemon"])).code).toBe(0);
  expect((await mh.start(["daemon", "stop"])).code).toBe(0);

  expect(await typeAnswer(mh, "notify Typed", "passphrase of your secrets", passphrase)).toContain("Sent: ntfy");
  expect((await mh.start(["notify", "Nobody to ask"])).code).toBe(6);
  const up = typeAnswer(mh, "up", "passphrase of your secrets", passphrase);
  const daemonUp = () => mh.start(["daemon", "status", "--json"]).then(({ code }) => code);
  await expect.poll(daemonUp).toBe(0);
  expect((await mh.start(["notify", "By mh up"])).code).toBe(0);
  expect((await mh.start(["daemon", "stop"])).code).toBe(0);
  expect(await up).not.toContain("locked");
  const titles = server.received.map(({ headers, body }) => [headers.authorization, JSON.parse(String(body)).title]);
  expect(titles).toEqual(["By the daemon", "Typed", "By mh up"].map((title) => ["Bearer tk_sealed", title]));
  for (const text of ["tk_sealed", passphrase])
    expect([...filesWith(mh.root, text), ...filesWith(mh.config, text)]).toEqual([]);
});

test("mh device add shows an address whose token no server sees, once; revoke shuts it out", () => {
  using mh = mhWithHome();
  const added = JSON.parse(mh.run(["device", "add", "phone", "--json"]).out);
  expect(added.url).toBe(`http://127.0.0.1:7717/#token=${added.token}`);
  expect(filesWith(mh.config, added.token)).toEqual([]);
  expect(filesWith(mh.root, added.token)).toEqual([]);
  const told = mh.run(["device", "add", "tablet"]);
  expect(told.out).toMatch(/█[\s\S]+\nhttp:\/\/127\.0\.0\.1:7717\/#token=mhd_[\w-]{43}\n$/);
  expect(told.out.split("\n").every((line) => line.length <= 80)).toBe(true);
  expect(mh.run(["device", "revoke", "phone"]).out).toBe("phone is shut out.\n");
  expect(mh.run(["device", "revoke", "phone"]).code).toBe(1);
  const { devices } = JSON.parse(mh.run(["device", "list", "--all", "--json"]).out);
  expect(
    devices.map((each: { name: string; revokedAt: string | null }) => [each.name, each.revokedAt !== null]),
  ).toEqual([
    ["phone", true],
    ["tablet", false],
  ]);
});

test("mh notify rings on a channel of config.yaml, and says why where it cannot", async () => {
  using mh = makeMh();
  await using server = await endpoint();
  mh.run(["init", "--yes"]);
  expect(mh.run(["notify"]).code).toBe(2);
  const nowhere = mh.run(["notify", "Hi"]);
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining("mh help notifications")]);
  fs.appendFileSync(path.join(mh.root, "config.yaml"), `notify:\n  ntfy: { url: "${server.url}", topic: ada }\n`);
  const waits = mh.run(["notify", "Hi"]);
  expect([waits.code, waits.err]).toEqual([1, expect.stringContaining("mh review")]);
  expect(mh.run(["review", "--adopt"])).toMatchObject({ code: 0, out: expect.stringContaining("notify.ntfy") });
  const sent = await mh.start(["notify", "The", "backup", "is", "done", "--urgency", "high"]);
  expect(sent).toMatchObject({ code: 0, out: "Sent: ntfy.\n" });
  expect(server.received.map(({ body }) => JSON.parse(body.toString()).title)).toEqual(["The backup is done"]);
  expect((await mh.start(["notify", "--held"])).out).toBe("Nothing was held.\n");
});
