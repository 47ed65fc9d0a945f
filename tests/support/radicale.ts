import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export const hasRadicale = spawnSync("radicale", ["--version"]).status === 0;

/** A real CalDAV server with one user and one empty calendar. */
export interface Radicale extends AsyncDisposable {
  /** Of the calendar. */
  url: string;
  user: string;
  password: string;
  /** Puts an event there as another program would, whatever stood there. */
  put(name: string, text: string): Promise<void>;
  /** The texts of the calendar's files, by name. */
  files(): Record<string, string>;
}

export async function startRadicale(): Promise<Radicale> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-caldav-"));
  const [user, password] = ["ada", "correct horse"];
  fs.writeFileSync(path.join(folder, "users"), `${user}:${password}\n`);
  fs.writeFileSync(path.join(folder, "config"), configuration(folder));
  const server = spawn("radicale", ["--config", path.join(folder, "config")], { stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(server, "exit");
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) server.kill("SIGTERM");
    await exited;
    fs.rmSync(folder, { recursive: true, force: true });
  };
  let log = "";
  const port = await new Promise<string>((resolve, reject) => {
    server.stderr.on("data", (chunk: Buffer) => {
      log += String(chunk);
      const [, found] = /Listening on '\S+?:(\d+)'/.exec(log) ?? [];
      if (found && log.includes("server ready")) resolve(found);
    });
    server.once("error", reject);
    exited.then(() => reject(new Error(`radicale ended: ${log}`)));
  });
  const url = `http://127.0.0.1:${port}/${user}/work/`;
  const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}` };
  const request = async (method: string, target: string, body: string) => {
    const answer = await fetch(target, { method, headers, body });
    if (!answer.ok) throw new Error(`radicale: ${method} ${target}: ${answer.status} ${await answer.text()}`);
  };
  await request("MKCALENDAR", url, "").catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const collection = path.join(folder, "collections", "collection-root", user, "work");
  return {
    ...{ url, user, password },
    put: (name, text) => request("PUT", `${url}${name}`, text),
    files() {
      const names = fs.readdirSync(collection).filter((name) => name.endsWith(".ics"));
      return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(collection, name), "utf8")]));
    },
    [Symbol.asyncDispose]: stop,
  };
}

const configuration = (folder: string): string => `[server]
hosts = 127.0.0.1:0
[auth]
type = htpasswd
htpasswd_filename = ${folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = ${folder}/collections
[logging]
level = info
`;
