import { defineContract, type Permissions } from "@mh/contract/contract.ts";
import type { Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { calendarSettings } from "@mh/core/calendar/settings.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { mailSettings } from "@mh/core/mail/settings.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import { SettingsForm } from "@mh/core/settings/settings-form.ts";
import { heldToContract, permitted } from "@mh/host/wiring/permitted.ts";
import type { WorldPorts } from "@mh/host/wiring/world-ports.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

/** Ports that remember what came through, and do nothing. */
function recording(): { parts: WorldPorts; through: string[] } {
  const through: string[] = [];
  const note = (name: string) => (): never => {
    through.push(name);
    return undefined as never;
  };
  const all = <Port>(port: string, ...methods: string[]): Port =>
    Object.fromEntries(methods.map((method) => [method, note(`${port}.${method}`)])) as Port;
  const secrets = ["read", "own", "names", "write", "remove", "take", "state", "keychainLacks", "unlock", "move"];
  const mail = all<Awaited<ReturnType<WorldPorts["mail"]>>>("mail", "mailbox", "compose", "submit");
  const parts: WorldPorts = {
    http: all("http", "request"),
    mail: async () => mail,
    secrets: all("secrets", ...secrets),
    disk: { ...all<WorldPorts["disk"]>("disk", "list", "read", "write"), closed: [] },
    programs: { ...all<WorldPorts["programs"]>("programs", "realPath", "run"), closed: [] },
    desktop: all("desktop", "missing", "show"),
    calendarFiles: {
      ...all<WorldPorts["calendarFiles"]>("calendarFiles", "read", "replace"),
      pathOf: (file) => (file.startsWith("/") ? file : `/home/ada/mh/${file}`),
    },
  };
  return { parts, through };
}

type Attempt = (parts: WorldPorts) => unknown;

const signal = new AbortController().signal;
const get =
  (url: string, reach: "any" | "public"): Attempt =>
  ({ http }) =>
    http.request({ method: "GET", url, reach, timeoutMs: 1, bytesMax: 1 });
const login = (host: string) => ({
  ...{ account: "a", host, port: 993, tls: "implicit" as const, user: "u", password: "p", secret: "s" },
  signal,
});
const run =
  (program: string, folder?: string): Attempt =>
  ({ programs }) =>
    programs.run({
      program,
      args: [],
      ...(folder && { folder }),
      timeoutMs: 1,
      outputBytesMax: 1,
      isOwners: false,
      signal,
    });

/** Whatever a skill may try, by a name for it. */
const attempts: Record<string, Attempt> = {
  "http.request example.org public": get("https://example.org/", "public"),
  "http.request example.org any": get("https://example.org/", "any"),
  "http.request EVIL public": get("https://evil.example/", "public"),
  "http.request router any": get("http://192.168.0.1/", "any"),
  "http.request dav.example any": get("https://DAV.example:8443/ada/", "any"),
  "mail.mailbox imap.example": async ({ mail }) => (await mail()).mailbox(login("imap.example"), async () => 1),
  "mail.mailbox evil": async ({ mail }) => (await mail()).mailbox(login("evil.example"), async () => 1),
  "mail.submit smtp.example": async ({ mail }) =>
    (await mail()).submit(login("smtp.example"), { from: "a", to: [] }, new Uint8Array()),
  "secrets.read mail-password": ({ secrets }) => secrets.read("mail-password"),
  "secrets.read dav-password": ({ secrets }) => secrets.read("dav-password"),
  "secrets.read other": ({ secrets }) => secrets.read("other"),
  "secrets.own mh.vapid": ({ secrets }) => secrets.own("mh.vapid", () => ""),
  "secrets.names": ({ secrets }) => secrets.names(),
  "secrets.write other": ({ secrets }) => secrets.write("other", "x"),
  "secrets.remove other": ({ secrets }) => secrets.remove("other"),
  "secrets.take": ({ secrets }) => secrets.take("offer"),
  "secrets.state": ({ secrets }) => secrets.state(),
  "secrets.keychainLacks": ({ secrets }) => secrets.keychainLacks(),
  "secrets.unlock": ({ secrets }) => secrets.unlock(undefined),
  "secrets.move": ({ secrets }) => secrets.move("keyfile", undefined, () => Promise.resolve()),
  "disk.list /srv": ({ disk }) => disk.list("/srv", 1),
  "disk.read /srv/a": ({ disk }) => disk.read("/srv/a", 1),
  "disk.read /srvother": ({ disk }) => disk.read("/srvother", 1),
  "disk.write /srv/a": ({ disk }) => disk.write("/srv/a", new Uint8Array(), { replace: false }),
  "disk.write /etc/passwd": ({ disk }) => disk.write("/etc/passwd", new Uint8Array(), { replace: true }),
  "programs.realPath /usr/bin/ls": ({ programs }) => programs.realPath("/usr/bin/ls"),
  "programs.run /usr/bin/ls": run("/usr/bin/ls"),
  "programs.run /usr/bin/ls in /srv": run("/usr/bin/ls", "/srv"),
  "programs.run /usr/bin/ls in /etc": run("/usr/bin/ls", "/etc"),
  "programs.run /usr/bin/rm": run("/usr/bin/rm"),
  "desktop.show": ({ desktop }) => desktop.show({ title: "a", body: "b", urgency: "low" }, signal),
  "calendarFiles.read own.ics": ({ calendarFiles }) => calendarFiles.read("own.ics"),
  "calendarFiles.replace own.ics": ({ calendarFiles }) => calendarFiles.replace("own.ics", new Uint8Array()),
  "calendarFiles.read config.yaml": ({ calendarFiles }) => calendarFiles.read("config.yaml"),
};

const settings = {
  mail: {
    accounts: [
      {
        ...{ name: "work", address: "ada@example.org", secret: "mail-password" },
        imap: { host: "IMAP.example", port: 993 },
        smtp: { host: "smtp.example", port: 465 },
      },
    ],
  },
  calendar: {
    sources: [
      { name: "own", file: "own.ics" },
      { name: "dav", caldav: "https://dav.example:8443/ada/", user: "ada", secret: "dav-password" },
    ],
  },
};
const config = new SettingsForm([mailSettings, calendarSettings, notifySettings]).parse(JSON.stringify(settings));

/** The attempts that come through with these permissions; every other ends as `skill.misdeclared`. */
async function allowed(name: string, permissions: Permissions, scope: Scope = {}): Promise<string[]> {
  const { parts, through } = recording();
  const limited = permitted(parts, { name, permissions }, { config, scope });
  const found: string[] = [];
  for (const [what, attempt] of Object.entries(attempts)) {
    const before = through.length;
    try {
      await attempt(limited);
      expect(through.length, what).toBe(before + 1);
      found.push(what);
    } catch (error) {
      expect([what, error instanceof Fault && error.code]).toEqual([what, "skill.misdeclared"]);
      expect(through.length, what).toBe(before);
    }
  }
  return found;
}

const startingWith = (...starts: string[]) =>
  Object.keys(attempts).filter((what) => starts.some((start) => what.startsWith(start)));

test("a skill that declares nothing reaches nothing, by any method of any port", async () => {
  expect(await allowed("made.up", {})).toEqual([]);
  const { parts } = recording();
  const methods = Object.entries({ ...parts, mail: await parts.mail() }).flatMap(([port, made]) =>
    Object.entries(made)
      .filter(([, method]) => typeof method === "function")
      .map(([method]) => `${port}.${method}`),
  );
  // These look at nothing of the owner's: how a message is written, whether there is a desktop, how a path is spelled.
  const harmless = ["mail.compose", "desktop.missing", "calendarFiles.pathOf"];
  const tried = new Set(Object.keys(attempts).map((what) => what.split(" ", 1)[0] ?? ""));
  expect(methods.filter((method) => !tried.has(method))).toEqual(harmless);
});

test("a host is reached by its name; * is the open Internet, and never this network", async () => {
  expect(await allowed("made.up", { hosts: ["example.org"] })).toEqual(startingWith("http.request example.org"));
  expect(await allowed("made.up", { hosts: ["*"] })).toEqual([
    "http.request example.org public",
    "http.request EVIL public",
  ]);
});

test("settings are those of the skill's own noun: their hosts, their secrets and their files", async () => {
  const permissions = { hosts: ["settings"], secrets: ["settings"], paths: ["settings"] };
  expect(await allowed("mail.overreach", permissions)).toEqual([
    "mail.mailbox imap.example",
    "mail.submit smtp.example",
    "secrets.read mail-password",
  ]);
  expect(await allowed("calendar.overreach", permissions)).toEqual([
    "http.request dav.example any",
    "secrets.read dav-password",
    ...startingWith("calendarFiles.read own.ics", "calendarFiles.replace own.ics"),
  ]);
  expect(await allowed("made.up", permissions)).toEqual([]);
});

test("a secret is read by its name; only who declares all may look at the store or change it", async () => {
  expect(await allowed("made.up", { secrets: ["other"] })).toEqual(["secrets.read other"]);
  expect(await allowed("made.up", { secrets: ["mh.vapid"] })).toEqual(["secrets.own mh.vapid"]);
  expect(await allowed("made.up", { secrets: ["*"] })).toEqual(startingWith("secrets."));
});

test("paths are those that are declared, or with * those that were judged; a program needs to be declared, too", async () => {
  const inFolder = ["disk.list /srv", "disk.read /srv/a", "disk.write /srv/a"];
  expect(await allowed("made.up", { paths: ["/srv"] })).toEqual(inFolder);
  expect(await allowed("made.up", { paths: ["*"] })).toEqual([]);
  expect(await allowed("made.up", { paths: ["*"] }, { paths: ["/srv"] })).toEqual(inFolder);
  expect(await allowed("made.up", { paths: ["*"] }, { paths: ["/srv/a"] })).toEqual([
    "disk.read /srv/a",
    "disk.write /srv/a",
  ]);
  expect(await allowed("made.up", { processes: true })).toEqual(["programs.realPath /usr/bin/ls", "desktop.show"]);
  const judged = { paths: ["/usr/bin/ls", "/srv"] };
  expect(await allowed("made.up", { paths: ["*"], processes: true }, judged)).toEqual([
    ...inFolder,
    ...["programs.realPath /usr/bin/ls", "programs.run /usr/bin/ls", "programs.run /usr/bin/ls in /srv"],
    "desktop.show",
  ]);
});

test("a skill that reaches beyond its contract fails by name at the gate, and nothing came through", async () => {
  const { parts, through } = recording();
  const contract = defineContract({
    name: "made.up",
    kind: "outside",
    title: "Reach further than it says",
    input: () => z.strictObject({ what: z.enum(Object.keys(attempts) as [string]).describe("What is tried") }),
    output: () => z.strictObject({}),
    examples: [{ title: "A page", args: { what: "http.request EVIL public" } }],
    effects: ["fetch"],
    permissions: { hosts: ["example.org"] },
    event: "made.done",
  });
  const skill = heldToContract(parts, (given) =>
    defineOutside(contract, {
      stored: "once",
      async run({ what }) {
        await attempts[what]?.(given);
        return {};
      },
    }),
  );
  await using home = await makeHost({ skills: [skill] });
  const ends = await Promise.all(
    Object.keys(attempts).map(async (what) => {
      const end = await home.act(owner, "made.up", { what });
      return [what, end.status === "failed" ? end.fault.code : end.status];
    }),
  );
  const open = startingWith("http.request example.org");
  expect(ends).toEqual(Object.keys(attempts).map((what) => [what, open.includes(what) ? "done" : "skill.misdeclared"]));
  expect(through).toEqual(["http.request", "http.request"]);
});
