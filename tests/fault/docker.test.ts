import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test } from "vitest";

const checkout = path.join(import.meta.dirname, "..", "..");
const lines = fs
  .readFileSync(path.join(checkout, "Dockerfile"), "utf8")
  .split("\n")
  .filter((line) => /^[A-Z]+ /.test(line));
const ignored = fs.readFileSync(path.join(checkout, ".dockerignore"), "utf8").split("\n");

/** No engine builds it here. This does what can be done without: the same copies and commands, in a plain folder. */
test("the Dockerfile's build stage works, step by step, from what .dockerignore lets through", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-docker-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  const build = lines.slice(
    1,
    lines.findLastIndex((line) => line.startsWith("FROM")),
  );
  for (const line of build) {
    const [word, ...rest] = line.split(" ");
    if (word === "COPY") copy(rest.slice(0, -1), path.join(folder, rest.at(-1) ?? ""));
    if (word === "RUN") {
      const command = rest.join(" ").replaceAll("/build", folder);
      execFileSync("sh", ["-c", command], { cwd: folder, env: { ...process.env, npm_config_loglevel: "error" } });
    }
  }
  expect(fs.readdirSync(folder).filter((name) => /^mh-os-.*\.tgz$/.test(name))).toHaveLength(1);
});

test("the image runs as nobody special, and keeps the home and the keys", () => {
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM")));
  expect(last).toEqual(
    expect.arrayContaining([
      "FROM node:24-slim",
      "USER node",
      "ENV MH_HOME=/home/node/mh",
      'VOLUME ["/home/node/mh", "/home/node/.config/mh"]',
      'ENTRYPOINT ["mh"]',
    ]),
  );
});

function copy(sources: readonly string[], to: string): void {
  for (const source of sources) {
    expect([source, ignored.includes(`!${source.split("/", 1)[0]}`)]).toEqual([source, true]);
    const from = path.join(checkout, source);
    const isFolder = fs.statSync(from).isDirectory();
    fs.cpSync(from, isFolder ? to : path.join(to, path.basename(source)), {
      recursive: true,
      filter: (file) => !file.includes("node_modules") && !file.endsWith(".test.ts"),
    });
  }
}
