import { execFile, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { socketPath } from "@mh/host/places.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";

const isMissing = spawnSync("bwrap", ["--version"]).error !== undefined;
const sandboxed = test.skipIf(isMissing && !process.env.CI);

/** Tries each door with a command of the owner's, reads each file, and says what came of it. */
const attack = (sockets: readonly string[], files: readonly string[], line: string) => `
  use Socket;
  for my $to (${sockets.map((each) => JSON.stringify(each)).join(", ")}) {
    socket(my $door, PF_UNIX, SOCK_STREAM, 0) or do { print "no socket\\n"; next };
    connect($door, sockaddr_un($to)) or do { print "no way\\n"; next };
    syswrite($door, ${JSON.stringify(line).replaceAll("$", "\\$").replaceAll("@", "\\@")} . "\\n");
    sysread($door, my $answer, 10_000);
    print "answered $answer\\n";
  }
  for my $file (${files.map((each) => JSON.stringify(each)).join(", ")}) {
    print open(my $handle, "<", $file) ? "read $file\\n" : "not read\\n";
  }
`;

sandboxed(
  "S2 from inside a sandbox no home's socket takes a command, and no key, socket or file of a home is seen",
  async () => {
    await using home = await makeHost();
    using place = makePlace();
    const root = place.at(`${"long/".repeat(30)}home`);
    fs.mkdirSync(root, { recursive: true });
    await using other = await makeHost({ root, environment: home.environment });
    await using _serving = await serve(home.host);
    await using _others = await serve(other.host);
    const doors = [home, other].map((each) => socketPath(each.root));
    const files = [home, other].flatMap((each) => [
      path.join(each.host.keyFolder, "socket.key"),
      path.join(each.host.keyFolder, "home"),
      path.join(each.root, "home.json"),
    ]);
    const line = JSON.stringify({
      ...{ n: 1, do: "act", id: home.host.newId(), skill: "memory.capture", args: { text: "by somebody" } },
    });
    fs.mkdirSync(place.at("work"));
    fs.writeFileSync(place.at("work/try.pl"), attack(doors, files, line));
    const argv = ["perl", "try.pl"];
    const { stdout } = await home.own("shell.run", { argv, cwd: place.at("work") });
    const said = stdout.trim().split("\n");
    expect(said.slice(0, 2).every((each) => each === "no socket" || each === "no way")).toBe(true);
    expect(said.slice(2)).toEqual(files.map(() => "not read"));
    // Outside of a sandbox the same program gets as far as the door, and no further: it has no proof.
    const outside = await promisify(execFile)("perl", [place.at("work/try.pl")]);
    expect(outside.stdout.match(/^answered .*"code":"socket\.refused"/gm)?.length).toBe(2);
    for (const each of [home, other]) expect((await each.own("memory.list", {})).memories).toEqual([]);
  },
);
