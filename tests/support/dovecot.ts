import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { makeCertificates } from "../certificates.ts";
import { freePort } from "./free-port.ts";

export const hasDovecot = spawnSync("dovecot", ["--version"]).status === 0;

/** A real IMAP server with one user and an empty mailbox. */
export interface Dovecot extends AsyncDisposable {
  /** Without TLS and with STARTTLS. */
  imap: number;
  imaps: number;
  user: string;
  password: string;
  /** Certificate of the authority that made the server's, as a file and as text (PEM); and what a server of ours needs. */
  caFile: string;
  tls: { ca: string; cert: string; key: string };
  /** Puts a message into a folder, new and unseen, as it came in at a time. Line ends become CRLF. */
  deliver(message: string | Uint8Array, folder?: string, at?: Date): void;
  /** Raw messages of a folder with their flags (RSTFD), as they lie on disk. */
  messages(folder?: string): { flags: string; text: string }[];
  /** Makes the inbox anew, empty, with numbers of its own. */
  renumber(): void;
  /** Ends it as a crash would, with its children. */
  stop(): Promise<void>;
  pids(): number[];
}

export async function startDovecot(): Promise<Dovecot> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-imap-"));
  const isRoot = process.getuid?.() === 0;
  // Dovecot serves no mail as root.
  const [uid, gid] = isRoot ? idsOf("nobody") : [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  fs.chmodSync(folder, 0o755);
  const { caFile, ...tls } = makeCertificates(folder);
  const [imap, imaps] = [await freePort(), await freePort()];
  const [user, password] = ["ada", "correct horse"];
  fs.writeFileSync(path.join(folder, "users"), `${user}:{PLAIN}${password}:${uid}:${gid}::${folder}/mail\n`);
  const maildir = path.join(folder, "mail", "Maildir");
  const own = (file: string) => isRoot && fs.chownSync(file, uid, gid);
  for (const each of ["mail", "mail/Maildir"]) {
    fs.mkdirSync(path.join(folder, each), { recursive: true });
    own(path.join(folder, each));
  }
  const conf = path.join(folder, "dovecot.conf");
  fs.writeFileSync(conf, configuration({ folder, imap, imaps, isRoot, uid, gid }));

  const server = spawn("dovecot", ["-F", "-c", conf], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  const exited = once(server, "exit");
  const log: string[] = [];
  await new Promise<void>((resolve, reject) => {
    server.stderr.on("data", (chunk: Buffer) => {
      log.push(String(chunk));
      if (log.join("").includes("starting up")) resolve();
    });
    server.once("error", reject);
    exited.then(() => reject(new Error(`dovecot ended: ${log.join("")}`)));
  });

  let count = 0;
  const folderOf = (name: string) => (name === "INBOX" ? maildir : path.join(maildir, `.${name}`));
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) server.kill("SIGTERM");
    await exited;
    killGroup(server.pid);
  };
  return {
    ...{ imap, imaps, user, password, tls, caFile },
    deliver(message, name = "INBOX", at = new Date()) {
      const bytes = typeof message === "string" ? message.replace(/\r?\n/g, "\r\n") : message;
      count += 1;
      for (const each of ["", "cur", "new", "tmp"]) {
        const within = path.join(folderOf(name), each);
        if (!fs.existsSync(within)) fs.mkdirSync(within);
        own(within);
      }
      const file = `${1_700_000_000 + count}.M${count}.test`;
      const written = path.join(folderOf(name), "tmp", file);
      fs.writeFileSync(written, bytes);
      own(written);
      fs.utimesSync(written, at, at);
      fs.renameSync(written, path.join(folderOf(name), "new", file));
    },
    messages(name = "INBOX") {
      return ["new", "cur"].flatMap((each) => {
        const at = path.join(folderOf(name), each);
        const files = fs.existsSync(at) ? fs.readdirSync(at).sort() : [];
        return files.map((file) => ({
          flags: file.split(":2,")[1] ?? "",
          text: fs.readFileSync(path.join(at, file), "utf8"),
        }));
      });
    },
    renumber() {
      for (const each of fs.readdirSync(maildir)) fs.rmSync(path.join(maildir, each), { recursive: true });
      // Of its own accord it numbers by the second, which may be the same as before.
      const list = path.join(maildir, "dovecot-uidlist");
      fs.writeFileSync(list, `3 V${Math.floor(Date.now() / 1000) + 1_000} N1\n`);
      own(list);
    },
    stop,
    pids: () => [server.pid ?? 0, ...childrenOf(server.pid ?? 0)],
    async [Symbol.asyncDispose]() {
      await stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(at: {
  folder: string;
  imap: number;
  imaps: number;
  isRoot: boolean;
  uid: number;
  gid: number;
}): string {
  const { folder, isRoot } = at;
  const me = os.userInfo().username;
  // Without root there is nobody to become, and no cage to sit in.
  const unprivileged = `default_internal_user = ${me}
default_login_user = ${me}
service anvil {
  chroot =
}
service stats {
  chroot =
}`;
  return `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
first_valid_uid = ${at.uid}
first_valid_gid = ${at.gid}
last_valid_uid = ${at.uid}
last_valid_gid = 0
mail_location = maildir:~/Maildir
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
}
namespace inbox {
  inbox = yes
  mailbox Drafts {
    special_use = \\Drafts
    auto = create
  }
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
  mailbox Trash {
    special_use = \\Trash
    auto = create
  }
}
${isRoot ? "" : unprivileged}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${at.imap}
  }
  inet_listener imaps {
    port = ${at.imaps}
    ssl = yes
  }
}
`;
}

/** An authority of our own and a certificate by it for localhost. */
function idsOf(name: string): [number, number] {
  const id = (what: string) => Number(execFileSync("id", [what, name], { encoding: "utf8" }));
  return [id("-u"), id("-g")];
}

/** Helpers that outlive their master. There are none, as a rule. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").split(" ").filter(Boolean).map(Number) : [];
}
