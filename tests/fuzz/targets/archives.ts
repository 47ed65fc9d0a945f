import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { httpOf } from "@mh/testing/http-of.ts";
import { packageFiles } from "../../support/skill-package.ts";
import { gzipped, oddFiles, type Packed, tarOf, zipOf } from "../archives.ts";
import type { Dice } from "../dice.ts";
import { fuzzedHome } from "../fuzzed-home.ts";
import { mutatedBytes } from "../mutate.ts";
import { mutatedJson } from "../mutate-json.ts";
import { checkFault, Finding, type Target } from "../target.ts";

const registry = "https://registry.fuzz.example";
const chat = {
  id: "1",
  title: "Tea",
  create_time: 1,
  mapping: {
    a: {
      id: "a",
      message: {
        id: "m",
        author: { role: "user" },
        create_time: 1,
        content: { content_type: "text", parts: ["Sarah likes tea"] },
      },
      parent: null,
      children: [],
    },
  },
  current_node: "a",
};

/**
 * What somebody packed: a tarball of a registry and what the registry says of it, a repository's pack, and the zip of a
 * chat's export. The first letter of an input says which. Whatever is in it, nothing lands outside.
 */
export async function open(): Promise<Target> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-fuzz-"));
  let [packument, tarball]: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  const http = httpOf(({ url }) => ({
    status: 200,
    headers: {},
    body: new Uint8Array(url.endsWith(".tgz") ? tarball : packument),
  }));
  const fuzzed = await fuzzedHome({
    http,
    environment: { HOME: folder, PATH: process.env.PATH, npm_config_registry: registry },
  });
  const { home } = fuzzed;
  const outside = () => fs.readdirSync(folder).sort().join();
  const good: Packed[] = Object.entries(packageFiles()).map(([name, text]) => ({
    name: `package/${name}`,
    bytes: Buffer.from(text),
  }));
  const repository = madeRepository(folder);
  const [pack = ""] = fs.globSync("objects/pack/*.pack", { cwd: repository });
  const goodPack = fs.readFileSync(path.join(repository, pack));
  fs.chmodSync(path.join(repository, pack), 0o644);
  const before = outside();
  const told = (bytes: Buffer) => {
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    return JSON.stringify({
      "dist-tags": { latest: "1.0.0" },
      versions: { "1.0.0": { dist: { tarball: `${registry}/x.tgz`, integrity } } },
    });
  };
  const some = (dice: Dice): [kind: string, bytes: Buffer] => {
    const kind = dice.pick([..."tttzzzmg"]);
    if (kind === "g") return [kind, mutatedBytes(dice, goodPack, [])];
    if (kind === "m") return [kind, Buffer.from(mutatedJson(dice, [told(gzipped(tarOf(good)))]))];
    if (kind === "z") {
      const exported = [
        { name: "conversations.json", bytes: Buffer.from(`[${mutatedJson(dice, [JSON.stringify(chat)])}]`) },
      ];
      const zip = zipOf(dice, oddFiles(dice, exported));
      return [kind, dice.chance(0.4) ? mutatedBytes(dice, zip, []) : zip];
    }
    const tar = tarOf(oddFiles(dice, good));
    const changed = dice.chance(0.3) ? mutatedBytes(dice, tar, [tarOf(good)]) : tar;
    const packed = gzipped(changed);
    return [kind, dice.chance(0.2) ? mutatedBytes(dice, packed, []) : packed];
  };
  return {
    renewAfter: 400,
    make(dice) {
      const [kind, bytes] = some(dice);
      return Buffer.concat([Buffer.from(kind), bytes]);
    },
    async feed(input) {
      const kind = String.fromCharCode(input[0] ?? 0);
      const bytes = input.subarray(1);
      if (kind === "z") {
        fs.writeFileSync(home.file("run/export.zip"), bytes);
        await tried("import.run", { path: home.file("run/export.zip") });
      } else if (kind === "g") {
        fs.writeFileSync(path.join(repository, pack), bytes);
        await tried("skill.fetch", { source: `file://${repository}` });
      } else {
        tarball = kind === "m" ? gzipped(tarOf(good)) : bytes;
        packument = kind === "m" ? bytes : Buffer.from(told(bytes));
        await tried("skill.fetch", { source: "npm:x" });
      }
      if (outside() !== before) throw new Finding(`Something lies outside: ${outside()}, and was ${before}`);
      await fuzzed.check();
    },
    async [Symbol.asyncDispose]() {
      await fuzzed[Symbol.asyncDispose]();
      fs.rmSync(folder, { recursive: true });
    },
  };

  async function tried(skill: string, args: object): Promise<void> {
    const outcome = await home.act("owner", skill, args);
    if (outcome.status === "failed") checkFault(outcome.fault);
    if (skill !== "skill.fetch" || outcome.status !== "done") return;
    const { stage, skill: view } = outcome.value as { stage: string; skill: { hash: string; name: string } };
    const added = await home.act("owner", "skill.add", { stage, hash: view.hash });
    if (added.status === "failed") checkFault(added.fault);
    if (added.status === "done") await home.own("skill.remove", { name: view.name });
  }
}

/** A bare repository with a package in one pack. */
function madeRepository(folder: string): string {
  const work = path.join(folder, "work");
  for (const [name, text] of Object.entries(packageFiles())) {
    fs.mkdirSync(path.dirname(path.join(work, name)), { recursive: true });
    fs.writeFileSync(path.join(work, name), text);
  }
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], { cwd: work, stdio: "ignore" });
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "-m", "x");
  git("gc", "-q");
  return path.join(work, ".git");
}
