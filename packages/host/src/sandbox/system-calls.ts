/**
 * Numbers of system calls by name: x86-64 (arch/x86/entry/syscalls/syscall_64.tbl) and then arm64 (asm-generic/unistd.h),
 * `-` where an architecture has none. What stands in no table here is unknown to the sandbox, as every call is that a
 * kernel of tomorrow brings.
 */
export type Numbers = ReadonlyMap<string, number>;

/** Of the architecture, by Node's name of it; undefined where nobody looked at it. */
export function numbersOf(architecture: string, table: string): Numbers | undefined {
  const column = ["x64", "arm64"].indexOf(architecture);
  if (column < 0) return undefined;
  const rows = table.split(/,\s*/).map((row) => row.trim().split(" "));
  const known = rows.map(([name = "", ...numbers]): [string, string] => [name, numbers[column] ?? "-"]);
  return new Map(known.filter(([, number]) => number !== "-").map(([name, number]) => [name, Number(number)]));
}

/** Calls that every job may make, whatever their arguments. */
export const harmless = [
  // Files. Not among them: handles (open_by_handle_at), whose names no view bounds; inotify and fanotify, whose instances
  // are counted for the owner as a whole; openat2, whose mode no filter can read (libc never needs it).
  `
  read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, preadv 295 69, pwritev 296 70,
  preadv2 327 286, pwritev2 328 287, close 3 57, close_range 436 436, lseek 8 62, dup 32 23, dup2 33 -, dup3 292 24,
  fsync 74 82, fdatasync 75 83, sync 162 81, syncfs 306 267, sync_file_range 277 84, ftruncate 77 46, truncate 76 45,
  fallocate 285 47, fadvise64 221 223, readahead 187 213, flock 73 32, stat 4 -, lstat 6 -, fstat 5 80,
  newfstatat 262 79, statx 332 291, statfs 137 43, fstatfs 138 44, access 21 -, faccessat 269 48, faccessat2 439 439,
  getdents 78 -, getdents64 217 61, getcwd 79 17, chdir 80 49, fchdir 81 50, mkdir 83 -, mkdirat 258 34, rmdir 84 -,
  unlink 87 -, unlinkat 263 35, rename 82 -, renameat 264 38, renameat2 316 276, link 86 -, linkat 265 37,
  symlink 88 -, symlinkat 266 36, readlink 89 -, readlinkat 267 78, chown 92 -, lchown 94 -, fchown 93 55,
  fchownat 260 54, umask 95 166, utime 132 -, utimes 235 -, futimesat 261 -, utimensat 280 88, setxattr 188 5,
  lsetxattr 189 6, fsetxattr 190 7, getxattr 191 8, lgetxattr 192 9, fgetxattr 193 10, listxattr 194 11,
  llistxattr 195 12, flistxattr 196 13, removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16,
  copy_file_range 326 285, sendfile 40 71, splice 275 76, tee 276 77`,
  // Memory. Not among them: what no limit would see (memfd_create, memfd_secret, System V segments, vmsplice).
  `
  mmap 9 222, munmap 11 215, mprotect 10 226, mremap 25 216, madvise 28 233, msync 26 227, mincore 27 232, brk 12 214,
  mlock 149 228, mlock2 325 284, munlock 150 229, mlockall 151 230, munlockall 152 231, membarrier 324 283,
  pkey_mprotect 329 288, pkey_alloc 330 289, pkey_free 331 290`,
  // Pipes and waiting. Not among them: io_uring, which goes around filters; aio (io_setup), whose room is the machine's.
  `
  pipe 22 -, pipe2 293 59, poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72, epoll_create 213 -,
  epoll_create1 291 20, epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22, epoll_pwait2 441 441, eventfd 284 -,
  eventfd2 290 19, signalfd 282 -, signalfd4 289 74, timerfd_create 283 85, timerfd_settime 286 86,
  timerfd_gettime 287 87, futex 202 98, futex_waitv 449 449, futex_wake 454 454, futex_wait 455 455,
  futex_requeue 456 456, set_robust_list 273 99, get_robust_list 274 100, restart_syscall 219 128, pause 34 -`,
  // Time, to be read.
  `
  time 201 -, gettimeofday 96 169, clock_gettime 228 113, clock_getres 229 114, clock_nanosleep 230 115,
  nanosleep 35 101, alarm 37 -, getitimer 36 102, setitimer 38 103, timer_create 222 107, timer_settime 223 110,
  timer_gettime 224 108, timer_getoverrun 225 109, timer_delete 226 111, times 100 153`,
  // Signals, which reach no further than the job's own processes.
  `
  rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigtimedwait 128 137,
  rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240, rt_sigsuspend 130 133, sigaltstack 131 132, kill 62 129,
  tkill 200 130, tgkill 234 131, pidfd_open 434 434, pidfd_send_signal 424 424`,
  // Processes. Not among them: seccomp and Landlock, whose programs lie in memory of the kernel that all share.
  `
  execve 59 221, execveat 322 281, exit 60 93, exit_group 231 94, wait4 61 260, waitid 247 95, set_tid_address 218 96,
  gettid 186 178, getpid 39 172, getppid 110 173, getpgrp 111 -, getpgid 121 155, setpgid 109 154, getsid 124 156,
  setsid 112 157, getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177, getgroups 115 158,
  getresuid 118 148, getresgid 120 150, setuid 105 146, setgid 106 144, setreuid 113 145, setregid 114 143,
  setresuid 117 147, setresgid 119 149, setfsuid 122 151, setfsgid 123 152, setgroups 116 159, capget 125 90,
  capset 126 91, arch_prctl 158 -, rseq 334 293, getrlimit 97 163, setrlimit 160 164, prlimit64 302 261,
  getrusage 98 165, uname 63 160, sysinfo 99 179, getcpu 309 168, getrandom 318 278, getpriority 140 141,
  ioprio_get 252 31, sched_yield 24 124, sched_getaffinity 204 123, sched_setaffinity 203 122, sched_getparam 143 121,
  sched_setparam 142 118, sched_getscheduler 145 120, sched_getattr 315 275, sched_get_priority_max 146 125,
  sched_get_priority_min 147 126, sched_rr_get_interval 148 127`,
  // What is done with a socket that one was given; making one is judged.
  `
  sendto 44 206, recvfrom 45 207, sendmsg 46 211, recvmsg 47 212, sendmmsg 307 269, recvmmsg 299 243, shutdown 48 210,
  getsockname 51 204, getpeername 52 205, getsockopt 55 209, setsockopt 54 208`,
].join(",");

