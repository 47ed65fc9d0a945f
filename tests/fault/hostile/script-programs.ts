import { visible } from "@mh/contract/visible/visible.ts";
import {
  ended,
  everythingRefused,
  nothing,
  python,
  refused,
  type ScriptHostile,
  sh,
  type Target,
} from "./hostile-program.ts";

/** Connections to every listener of this machine, by every way that Python has. */
const connections = ({ port, datagramPort, abstract, socket }: Target) => `
import socket as s, time
# The door in its folder is opened when it has begun.
print("begun refused", flush=True)
while not os.path.exists("/given/late.sock"): time.sleep(0.01)
def reach(family, kind, to):
  with s.socket(family, kind) as each:
    each.settimeout(5); each.connect(to); each.send(b"hostile"); return "sent"
attempt("path", reach, s.AF_UNIX, s.SOCK_STREAM, ${JSON.stringify(socket)})
attempt("path-datagram", reach, s.AF_UNIX, s.SOCK_DGRAM, ${JSON.stringify(socket)})
attempt("path-given", reach, s.AF_UNIX, s.SOCK_STREAM, "/given/late.sock")
attempt("abstract", reach, s.AF_UNIX, s.SOCK_STREAM, "\\0${abstract}")
attempt("port", reach, s.AF_INET, s.SOCK_STREAM, ("127.0.0.1", ${port}))
attempt("port-6", reach, s.AF_INET6, s.SOCK_STREAM, ("::ffff:127.0.0.1", ${port}))
attempt("datagram", reach, s.AF_INET, s.SOCK_DGRAM, ("127.0.0.1", ${datagramPort}))
attempt("netlink", s.socket, 16, s.SOCK_RAW, 0)
attempt("packet", s.socket, 17, s.SOCK_RAW, 0)
attempt("raw", s.socket, s.AF_INET, s.SOCK_RAW, 1)
attempt("ping", s.socket, s.AF_INET, s.SOCK_DGRAM, 1)
attempt("vsock", reach, 40, s.SOCK_STREAM, (2, 22))
attempt("crypto", s.socket, 38, s.SOCK_SEQPACKET, 0)
attempt("datagram-pair", s.socketpair, s.AF_UNIX, s.SOCK_DGRAM)
`;

