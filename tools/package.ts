// Makes dist/package/, which `npm pack` and `npm publish` take as it is: the built CLI, the notes for `mh tour`, the
// agents, and the libraries that cannot be bundled as dependencies. Nothing in it runs at installation.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { shippedAgents } from "../packages/host/src/agents/shipped-agents.ts";
import { version } from "../packages/host/src/version.ts";
import { external } from "./external.ts";

type Manifest = { version: string; dependencies?: Record<string, string> } & Record<string, unknown>;

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const folder = join(dist, "package");

execFileSync(process.execPath, [join(root, "tools", "build.ts")], { cwd: root, stdio: "inherit" });
await refuseUnknownAgents();
await rm(folder, { recursive: true, force: true });
for (const file of await built()) await copy(join(dist, file), file);
for (const file of ["README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md", "examples", "brain"])
  await copy(join(root, file), file);
await writeFile(join(folder, "package.json"), `${JSON.stringify(await manifest(), null, 2)}\n`);
console.log(folder);

/** An agent of the owner's own that lies in this checkout is nothing to publish. */
async function refuseUnknownAgents(): Promise<void> {
  const known = new Set(Object.values(shippedAgents).map(({ hash }) => hash));
  for (const name of await readdir(join(root, "brain", "agents"))) {
    const hash = createHash("sha256")
      .update(await readFile(join(root, "brain", "agents", name)))
      .digest("hex");
    if (name.endsWith(".ts") && !known.has(hash))
      throw new Error(`brain/agents/${name} is none of the agents that come with mh; see npm run shipped-agents.`);
  }
}

/** What the last build wrote, without the source maps: they are larger than all the rest. */
async function built(): Promise<string[]> {
  const stamp = await readFile(join(dist, ".stamp"), "utf8");
  return stamp.split("\n").filter((file) => file !== "" && !file.endsWith(".map"));
}

async function copy(from: string, name: string): Promise<void> {
  const to = join(folder, name);
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
}

async function manifest(): Promise<Manifest> {
  const own = await read("package.json");
  if (own.version !== version)
    throw new Error(`package.json says ${own.version}, packages/host/src/version.ts ${version}.`);
  const { description, license, engines } = own;
  return {
    name: "mh-os",
    version,
    description,
    license,
    type: "module",
    engines,
    bin: { mh: "mh.js" },
    dependencies: await runtimeDependencies(),
  };
}

/** Exactly what was tested: the versions of package-lock.json. */
async function runtimeDependencies(): Promise<Record<string, string>> {
  const manifests = await Promise.all(["core", "host"].map((each) => read(`packages/${each}/package.json`)));
  const dependencies = Object.assign({}, ...manifests.map((each) => each.dependencies));
  const entries = external.map(async (name) => {
    const installed = await read(join("node_modules", name, "package.json"));
    const alias = dependencies[name]?.startsWith("npm:") ? `npm:${installed.name}@` : "";
    return [name, `${alias}${installed.version}`] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function read(file: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, file), "utf8")) as Manifest;
}
