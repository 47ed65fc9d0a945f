import { execFileSync, spawnSync } from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { endpoint } from "../endpoint.ts";
import { filesWith } from "../find-bytes.ts";
import { filesBelow } from "../support/files-below.ts";
import { startSmtp } from "../support/smtp.ts";
import { makeMh } from "./mh.ts";

const skipped = spawnSync("bwrap", ["--version"]).error !== undefined && process.env.CI !== "true";
if (skipped) process.emitWarning("No canaries are kept: bubblewrap is not installed.");

/** Tokens as services make them, and with letters that every encoding changes. */
const canaries = Array.from(
  { length: 20 },
  (_each, index) => `cnry${index}-${crypto.randomBytes(12).toString("base64url")}+/=&"<%`,
);
const [mail = ""] = canaries;

/** As it is, and as headers, addresses, JSON and pages write it. */
function formsOf(value: string): string[] {
  const pair = Buffer.from(`ada:${value}`).toString("base64").replace(/=+$/, "");
  const login = Buffer.from(`\0ada@home.example\0${value}`).toString("base64").replace(/=+$/, "");
  const forms = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), pair, login];
  const plain = Buffer.from(value).toString("base64").replace(/=+$/, "");
  return [...forms, plain, Buffer.from(value).toString("hex")];
}

/** Which canaries a text tells, by their numbers. */
const told = (text: string): number[] =>
  canaries.flatMap((value, index) => (formsOf(value).some((form) => text.includes(form)) ? [index] : []));
const filesTelling = (folder: string): string[] =>
  canaries.flatMap((value) => formsOf(value).flatMap((form) => filesWith(folder, form)));

