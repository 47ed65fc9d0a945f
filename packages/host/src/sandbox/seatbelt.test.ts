import type { Job } from "@mh/core/ports/executor.ts";
import { expect, test } from "vitest";
import { type Request, seatbeltJudge } from "../../../../tests/support/seatbelt-judge.ts";
import { seatbeltProfile } from "./seatbelt.ts";

const scratch = "/private/var/folders/zz/mh-job-1";

const jobOf = (view: Partial<Job["view"]>, more: Partial<Job> = {}): Job => ({
  ...{ program: "/opt/node/bin/node", args: ["/mh/entry.mjs"], unsandboxed: "" },
  view: { base: "node", places: [{ from: "/Users/ann/mh/entry.ts" }], folder: "/", ...view },
  limits: { memoryBytes: 2 ** 28, processesMax: 64, output: { bytesMax: 1_000, beyond: "drop" } },
  ...more,
});

const jobs = {
  "an agent": jobOf({}),
  "a program": jobOf(
    {
      base: "system",
      places: [{ from: "/Users/ann/project", isWritable: true }],
      hidden: ["/usr/local/mh", "/dev", "/Users/ann/mh/run"],
    },
    { program: "/usr/bin/grep" },
  ),
};

/** What each hostile act asks of the kernel first. */
const hostile: Record<string, Request> = {
  "reads a key of the owner's": { operation: "file-read-data", path: "/Users/ann/.ssh/id_ed25519" },
  "reads a home of mh": { operation: "file-read-data", path: "/Users/ann/other-home/memory/a.ndjson" },
  "lists the owner's folder": { operation: "file-read-data", path: "/Users/ann" },
  "reads the account's mail": { operation: "file-read-data", path: "/Users/ann/Library/Mail/V10/a.emlx" },
  "reads the accounts of the machine": { operation: "file-read-data", path: "/private/etc/master.passwd" },
  "reads another job's scratch": { operation: "file-read-data", path: "/private/var/folders/zz/mh-job-2/x" },
  "writes a login item": { operation: "file-write-create", path: "/Users/ann/Library/LaunchAgents/a.plist" },
  "writes the shell's start file": { operation: "file-write-data", path: "/Users/ann/.zshrc" },
  "changes the system": { operation: "file-write-data", path: "/usr/bin/true" },
  "writes to a disk": { operation: "file-write-data", path: "/dev/rdisk0" },
  "writes to the terminal": { operation: "file-write-data", path: "/dev/tty" },
  "talks to the terminal": { operation: "file-ioctl", path: "/dev/tty" },
  "opens a terminal": { operation: "pseudo-tty" },
  "makes a socket in its scratch": { operation: "file-write-create", path: `${scratch}/s`, vnodeType: "SOCKET" },
  "makes a pipe in its scratch": { operation: "file-write-create", path: `${scratch}/p`, vnodeType: "FIFO" },
  "makes a program of another user": { operation: "file-write-setugid", path: `${scratch}/x` },
  "changes an owner": { operation: "file-write-owner", path: `${scratch}/x` },
  "connects to the open Internet": { operation: "network-outbound", remote: "203.0.113.7:443" },
  "connects to a port of this machine": { operation: "network-outbound", remote: "localhost:22" },
  "connects to a socket in a folder": { operation: "network-outbound", path: "/Users/ann/project/tmux.sock" },
  "connects to the home's socket": { operation: "network-outbound", path: "/Users/ann/mh/run/mh.sock" },
  "asks the system's resolver": { operation: "network-outbound", path: "/private/var/run/mDNSResponder" },
  "listens on a port": { operation: "network-bind", remote: "*:8080" },
  "takes connections": { operation: "network-inbound", remote: "localhost:8080" },
  "makes a socket of the system's": { operation: "system-socket" },
  forks: { operation: "process-fork" },
  "starts a program of the owner's": { operation: "process-exec", path: "/Users/ann/bin/evil" },
  "starts mh": { operation: "process-exec", path: "/Users/ann/mh/bin/mh" },
  "starts what it wrote": { operation: "process-exec", path: `${scratch}/evil` },
  "maps code that it wrote": { operation: "file-map-executable", path: `${scratch}/evil.dylib` },
  "ends another process": { operation: "signal", target: "others" },
  "looks into another process": { operation: "process-info-pidinfo", target: "others" },
  "reads the arguments of others": { operation: "sysctl-read", name: "kern.procargs2" },
  "lists all processes": { operation: "sysctl-read", name: "kern.proc.all" },
  "changes the kernel's settings": { operation: "sysctl-write", name: "kern.maxproc" },
  "takes the port of another task": { operation: "mach-priv-task-port" },
  "asks the keychain": { operation: "mach-lookup", name: "com.apple.securityd" },
  "asks the pasteboard": { operation: "mach-lookup", name: "com.apple.pasteboard.1" },
  "asks launchd for a job": { operation: "job-creation" },
  "registers a service": { operation: "mach-register", name: "com.example.evil" },
  "sends an Apple event": { operation: "appleevent-send" },
  "opens a document with another program": { operation: "lsopen" },
  "shares memory": { operation: "ipc-posix-shm-write-create", name: "/evil" },
  "makes a System V queue": { operation: "ipc-sysv-msg" },
  "opens a device": { operation: "iokit-open" },
  "changes the firmware's settings": { operation: "nvram-set" },
  "sets the clock": { operation: "system-set-time" },
  "restarts the machine": { operation: "system-reboot" },
  "loads a driver": { operation: "system-kext-load" },
  "mounts a disk": { operation: "file-mount", path: "/Volumes/x" },
  "changes its own root": { operation: "file-chroot", path: scratch },
  "leaves its sandbox by an extension": { operation: "file-issue-extension", path: "/Users/ann" },
};

