import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Desktop } from "@mh/core/ports/desktop.ts";
import { findProgram } from "../find-program.ts";
import { runProgram } from "./desktop-program.ts";

type Message = Parameters<Desktop["show"]>[0];
type Environment = Record<string, string | undefined>;

/** How each system shows a notification: by a program of its own, its words as arguments, no shell between. */
interface Way {
  program: string;
  args(message: Message): string[];
  /** What this session lacks for it. */
  lacks(environment: Environment): string | undefined;
}

const linux: Way = {
  program: "notify-send",
  args: ({ title, body, urgency }) => [
    ...["--app-name=mh", `--urgency=${urgency === "high" ? "critical" : urgency}`],
    // After `--` nothing is an option. Desktops read the body as markup, so that it is escaped.
    ...["--", title, escaped(body)],
  ],
  lacks({ DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR }) {
    const hasBus = DBUS_SESSION_BUS_ADDRESS || (XDG_RUNTIME_DIR && fs.existsSync(path.join(XDG_RUNTIME_DIR, "bus")));
    return hasBus ? undefined : "there is no desktop session here";
  },
};

const mac: Way = {
  program: "osascript",
  args: ({ title, body }) => [
    ...[
      "-e",
      "on run argv",
      "-e",
      "display notification (item 2 of argv) with title (item 1 of argv)",
      "-e",
      "end run",
    ],
    ...["--", title, body],
  ],
  lacks: () => undefined,
};

const ways: Partial<Record<NodeJS.Platform, Way>> = { linux, darwin: mac };

/** The desktop of this machine, where `environment` leads to one. */
export function desktopOf(environment: Environment, platform: NodeJS.Platform = process.platform): Desktop {
  const way = ways[platform];
  const program = () => way && findProgram(way.program, environment.PATH);
  return {
    missing() {
      if (!way) return `mh knows no desktop of ${platform}`;
      return program() ? way.lacks(environment) : `${way.program} is not installed here`;
    },
    async show(message, signal) {
      const file = program();
      if (!way || !file) throw new Fault("notify.failed", "The program that shows notifications is gone.");
      const why = await runProgram(file, way.args(message), { environment, signal });
      if (why !== undefined) throw new Fault("notify.failed", `${path.basename(file)} did not show it: ${why}.`);
    },
  };
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