export const scriptPrograms: readonly ScriptHostile[] = [
  // Sockets.
  refused("S1 every listener of this machine", connections, { hasLateSocket: true }),
  refused("S1 every listener of this machine, past a relay", connections, { hasRelay: true, hasLateSocket: true }),

  // Descriptors and /proc.
  refused(
    "S4 descriptors that were open where it was started",
    () => `
for fd in list(range(3, 1100)) + [4095, 65535]:
  try: os.fstat(fd)
  except OSError: continue
  if os.stat(f"/proc/self/fd/{fd}").st_rdev != os.makedev(1, 3): print("DONE", fd, os.readlink(f"/proc/self/fd/{fd}"))
for fd in (9, 200, 1023): attempt(f"disk-by-{fd}", open, f"/proc/self/fd/{fd}/etc/passwd")
for pid in ("1", "2", "self", "thread-self"):
  for fd in (9, 200, 1023): attempt(f"{pid}-by-{fd}", open, f"/proc/{pid}/fd/{fd}/etc/passwd")
`,
  ),
  refused(
    "S4 the root of another process",
    ({ secret, witness }) => `
for pid in (1, 2, ${witness}, os.getppid()):
  attempt(f"root-{pid}", open, f"/proc/{pid}/root${secret}")
  attempt(f"cwd-{pid}", open, f"/proc/{pid}/cwd/..${secret}")
attempt("environment", open, "/proc/${witness}/environ")
attempt("memory", open, "/proc/${witness}/mem", "rb+")
attempt("plain", open, "${secret}")
`,
  ),
  refused(
    "K15 settings of the kernel by /proc and /sys",
    () => `
for name in ("sys/kernel/core_pattern", "sys/kernel/hostname", "sys/kernel/modprobe", "sys/vm/drop_caches", "sys/vm/overcommit_memory",
  "sys/kernel/sysrq", "sys/fs/file-max", "sys/kernel/pid_max", "sysrq-trigger", "irq/default_smp_affinity", "bus/pci/devices", "mtrr", "timer_stats",
  "sys/net/ipv4/ip_forward", "sys/kernel/ns_last_pid", "sys/fs/binfmt_misc/register", "self/uid_map", "self/gid_map", "self/setgroups", "1/oom_score_adj", "1/mem", "scsi/scsi", "acpi/wakeup"):
  attempt(name, open, "/proc/" + name, "r+" if "mem" not in name else "rb+")
for name in ("kcore", "kmsg", "kallsyms-of-none"): attempt(name, open, "/proc/" + name)
for name in ("/sys/kernel/uevent_helper", "/sys/power/state", "/sys/fs/cgroup/cgroup.procs", "/sys/kernel/debug", "/dev/mqueue", "/sys/module"): attempt(name, os.stat, name)
attempt("oom", lambda: open("/proc/self/oom_score_adj", "w").write("-1000") and open("/proc/self/oom_score_adj", "w").close())
`,
    {
      complaint: (said) =>
        everythingRefused(
          said
            .split("\n")
            // Its own maps it may look at; they are written once, and were. What it writes to itself binds itself.
            .filter((line) => !/^(self\/|oom )/.test(line))
            .join("\n"),
        ),
    },
  ),
  refused(
    "K15 the names of the user's keys, by /proc",
    () => `attempt("keys", lambda: open("/proc/keys").read() or [][0])`,
  ),
  refused(
    "K15 devices",
    () => `
for name in ("mem", "kmem", "port", "kmsg", "sda", "vda", "nvme0n1", "console", "tty0", "tty1", "tty", "pts/99", "fuse", "kvm", "net/tun", "vhost-vsock", "loop-control", "mapper/control", "hpet", "rtc0", "snd", "dri", "input", "uinput", "userfaultfd", "vsock", "autofs", "btrfs-control", "cpu_dma_latency", "nvram", "watchdog"):
  attempt(name, open, "/dev/" + name, "rb+", 0)
`,
  ),

  // Other processes, signals, terminals.
  refused(
    "K15 signals to every process but its own",
    ({ witness }) => `
import signal
own = {1, 2, 3, 4, os.getpid(), os.getppid()}
done = 0
for pid in list(range(5, 40000)) + [${witness}]:
  if pid in own: continue
  try: os.kill(pid, signal.SIGSTOP); done += 1
  except OSError: pass
print("stopped", "DONE" if done else "ESRCH")
attempt("witness", os.kill, ${witness}, signal.SIGKILL)
attempt("group", os.killpg, ${witness}, signal.SIGKILL)
try: attempt("by-descriptor", os.pidfd_open, ${witness})
except AttributeError: print("by-descriptor refused")
`,
  ),
  {
    ...{ name: "K15 every process that it sees killed, with -1", by: sh },
    ...{
      text: () => "kill -STOP 1; kill -9 1; kill -9 -1; echo still here",
      complaint: nothing,
      ends: { status: "exited" },
    },
  },
  {
    ...{
      name: "K15 whoever started it stopped, and every signal ignored",
      by: python,
      ends: ended("time"),
      limits: { timeMs: 1_500 },
    },
    text: () => `
import os, signal, time
for each in range(1, 65):
  try: signal.signal(each, signal.SIG_IGN)
  except (OSError, ValueError): pass
for pid in (os.getppid(), 1, 0 - 1):
  try: os.kill(pid, signal.SIGSTOP) if pid != -1 else None
  except OSError: pass
while True: time.sleep(1)
`,
    complaint: nothing,
  },
  {
    ...{ name: "K15 a daemon of its own that outlives it", by: python },
    text: ({ mark }) => `
import os, sys, time
def daemon():
  if os.fork(): return
  os.setsid()
  if os.fork(): os._exit(0)
  for fd in range(3): os.close(fd)
  os.execv("/bin/sleep", ["sleep", "${mark}"])
for n in range(3): daemon()
time.sleep(0.2)
print("daemons begun")
`,
    complaint: (said) => (said.includes("daemons begun") ? undefined : said),
  },
  refused(
    "K15 the terminal of the owner, by every path",
    () => `
import fcntl, termios, pty
attempt("controlling", open, "/dev/tty")
attempt("console", open, "/dev/console", "w")
for fd in range(3): attempt(f"push-{fd}", fcntl.ioctl, fd, termios.TIOCSTI, b"x")
own, other = pty.openpty()
os.setsid() if os.getsid(0) != os.getpid() and os.getpgrp() != os.getpid() else None
attempt("push-own", fcntl.ioctl, other, termios.TIOCSTI, b"x")
attempt("discipline", fcntl.ioctl, other, termios.TIOCSETD, b"\\x15\\0\\0\\0")
attempt("console-to-me", fcntl.ioctl, other, 0x541d)
`,
  ),

  // Rights.
  refused(
    "K15 programs that give rights",
    () => `
import subprocess
def run(*args):
  end = subprocess.run(args, capture_output=True, text=True, stdin=subprocess.DEVNULL)
  if end.returncode != 0: raise PermissionError(1, "no")
  return args, end.stdout[:100]
for args in (("su", "-c", "id", "root"), ("sudo", "-n", "id"), ("mount", "-t", "tmpfs", "none", "/tmp"), ("unshare", "-Ur", "id"), ("unshare", "-n", "id"), ("nsenter", "-t", "1", "-n", "id"),
  ("chroot", "/usr", "/bin/id"), ("newuidmap", "1", "0", "0", "1"), ("bwrap", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib64", "/lib64", "id"), ("pkexec", "id"), ("fusermount", "-u", "/tmp"), ("hostname", "hostile"), ("date", "-s", "2001-01-01"), ("dmesg", "-c"), ("ip", "link", "add", "d0", "type", "dummy"),
  ("nice", "-n", "-5", "sh", "-c", "test $(nice) -ge 0 && exit 1"), ("chrt", "-f", "1", "id"), ("setpriv", "--reuid=0", "--inh-caps=+all", "--ambient-caps=+all", "id"), ("insmod", "/given/tool")):
  attempt(args[0], run, *args)
`,
  ),
  refused(
    "K15 a file of the folder turned into one that gives rights",
    () => `
import shutil
shutil.copyfile("/bin/true", "/given/tool")
attempt("setuid", os.chmod, "/given/tool", 0o4755)
attempt("setgid", os.chmod, "/given/tool", 0o2755)
fd = os.open("/given/tool", os.O_RDONLY)
attempt("by-descriptor", os.fchmod, fd, 0o6755)
attempt("made-so", os.open, "/given/made", os.O_CREAT | os.O_WRONLY, 0o4755)
attempt("capability", os.setxattr, "/given/tool", "security.capability", bytes.fromhex("0100000200000000000020000000000000000000"))
attempt("trusted", os.setxattr, "/given/tool", "trusted.mh", b"owner")
attempt("device", os.mknod, "/given/device", 0o020666, os.makedev(1, 1))
attempt("given-away", os.chown, "/given/tool", 12345, 12345)
`,
  ),
  refused(
    "P16 ways out of the folder by links and names",
    ({ secret }) => `
def way(link):
  os.symlink(link, "/given/link")
  try: return open("/given/link" + ("" if link == "${secret}" else "${secret}")).read()
  finally: os.unlink("/given/link")
for link in ("${secret}", "/proc/1/root", "/proc/self/root/../..", "/../..", "../../../.."): attempt("link", way, link)
attempt("hard-link", os.link, "${secret}", "/given/hard")
attempt("hard-link-of-system", os.link, "/usr/bin/su", "/given/su")
attempt("moved-in", os.rename, "/usr/bin/env", "/given/env")
attempt("moved-out", os.rename, "/given", "/tmp/given")
attempt("removed", os.rmdir, "/given")
for name in ("/etc/passwd", "/usr/bin/hostile", "/bin/hostile", "/hostile", "/mh/hostile", "/dev/hostile", "/dev/null/hostile"): attempt("written", open, name, "a")
attempt("up", open, "/given/../../../../../..${secret}")
`,
  ),

  // Output.
  {
    ...{ name: "K15 commands to the owner's terminal, in what it says", by: python },
    text: () => `
import sys
for each in ("\\x1b]52;c;aG9zdGlsZQ==\\x07", "\\x1b]0;title\\x07", "\\x1b[2J\\x1b[H", "\\x1bP$qm\\x1b\\\\", "\\x9b6n", "\\x1b[?1049h", "yes\\rno", "\\x08\\x08", "\\u202efdp.exe\\u2066"):
  sys.stdout.buffer.write(each.encode() + b"\\n")
`,
    complaint: (said) => {
      if (!said.includes("\u001b]52")) return `It did not say it: ${visible(said)}`;
      const raw = [...visible(said)].filter((each) => each !== "\n" && /[\p{Cc}\p{Cf}]/u.test(each));
      return raw.length === 0 ? undefined : `The terminal is given ${JSON.stringify(raw)}.`;
    },
  },
  {
    ...{
      name: "K15 output without end",
      by: sh,
      complaint: (said) => (said.length <= 2 ** 17 ? undefined : "It said more than it may."),
    },
    text: () => "head -c 50000000 /dev/zero; head -c 50000000 /dev/zero >&2",
    ends: { status: "exited", isCut: true },
  },
];
