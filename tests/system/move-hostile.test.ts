// Folders of other programs that were made to do harm: each gives a plan that says so, and widens nothing.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { MovedProgram } from "@mh/contract/move.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { layOut, type Places } from "../support/program-homes.ts";

interface Hostile {
  program: MovedProgram;
  places?: Places;
  /** What no text can lay out. */
  more?: (at: string) => void;
  /** What the plan says, each as `kind place: reason`. */
  says: string[];
}

const skill = (name: string) => `---\nname: ${name}\ndescription: x\n---\n\nx\n`;
const long = (unit: string, size = 9_900_000) => unit.repeat(Math.floor(size / unit.length));
const deep = (open: string, close: string) => `${open.repeat(50_000)}1${close.repeat(50_000)}`;
const fifos = (at: string, ...places: string[]) => {
  for (const place of places) fs.mkdirSync(path.dirname(path.join(at, place)), { recursive: true });
  execFileSync(
    "mkfifo",
    places.map((place) => path.join(at, place)),
  );
};
const notRead = "It is a pipe or a device, and was not read";
const unnamed = "Its name is not UTF-8, and nobody looked at it";

const homes: Record<string, Hostile> = {
  "a text of one endless line": {
    program: "claude",
    places: { "CLAUDE.md": long("sk-") },
    says: ["persona CLAUDE.md: it seems to hold a secret"],
  },
  "a text without end": {
    program: "claude",
    places: { "CLAUDE.md": long("- never, without \n", 1_000_000) },
    says: ["persona CLAUDE.md: persona/persona.md is longer than 200,000 characters"],
  },
  "a file larger than any": {
    program: "openclaw",
    places: { "openclaw.json": `{ x: "${long("a", 11_000_000)}" }` },
    says: [
      "server openclaw.json: openclaw.json is larger than such files are",
      "permission openclaw.json: openclaw.json is larger than such files are",
    ],
  },
  "settings that are nested without end": {
    program: "openclaw",
    places: { "openclaw.json": deep('{"mcp":', "}"), "cron/jobs.json": deep("[", "]") },
    says: [
      "schedule cron/jobs.json: cron/jobs.json holds no settings by their names",
      "server openclaw.json: openclaw.json holds no settings by their names",
    ],
  },
  "YAML that is nested, or longer than settings are": {
    program: "hermes",
    places: { "config.yaml": `mcp_servers: ${deep("[", "]")}`, "cron/jobs.json": "{" },
    says: [
      "server config.yaml: config.yaml cannot be read: line 1",
      "schedule cron/jobs.json: cron/jobs.json cannot be",
    ],
  },
  "names that every object has": {
    program: "openclaw",
    places: {
      "openclaw.json": `{ "__proto__": { mcp: { servers: { evil: { command: "/opt/x" } } } },
        mcp: { servers: { "__proto__": { command: "/opt/p" } } } }`,
      "cron/jobs.json": `{ "jobs": [{ "__proto__": { "prompt": "evil" }, "name": "constructor" }] }`,
      "workspace/skills/a/SKILL.md": skill("__proto__"),
    },
    says: [
      "skill workspace/skills/a: This skill is refused",
      "schedule cron/jobs.json: It says nothing that an agent could do",
    ],
  },
  "pipes where files should be": {
    program: "openclaw",
    more: (at) => {
      const places = ["openclaw.json", "workspace/SOUL.md", "cron/jobs.json", "workspace/skills/x/SKILL.md"];
      fifos(at, ...places, "workspace/memory.md", "workspace/skills/y/pipe");
      fs.writeFileSync(path.join(at, "workspace/skills/y/SKILL.md"), skill("y"));
    },
    says: [
      ...["openclaw.json", "workspace/SOUL.md", "cron/jobs.json", "workspace/skills/x/SKILL.md"].map(
        (place) => `other ${place}: ${notRead}`,
      ),
      "skill workspace/skills/y: This package is refused: pipe is a link, or no file at all",
    ],
  },
  "bytes that are no text": {
    program: "claude",
    more(at) {
      fs.writeFileSync(path.join(at, "CLAUDE.md"), Buffer.from([0x41, 0xff, 0x42]));
      for (const place of ["skills/", "projects/", ""])
        fs.mkdirSync(Buffer.concat([Buffer.from(`${at}/${place}x`), Buffer.from([0xff])]), { recursive: true });
    },
    says: [
      "persona CLAUDE.md: CLAUDE.md is no text in UTF-8",
      ...["skills/x\uFFFD", "projects/x\uFFFD", "x\uFFFD"].map((place) => `other ${place}: ${unnamed}`),
    ],
  },
  "more servers than settings have room for": {
    program: "claude",
    places: {
      ".mcp.json": JSON.stringify({
        mcpServers: Object.fromEntries(
          Array.from({ length: 1_000 }, (_, n) => [
            `s${n}`,
            { command: "/opt/x", args: Array.from({ length: 30 }, (_each, m) => `argument-${m}`) },
          ]),
        ),
      }),
    },
    says: [
      "server .mcp.json: config.yaml with all of them would be more than mh reads",
      "server .mcp.json: Nobody looks through so many",
    ],
  },
  "a package of gigantic files, and packages without number": {
    program: "hermes",
    places: {
      "skills/a/SKILL.md": skill("a"),
      "skills/a/x.bin": long("x", 2_000_000),
      [`skills/${"d/".repeat(30)}SKILL.md`]: skill("deep"),
      ...Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`skills/s${n}/SKILL.md`, skill(`s${n}`)])),
    },
    says: [
      "skill skills/a: This package is refused: x.bin has more than 1 MB",
      "skill skills: Nobody looks through so many",
      "other skills/d/d/d/d/d/d: Nobody looked at what lies deeper than 6 folders",
    ],
  },
};