/** Calls whose arguments, or whose caller, decide. */
export const judged = `
  clone 56 220, socket 41 198, socketpair 53 199, ioctl 16 29, prctl 157 167, fcntl 72 25, personality 135 92,
  setpriority 141 140, sched_setscheduler 144 119, ioprio_set 251 30, open 2 -, openat 257 56, creat 85 -, chmod 90 -,
  fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, mknod 133 -, mknodat 259 33,
  fork 57 -, vfork 58 -,
  connect 42 203, bind 49 200, listen 50 201, accept 43 202, accept4 288 242`;

/** Calls that nobody makes by mistake: other processes, namespaces, mounts, the clock, the kernel itself. */
export const meddling = `
  ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, process_madvise 440 440, kcmp 312 272,
  pidfd_getfd 438 438, unshare 272 97, setns 308 268, mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51,
  move_mount 429 429, open_tree 428 428, bpf 321 280, perf_event_open 298 241, userfaultfd 323 282,
  open_by_handle_at 304 265, sethostname 170 161, setdomainname 171 162, settimeofday 164 170, clock_settime 227 112,
  clock_adjtime 305 266, adjtimex 159 171, reboot 169 142, kexec_load 246 104, kexec_file_load 320 294,
  init_module 175 105, finit_module 313 273, delete_module 176 106, swapon 167 224, swapoff 168 225, acct 163 89,
  quotactl 179 60, syslog 103 116, iopl 172 -, ioperm 173 -, vhangup 153 58, sched_setattr 314 274`;
