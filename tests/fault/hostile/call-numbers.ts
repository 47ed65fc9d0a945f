import * as os from "node:os";

// Of x86-64 and of arm64, by the kernel's own tables; a copy of our own, for what the filter leaves out as well.
const table = `
  write 1 64, exit_group 231 94, openat 257 56, ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271,
  process_madvise 440 440, kcmp 312 272, pidfd_getfd 438 438, unshare 272 97, setns 308 268, mount 165 40,
  umount2 166 39, pivot_root 155 41, chroot 161 51, move_mount 429 429, open_tree 428 428, fsopen 430 430,
  fsconfig 431 431, fsmount 432 432, fspick 433 433, mount_setattr 442 442, bpf 321 280, perf_event_open 298 241,
  userfaultfd 323 282, open_by_handle_at 304 265, name_to_handle_at 303 264, sethostname 170 161,
  setdomainname 171 162, settimeofday 164 170, clock_settime 227 112, clock_adjtime 305 266, adjtimex 159 171,
  reboot 169 142, kexec_load 246 104, kexec_file_load 320 294, init_module 175 105, finit_module 313 273,
  delete_module 176 106, swapon 167 224, swapoff 168 225, acct 163 89, quotactl 179 60, quotactl_fd 443 443,
  syslog 103 116, iopl 172 -, ioperm 173 -, vhangup 153 58, sched_setattr 314 274, sched_setscheduler 144 119,
  setpriority 141 140, ioprio_set 251 30, io_uring_setup 425 425, io_uring_enter 426 426, io_uring_register 427 427,
  clone 56 220, clone3 435 435, add_key 248 217, request_key 249 218, keyctl 250 219, memfd_create 319 279,
  memfd_secret 447 447, shmget 29 194, msgget 68 186, semget 64 190, mq_open 240 180, io_setup 206 0,
  inotify_init1 294 26, fanotify_init 300 262, vmsplice 278 75, seccomp 317 277, landlock_create_ruleset 444 444,
  openat2 437 437, modify_ldt 154 -, mbind 237 235, migrate_pages 256 238, move_pages 279 239,
  process_mrelease 448 448, remap_file_pages 216 234, uselib 134 -, ustat 136 -, sysfs 139 -, lookup_dcookie 212 18,
  socket 41 198, socketpair 53 199, connect 42 203, personality 135 92, prctl 157 167, ioctl 16 29, fcntl 72 25,
  fchmod 91 52, fchmodat 268 53, mknodat 259 33, setxattr 188 5, prlimit64 302 261, capset 126 91, setuid 105 146,
  fork 57 -, vfork 58 -, kill 62 129, tgkill 234 131, pidfd_open 434 434, pidfd_send_signal 424 424`;

const column = os.arch() === "arm64" ? 2 : 1;
const numbers = new Map(
  table
    .split(",")
    .map((row) => row.trim().split(" "))
    .map((row) => [row[0], row[column]]),
);

/** Of a system call on this machine; undefined where its architecture has none by that name. */
export function numberIfAny(call: string): number | undefined {
  const number = numbers.get(call);
  if (number === undefined) throw new Error(`The table of hostile programs has no call ${call}.`);
  return number === "-" ? undefined : Number(number);
}

export function numberOf(call: string): number {
  const number = numberIfAny(call);
  if (number === undefined) throw new Error(`There is no call ${call} on ${os.arch()}.`);
  return number;
}
