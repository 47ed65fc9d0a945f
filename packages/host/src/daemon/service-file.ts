import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export interface ServiceFacts {
  /** The Node that runs mh, and mh's own file. */
  node: string;
  mh: string;
  root: string;
  /** Settings of the shell that change where mh looks. */
  environment: Record<string, string>;
}

export interface ServiceFile {
  path: string;
  text: string;
  /** What to type next. */
  enable: string;
  disable: string;
}

/** What makes the machine's own service manager keep the daemon up: systemd on Linux, launchd on macOS. */
export function serviceFile(facts: ServiceFacts, platform: NodeJS.Platform, home = os.homedir()): ServiceFile {
  if (platform === "darwin") {
    const file = path.join(home, "Library", "LaunchAgents", "mh.daemon.plist");
    const enable = `launchctl bootstrap gui/$(id -u) ${shellWord(file)}`;
    return { path: file, text: launchAgent(facts), enable, disable: "launchctl bootout gui/$(id -u)/mh.daemon" };
  }
  const base = facts.environment.XDG_CONFIG_HOME || path.join(home, ".config");
  return {
    path: path.join(base, "systemd", "user", "mh.service"),
    text: systemdUnit(facts),
    enable: "systemctl --user daemon-reload && systemctl --user enable --now mh",
    disable: "systemctl --user disable --now mh",
  };
}

export function writeServiceFile({ path: file, text }: ServiceFile): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** True where there was one. */
export function removeServiceFile({ path: file }: ServiceFile): boolean {
  const isThere = fs.existsSync(file);
  fs.rmSync(file, { force: true });
  return isThere;
}

function systemdUnit({ node, mh, root, environment }: ServiceFacts): string {
  const command = [node, mh, "--home", root, "daemon", "run"].map(systemdWord).join(" ");
  const variables = Object.entries(environment).map(
    ([name, value]) => `Environment=${systemdWord(`${name}=${value}`)}`,
  );
  return `[Unit]
Description=mh, your agents at work
After=network.target
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
Type=exec
ExecStart=${command}
${variables.map((line) => `${line}\n`).join("")}Restart=on-failure
RestartSec=5
TimeoutStopSec=10
KillMode=mixed
NoNewPrivileges=yes
UMask=0077

[Install]
WantedBy=default.target
`;
}

/** As systemd.service(5), "Command lines", and systemd.syntax(7) read it. */
function systemdWord(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$");
  return `"${escaped.replaceAll("\n", "\\n")}"`;
}

function launchAgent({ node, mh, root, environment }: ServiceFacts): string {
  const words = [node, mh, "--home", root, "daemon", "run"].map((word) => `    <string>${xml(word)}</string>`);
  const variables = Object.entries(environment).map(
    ([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>mh.daemon</string>
  <key>ProgramArguments</key>
  <array>
${words.join("\n")}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.join("\n")}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ExitTimeOut</key>
  <integer>10</integer>
  <key>Umask</key>
  <integer>63</integer>
</dict>
</plist>
`;
}

const xml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