/** An IMAP server that knows nobody, and repeats whatever it was told. */
async function echoingImap(): Promise<AsyncDisposable & { port: number; heard: string[] }> {
  const heard: string[] = [];
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("* OK [CAPABILITY IMAP4rev1] Hello\r\n");
    socket.on("data", (chunk) => {
      for (const line of String(chunk).split("\r\n").filter(Boolean)) {
        heard.push(line);
        const [tag, verb = ""] = line.split(" ");
        if (/^CAPABILITY$/i.test(verb)) socket.write(`* CAPABILITY IMAP4rev1\r\n${tag} OK done\r\n`);
        else if (/^LOGOUT$/i.test(verb)) socket.end(`* BYE\r\n${tag} OK done\r\n`);
        else socket.write(`${tag} NO You said: ${line}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    heard,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const napSeconds = 600.25;

/**
 * Environment and command line of everything that a process starts, for as long as it is watched. A nap is ended once it was
 * seen: a program that is to be seen takes one.
 */
function watchChildren(pid: number): { seen: Map<string, string>; stop(): void } {
  const seen = new Map<string, string>();
  const read = (of: string, what: string) => {
    try {
      return fs.readFileSync(`/proc/${of}/${what}`, "utf8");
    } catch {
      return "";
    }
  };
  const look = () => {
    const parents = new Map<string, string>();
    const naps: number[] = [];
    for (const each of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
      parents.set(each, /^\d+ \(.*\) \S (\d+)/s.exec(read(each, "stat"))?.[1] ?? "0");
    for (const [child] of parents) {
      let above = parents.get(child);
      while (above !== undefined && above !== String(pid)) above = parents.get(above);
      if (above === undefined) continue;
      const now = `${read(child, "cmdline")}\0\0${read(child, "environ")}`;
      if (now.length <= 2) continue;
      seen.set(`${child} ${now}`, now);
      if (now.startsWith(`sleep\0${napSeconds}\0`)) naps.push(Number(child));
    }
    return naps;
  };
  const timer = setInterval(() => {
    for (const pid of look())
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It was ended with what started it.
      }
  }, 5);
  return { seen, stop: () => clearInterval(timer) };
}

const agentText = `
import { type AgentContext, defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "gossip", title: "Repeats what it hears", triggers: [{ every: "1d" }], ensures: ["calendar.read"],
  may: ["calendar.read", "memory.capture", "mail.read", "notify.send"],
  async run(agent: AgentContext) {
    for (const skill of ["calendar.read", "mail.read"]) {
      const heard = JSON.stringify(await agent.act(skill, {}));
      agent.log("I heard " + heard);
      console.log(heard);
      agent.log(JSON.stringify(await agent.act("memory.capture", { text: heard.slice(0, 5000) })));
      agent.log(JSON.stringify(await agent.act("notify.send", { title: "Heard", body: heard.slice(0, 500) })));
    }
  },
});`;

/** Writes down what it was started with, and then fails, saying all of it. */
const notifySend = (file: string): string =>
  `#!/bin/sh\n{ tr '\\0' '\\n' < /proc/self/environ; echo "$@"; echo; } >> ${file}\nsleep ${napSeconds}\nenv >&2\nexit 1\n`;

test.skipIf(skipped)(
  "P19 twenty canary secrets never appear in logs, files, events or child environments",
  async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-canaries-"));
    const passphrase = path.join(folder, "passphrase");
    fs.writeFileSync(passphrase, "correct horse battery staple\n", { mode: 0o600 });
    const started = path.join(folder, "started");
    fs.mkdirSync(path.join(folder, "bin"));
    fs.writeFileSync(path.join(folder, "bin", "notify-send"), notifySend(started), { mode: 0o755 });
    await using web = await endpoint();
    const echo = ({ headers, body }: { headers: object; body: Buffer }) => `${JSON.stringify(headers)}\n${body}`;
    web.answer = (request) => ({ status: 401, body: echo(request) });
    await using dav = await endpoint();
    dav.answer = ({ method, headers, body }) =>
      method === "GET"
        ? { status: 200, body: icsSaying(decodeBearer(headers.authorization)) }
        : { status: 401, body: echo({ headers, body }) };
    await using imap = await echoingImap();
    const tls = { ca: "", cert: "", key: "" };
    await using smtp = await startSmtp({ user: "nobody", password: "nothing", tls, mode: "plain" });

    using mh = makeMh(undefined, {
      PATH: `${folder}/bin:${process.env.PATH}`,
      DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere",
    });
    mh.run(["init", "--yes"]);
    const server = (port: number) => ({ host: "127.0.0.1", port, tls: "none" });
    const settings = {
      daemon: { port: 0 },
      secrets: { passphraseFile: passphrase },
      notify: {
        ntfy: { url: web.url, topic: "ada", secret: "canary-0" },
        pushover: { user: "u", secret: "canary-1", url: web.url },
      },
      mail: {
        accounts: [
          {
            name: "home",
            address: "ada@home.example",
            secret: "canary-2",
            imap: server(imap.port),
            smtp: server(smtp.port),
          },
        ],
      },
      calendar: {
        sources: [
          { name: "basic", caldav: `${dav.url}/c/`, user: "ada", secret: "canary-3" },
          { name: "token", url: `${dav.url}/t.ics`, secret: "canary-4" },
        ],
      },
    };
    // JSON is YAML.
    const lines = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
    fs.appendFileSync(path.join(mh.root, "config.yaml"), lines.join(""));
    expect(mh.run(["review", "--adopt"]).code).toBe(0);
    fs.mkdirSync(path.join(mh.root, "brain", "agents"), { recursive: true });
    fs.writeFileSync(path.join(mh.root, "brain", "agents", "gossip.ts"), agentText);

    const said: string[] = [];
    const run = async (...args: string[]) => {
      const ended = await mh.start(args);
      said.push(`${args[0]} ${args[1]}`, ended.out, ended.err);
      return ended;
    };
    const chosen = mh.run(["secret", "store", "passphrase"], { input: fs.readFileSync(passphrase, "utf8") });
    expect({ code: chosen.code, err: chosen.err }).toMatchObject({ code: 0 });
    const up = await run("daemon", "start", "--json");
    expect(up).toMatchObject({ code: 0 });
    const report = JSON.parse(up.out) as { pid: number; url: string; secretsLocked: null };
    expect(report.secretsLocked).toBeNull();
    try {
      const token = mh.run(["daemon", "token"]).out.trim();
      const authorization = `Bearer ${token}`;
      const events = readAll(await fetch(`${report.url}/v1/events`, { headers: { authorization } }));
      for (const [index, value] of canaries.entries()) {
        const kept = mh.run(["secret", "set", `canary-${index}`], { input: `${value}\n` });
        expect({ index, code: kept.code, err: kept.err }).toMatchObject({ code: 0 });
        said.push(kept.out, kept.err);
      }
      const children = watchChildren(report.pid);

      for (const channel of ["ntfy", "pushover", "desktop"])
        await run("notify", `Ring ${channel}`, "--channel", channel);
      await run("mail", "list");
      await run("act", "mail.send", '{"to":["sarah@example.org"],"subject":"Tea","body":"At four?"}');
      // What a server gives the owner is the owner's to see; what it complains, is told by mh.
      await run("act", "calendar.read", '{"source":"basic"}');
      const shell = `env; cat /proc/*/environ; sleep ${napSeconds}`;
      await run("act", "shell.run", JSON.stringify({ argv: ["/usr/bin/dash", "-c", shell] }));
      await run("act", "shell.run", JSON.stringify({ argv: ["/usr/bin/env"] }));
      const allowed = await run("agent", "allow", "gossip", "--yes");
      expect([allowed.code, allowed.err]).toEqual([0, expect.anything()]);
      const gossip = await run("agent", "run", "gossip");
      expect({ code: gossip.code, err: gossip.err }).toMatchObject({ code: 0 });
      const post = async (skill: string, args: object) => {
        const headers = { authorization, "content-type": "application/json" };
        const body = JSON.stringify({ skill, args });
        const answer = await fetch(`${report.url}/v1/command`, { method: "POST", headers, body });
        said.push(await answer.text());
        return answer.status;
      };
      await post("notify.send", { title: "By HTTP", channel: "ntfy" });
      await post("mail.read", {});
      await post("calendar.read", { source: "basic" });
      for (const [index, value] of canaries.entries()) {
        const wrapped =
          [value, encodeURIComponent(value), Buffer.from(`x:${value}`).toString("base64")][index % 3] ?? value;
        expect([index, await post("memory.capture", { text: `It is ${wrapped}.` })]).toEqual([index, 400]);
        expect([index, await post("shell.run", { argv: ["/usr/bin/echo", wrapped] })]).toEqual([index, 400]);
      }
      await run("daemon", "logs", "--json");
      await run("agent", "logs", "gossip");
      await run("audit", "tail", "--json");
      await run("doctor");
      children.stop();

      // Each was really used, and really repeated.
      const received = [...web.received, ...dav.received].map(
        ({ headers, body }) => `${headers.authorization} ${body}`,
      );
      expect(told([...received, ...imap.heard].join("\n"))).toEqual([0, 1, 2, 3, 4]);
      const runLogs = execFileSync("cat", filesBelow(path.join(mh.root, "logs", "run", "agents")), {
        encoding: "utf8",
      });
      expect(runLogs).toContain("I heard");
      expect(runLogs).toContain("[secret canary-4]");
      const processes = [...children.seen.values()];
      for (const program of ["notify-send", "bwrap", "/mh/node", "sleep"])
        expect([program, processes.some((each) => each.includes(program))]).toEqual([program, true]);
      expect(fs.readFileSync(started, "utf8")).toContain("PATH=");

      await run("daemon", "stop");
      const announced = await events;
      expect(announced).toMatch(/secret\.kept[\s\S]*agent\.ran/);
      expect(told(announced)).toEqual([]);
      expect(told(processes.join("\n"))).toEqual([]);
      expect(told(fs.readFileSync(started, "utf8"))).toEqual([]);
      for (const text of said) expect([text, told(text)]).toEqual([text, []]);
    } finally {
      mh.run(["daemon", "stop"]);
    }
    expect([...filesTelling(mh.root), ...filesTelling(mh.config), ...filesTelling(folder)]).toEqual([]);
    const sealed = filesBelow(mh.config).filter((file) => file.endsWith(".sealed"));
    expect(sealed).toHaveLength(20);
    expect(mh.run(["audit", "verify"]).code).toBe(0);
    fs.rmSync(folder, { recursive: true });
  },
);

test("a process that falls tells its reason on standard error, and no secret", () => {
  const source = (name: string) => JSON.stringify(path.join(import.meta.dirname, "../../packages", name));
  const text = `
    const { KnownSecrets } = await import(${source("core/src/kernel/known-secrets.ts")});
    const { keepSecretsFromStandardError } = await import(${source("host/src/daemon/last-words.ts")});
    const known = new KnownSecrets();
    known.learn("mail", ${JSON.stringify(mail)});
    keepSecretsFromStandardError((text) => known.redact(text));
    process.emitWarning("The server said " + ${JSON.stringify(mail)});
    setTimeout(() => Promise.reject(new Error("It wanted " + ${JSON.stringify(mail)})), 10);`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", text], { encoding: "utf8" });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/said \[secret mail\][\s\S]*It wanted \[secret mail\]/)]);
  expect(told(stderr)).toEqual([]);
});

const decodeBearer = (header = ""): string => header.replace(/^Bearer /, "");

/** A calendar whose one event, today, is called after the token that it was asked with. */
function icsSaying(text: string): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const event = ["BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z", `DTSTART;VALUE=DATE:${day}`, `SUMMARY:${text}`];
  const calendar = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//test//EN",
    ...event,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ];
  return calendar.join("\r\n");
}

/** All that a stream says until it ends. */
async function readAll(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
  } catch {
    // The daemon ended.
  }
  return text;
}
