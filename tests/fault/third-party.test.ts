import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const checkout = path.join(import.meta.dirname, "..", "..");
const libraries = ["contract", "core", "host", "testing"];
const manifestOf = (folder: string) => JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));

/** Somebody's project outside the checkout, with our packages as npm unpacks them. */
let project = "";
const environment = () => ({ PATH: process.env.PATH, HOME: project, TMPDIR: os.tmpdir(), NO_COLOR: "1" });

beforeAll(() => {
  project = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-third-party-")));
  const run = (file: string, args: string[]) => execFileSync(file, args, { cwd: project, encoding: "utf8" });
  run(process.execPath, [path.join(checkout, "tools", "package-libraries.ts")]);
  const modules = path.join(project, "node_modules");
  linkAll(path.join(checkout, "node_modules"), modules);
  for (const name of libraries) {
    const folder = path.join(modules, "@mh", name);
    fs.mkdirSync(folder, { recursive: true });
    const packed = path.join(checkout, "dist", "packages", name);
    const [{ filename }] = JSON.parse(run("npm", ["pack", "--json", "--silent", packed]));
    run("tar", ["-xzf", filename, "--strip-components=1", "-C", folder]);
  }
  fs.writeFileSync(path.join(project, "package.json"), JSON.stringify({ type: "module" }));
  fs.cpSync(path.join(import.meta.dirname, "third-party"), project, { recursive: true });
});

afterAll(() => fs.rmSync(project, { recursive: true, force: true }));

/** Everything that is installed here but our own packages: the network is no part of the test. */
function linkAll(from: string, to: string): void {
  fs.mkdirSync(to);
  for (const name of fs.readdirSync(from)) {
    if (!name.startsWith(".") && name !== "@mh") fs.symlinkSync(path.join(from, name), path.join(to, name));
  }
}

test("a package asks for exactly the versions that were tested, and for nothing that is not there", () => {
  for (const name of libraries) {
    const { dependencies, scripts } = manifestOf(path.join(project, "node_modules", "@mh", name));
    expect(scripts).toBe(undefined);
    for (const [dependency, wanted] of Object.entries(dependencies)) {
      const { name: own, version } = manifestOf(path.join(project, "node_modules", dependency));
      expect([dependency, version, `npm:${own}@${version}`], name).toContain(wanted);
    }
  }
});

test("a third party's program is checked against the packages' types, and a wrong use is an error", () => {
  const check = (): string => {
    const compiler = path.join(checkout, "node_modules", "typescript7", "bin", "tsc");
    return spawnSync(process.execPath, [compiler], { cwd: project, encoding: "utf8", env: environment() }).stdout;
  };
  const options = { target: "es2024", lib: ["es2024", "esnext.disposable"], module: "nodenext", types: ["node"] };
  const compilerOptions = { ...options, strict: true, noEmit: true, allowImportingTsExtensions: true };
  fs.writeFileSync(
    path.join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true }, include: ["*.ts"] }),
  );
  expect(check()).toBe("");
  fs.writeFileSync(
    path.join(project, "deep.ts"),
    'import { Kernel } from "@mh/core/kernel/kernel.ts";\nnew Kernel();\n',
  );
  expect(check()).toMatch(/^deep\.ts\(1,\d+\): error TS2307: Cannot find module '@mh\/core\/kernel\/kernel\.ts'/);
});

test("a third party's program opens a home, registers a feature of its own, and is answered", () => {
  const args = ["program.ts", path.join(project, "home"), project];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    ...{ cwd: project, encoding: "utf8", env: environment() },
  });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    added: ["quotes/ada-1843.md", "quotes/ada-1843.md"],
    quote: "The Analytical Engine weaves algebraic patterns. (1843)",
    wrongType: "number",
    refused: "args.invalid",
    unknown: { code: "memory.not-found", message: "Nothing is known of Eve." },
    files: ["ada-1842.md", "ada-1843.md"],
    agents: fs.readdirSync(path.join(checkout, "brain", "agents")).length,
    allowed: "done",
    kindred: [1],
    http: 200,
    afterRebuild: 2,
    isOneFault: "protocol.invalid",
    tested: { text: "Tested.", of: 1 },
  });
});

test("nothing but the public entries resolves, also with the condition that our own packages use", () => {
  const resolves = (specifier: string, ...flags: string[]): boolean => {
    const args = [...flags, "--input-type=module", "-e", `import.meta.resolve(${JSON.stringify(specifier)})`];
    return spawnSync(process.execPath, args, { cwd: project, env: environment() }).status === 0;
  };
  expect(
    ["@mh/contract", "@mh/core/agent", "@mh/core/feature", "@mh/host", "@mh/testing"].filter((each) => !resolves(each)),
  ).toEqual([]);
  const others = ["@mh/core", "@mh/core/kernel/kernel.ts", "@mh/host/lib/index.js", "@mh/contract/values/fault.ts"];
  expect(others.filter((each) => resolves(each) || resolves(each, "--conditions=mh-source"))).toEqual([]);
});