test.each(Object.keys(jobs) as (keyof typeof jobs)[])(
  "K15 on macOS, %s is refused what hostile programs try",
  (name) => {
    const judge = seatbeltJudge(seatbeltProfile(jobs[name], scratch));
    const through = Object.keys(hostile).filter((each) => judge(hostile[each] as Request) === "allow");
    expect(through).toEqual([]);
  },
);

test("on macOS a job is allowed what it needs: its program, its places, its scratch, the system's libraries", () => {
  const needed = (program: string): Request[] => [
    { operation: "process-exec", path: program },
    { operation: "file-read-data", path: "/" },
    { operation: "file-read-data", path: "/usr/lib/libSystem.B.dylib" },
    { operation: "file-map-executable", path: "/System/Library/Frameworks/x.dylib" },
    { operation: "file-read-data", path: "/dev/urandom" },
    { operation: "file-write-data", path: "/dev/null" },
    { operation: "file-write-create", path: `${scratch}/a`, vnodeType: "REGULAR-FILE" },
    { operation: "file-read-metadata", path: "/Users/ann" },
    { operation: "sysctl-read", name: "hw.ncpu" },
    { operation: "signal", target: "self" },
  ];
  const agent = seatbeltJudge(seatbeltProfile(jobs["an agent"], scratch));
  const program = seatbeltJudge(seatbeltProfile(jobs["a program"], scratch));
  const asked = [
    ...[...needed("/opt/node/bin/node"), { operation: "file-read-data", path: "/Users/ann/mh/entry.ts" }].map(agent),
    ...[
      ...needed("/usr/bin/grep"),
      { operation: "file-read-data", path: "/usr/share/dict/words" },
      { operation: "file-write-data", path: "/Users/ann/project/a.txt" },
    ].map(program),
  ];
  expect(new Set(asked)).toEqual(new Set(["allow"]));
  expect(program({ operation: "file-read-data", path: "/usr/local/mh/key" })).toBe("deny");
  expect(agent({ operation: "file-read-data", path: "/usr/share/dict/words" })).toBe("deny");
});

test("a path cannot add a rule to the profile", () => {
  const from = '/Users/ann/a") (allow default) (literal "\\';
  const profile = seatbeltProfile(jobOf({ places: [{ from }] }), scratch);
  expect(seatbeltJudge(profile)({ operation: "network-outbound", remote: "203.0.113.7:443" })).toBe("deny");
  expect(seatbeltJudge(profile)({ operation: "file-read-data", path: from })).toBe("allow");
  expect(() => seatbeltProfile(jobOf({ places: [{ from: "/Users/ann/a\nb" }] }), scratch)).toThrow("control");
});

test("what is hidden is given to no job", () => {
  const view = { base: "system", places: [{ from: "/usr/local/mh/out" }], hidden: ["/usr/local/mh"] } as const;
  expect(() => seatbeltProfile(jobOf(view), scratch)).toThrow("/usr/local/mh/out is given to a job");
});