test.each(Object.entries(homes))(
  "K17 %s: the plan comes to an end and says so, and nothing is widened",
  async (_name, { program, places = {}, more, says }) => {
    await using home = await makeHost();
    using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-move-"));
    const at = path.join(folder.path, `.${program}`);
    fs.mkdirSync(at);
    layOut(at, places);
    more?.(at);
    const { items } = await home.own("move.run", { program, path: at });
    const told = items.map(({ kind, from, why }) => `${kind} ${from}: ${why}`);
    for (const each of says) expect(told).toContainEqual(expect.stringContaining(each));
    const [{ grants }, { inForce }] = [await home.own("grant.list", {}), await home.own("policy.list", {})];
    expect([grants, inForce.filter(({ origin }) => origin === "owner")]).toEqual([[], []]);
    const { servers } = await home.own("mcp.list", {});
    const { skills } = await home.own("skill.list", {});
    expect([...servers, ...skills].filter(({ state }) => state !== "off" && state !== "waiting")).toEqual([]);
    expect(servers.map(({ server }) => server)).not.toContain("evil");
  },
);

test("K17 of several agents each with a persona of its own one is taken, and the others are named; twice is once", async () => {
  await using home = await makeHost();
  using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-move-"));
  const agent = (name: string) => JSON.stringify({ blocks: [{ label: "persona", value: `I am ${name}.` }] });
  layOut(folder.path, { "ann.af": agent("Ann"), "ben.af": agent("Ben") });
  const move = () => home.own("move.run", { program: "letta", path: folder.path });
  const personas = ({ items }: Awaited<ReturnType<typeof move>>) =>
    items.filter(({ kind }) => kind === "persona").map(({ from, state, why }) => [from, state, why]);
  expect(personas(await move())).toEqual([
    ["ann.af", "new", undefined],
    ["ben.af", "conflict", "What ann.af says is taken"],
  ]);
  const { sections } = await home.own("persona.show", { section: "persona" });
  expect(sections[0]?.text.trim()).toBe("I am Ann.");
  expect(personas(await move())).toEqual([
    ["ann.af", "same", undefined],
    ["ben.af", "conflict", "Your persona says something else, and stays"],
  ]);
});
