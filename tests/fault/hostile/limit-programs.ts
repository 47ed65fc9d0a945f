import { atMost, ended, nothing, python, refused, type ScriptHostile, sh } from "./hostile-program.ts";

/** Opens as many as it can, up to 100,000, and says how many. */
const hoard = (name: string, open: string, each = "") => `
import os, resource
try: resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
except Exception: pass
kept = []
try:
  while len(kept) < 100000:
    one = ${open}
    kept.append(one)
    ${each || "pass"}
except Exception as error: print(type(error).__name__, error, flush=True)
print("${name}", len(kept), flush=True)
`;

/** What goes over one of its limits: processes, memory, processor, time, room in the kernel, disk. */
export const limitPrograms: readonly ScriptHostile[] = [
  // Processes, memory, processor.
  {
    ...{ name: "S16 a fork bomb", by: python, ends: ended("processes"), mayEndBy: ["memory"], complaint: nothing },
    text: ({ mark }) => `
import os, time
for n in range(400):
  try:
    if os.fork() == 0: os.execv("/bin/sleep", ["sleep", "${mark}"])
  except OSError: pass
time.sleep(600)
`,
  },
  {
    ...{ name: "S16 a fork bomb whose parents are gone", by: python, ends: ended("processes"), complaint: nothing },
    // Each child is as large as its parent was: whichever limit is looked at first.
    mayEndBy: ["memory"],
    text: ({ mark }) => `
import os, time
for n in range(400):
  try:
    if os.fork() == 0:
      if os.fork(): os._exit(0)
      os.setsid(); os.execv("/bin/sleep", ["sleep", "${mark}"])
  except OSError: time.sleep(0.01)
time.sleep(600)
`,
  },
  {
    ...{ name: "S16 memory by allocation", by: python, ends: ended("memory"), complaint: nothing },
    text: () => `
import time
kept = []
for n in range(64): kept.append(bytearray(b"x") * (32 * 2**20))
time.sleep(600)
`,
  },
  {
    ...{ name: "S16 memory by many processes, none of which has much", by: python, complaint: nothing },
    ...{ ends: ended("memory"), limits: { processesMax: 32 } },
    text: () => `
import os, time
for n in range(12):
  if os.fork() == 0:
    kept = bytearray(b"x") * (64 * 2**20)
    time.sleep(600)
time.sleep(600)
`,
  },
  {
    ...{ name: "S16 memory of a process whose first thread has ended", by: python, complaint: nothing },
    ends: ended("memory"),
    text: () => `
import ctypes, threading, time
def hoard():
  kept = []
  for n in range(64): kept.append(bytearray(b"x") * (8 * 2**20)); time.sleep(0.05)
  time.sleep(600)
threading.Thread(target=hoard).start()
ctypes.CDLL(None).pthread_exit(None)
`,
  },
  {
    ...{ name: "S16 the processor, in children that are gone", by: sh, ends: ended("cpu"), complaint: nothing },
    text: () => "while :; do (i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done); done",
  },
  {
    ...{ name: "S16 time without end", by: sh, ends: ended("time"), limits: { timeMs: 500 }, complaint: nothing },
    text: ({ mark }) => `setsid sleep ${mark} & exec sleep ${mark}`,
  },

  // Room in the kernel. The numbers are of descriptors that one process may hold.
  {
    name: "S16 pipes, filled",
    by: python,
    text: () => hoard("pipes", "os.pipe()", "os.set_blocking(one[1], False); os.write(one[1], b'x' * 65536)"),
    complaint: atMost("pipes", 2_048),
  },
  {
    name: "S16 pairs of sockets, filled",
    by: python,
    text: () =>
      `import socket${hoard("pairs", "socket.socketpair()", "one[0].setblocking(False); one[0].setsockopt(1, 7, 2**22); one[0].send(b'x' * 2**20)")}`,
    mayEndBy: ["memory"],
    complaint: atMost("pairs", 2_048),
  },
  {
    name: "S16 descriptors that wait for nothing",
    by: python,
    text: () => `import select${hoard("polls", "select.epoll()", "len(kept) > 1 and one.register(kept[-2].fileno())")}`,
    complaint: atMost("polls", 4_096),
  },
  {
    name: "S16 open files",
    by: python,
    text: () => hoard("files", "open('/dev/null')"),
    complaint: atMost("files", 4_096),
  },

  // Room in the kernel that no descriptor stands for.
  {
    ...{ name: "S16 locks of files, without end", by: python, mayEndBy: ["memory", "cpu"] },
    text: () => `
import fcntl
files = [open(f"/tmp/locked-{n}", "w") for n in range(400)]
taken = 0
try:
  for n in range(2500):
    for file in files: fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, n * 2); taken += 1
except OSError as error: print(error, flush=True)
print("locks", taken, flush=True)
`,
    complaint: atMost("locks", 100_000),
  },
  {
    ...{ name: "S16 threads without end", by: python, mayEndBy: ["processes"] },
    text: () => `
import threading
event = threading.Event()
begun = 0
try:
  for n in range(3000): threading.Thread(target=event.wait, daemon=True).start(); begun += 1
except RuntimeError as error: print(error, flush=True)
print("threads", begun, flush=True)
`,
    complaint: atMost("threads", 300),
  },

  // Disk: in bytes, in files, in places that are hard to find.
  {
    ...{ name: "S16 the disk filled, by many files", by: python, ends: ended("disk"), complaint: nothing },
    text: () => `
import time
for n in range(100):
  with open(f"/given/{n}", "wb") as file: file.write(b"x" * 2**20)
time.sleep(600)
`,
  },
  {
    ...{ name: "S16 the disk filled, by a file without a name", by: python, ends: ended("disk"), complaint: nothing },
    text: () => `
import os, time
kept = []
for n in range(100):
  kept.append(open("/given/nameless", "wb")); os.unlink("/given/nameless"); kept[-1].write(b"x" * 2**20); kept[-1].flush()
time.sleep(600)
`,
  },
  {
    ...{
      name: "S16 the disk filled, below a path too long to be named",
      by: python,
      ends: ended("disk"),
      complaint: nothing,
    },
    text: () => `
import os, time
for n in range(24): os.mkdir("d" * 200); os.chdir("d" * 200)
for n in range(100):
  with open(f"{n}", "wb") as file: file.write(b"x" * 2**20)
time.sleep(600)
`,
  },
  {
    ...{ name: "S16 the disk filled, in a folder that is closed to whoever looks", by: python, complaint: nothing },
    ...{ ends: ended("disk") },
    text: () => `
import os, time
os.mkdir("/given/closed"); os.chdir("/given/closed"); os.chmod(".", 0o300)
for n in range(100):
  with open(f"{n}", "wb") as file: file.write(b"x" * 2**20)
time.sleep(600)
`,
  },
  {
    ...{ name: "S16 files without number", by: sh, ends: ended("disk"), complaint: nothing },
    text: () => `n=0; while [ $n -lt 20000 ]; do n=$((n+1)); : > /given/$n; done; sleep 600`,
  },
  {
    ...{ name: "S16 folders in folders without end", by: python, ends: ended("disk"), complaint: nothing },
    text: () => `
import os, time
for n in range(20000): os.mkdir("d"); os.chdir("d")
time.sleep(600)
`,
  },
  {
    ...{ name: "S16 empty files without number in scratch space", by: python, mayEndBy: ["memory"] },
    text: () => `
made = 0
try:
  for n in range(2000000): open(f"/tmp/{n}", "w").close(); made += 1
except OSError as error: print(error, flush=True)
print("files", made, flush=True)
`,
    complaint: atMost("files", 400_000),
  },
  refused(
    "S16 one file larger than all there may be",
    () => `
attempt("truncated", os.truncate, os.open("/given/sparse", os.O_CREAT | os.O_WRONLY), 2**43)
attempt("allocated", os.posix_fallocate, os.open("/given/allocated", os.O_CREAT | os.O_WRONLY), 0, 2**40)
def write():
  fd = os.open("/given/holes", os.O_CREAT | os.O_WRONLY)
  return os.pwrite(fd, b"x", 2**42)
attempt("far", write)
`,
  ),
  {
    ...{ name: "S16 what is left of a crash", by: python, ends: { status: "exited" } },
    text: () => `
import os, resource, signal
try: resource.setrlimit(resource.RLIMIT_CORE, (2**30, 2**30))
except (OSError, ValueError) as error: print(error, flush=True)
os.chdir("/given"); os.kill(os.getpid(), signal.SIGSEGV)
`,
    complaint: nothing,
  },
];
