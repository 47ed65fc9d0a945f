/** Folders that a system installs programs into. What lies elsewhere may have been written by whoever asks. */
const programFolders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];

/** The one path of a program, by which grants and rules know it: a bare name means the one in /usr/bin. */
export function programPath(word: string): string {
  if (!word.includes("/")) return `/usr/bin/${word}`;
  return word.replace(/^\/(s?bin)\//, "/usr/$1/");
}

/**
 * Why a list of words is not run, or undefined. A command is one program and its arguments: no shell reads it, so what
 * only a shell understands is a mistake or a trick; and no program that is handed code or another command in its
 * arguments, because a grant for it would be a grant for everything. The sandbox holds without this list; it keeps what a
 * person allows to what it says.
 */
export function refusedWords([program = "", ...args]: readonly string[]): string | undefined {
  const path = programPath(program);
  const cut = path.lastIndexOf("/");
  const [folder, name] = [path.slice(0, cut), path.slice(cut + 1)];
  if (!/^[a-z0-9][\w.+-]{0,100}$/i.test(name)) return "the first word is a program: its plain name or absolute path";
  if (!programFolders.includes(folder)) return `a program lies in ${programFolders.join(", ")}`;
  const word = args.find((each) => shellSyntax.test(each));
  if (word !== undefined) return `no shell reads this, so ${JSON.stringify(word.slice(0, 40))} has no meaning in it`;
  return refusedProgram(name, args);
}

/** Why a program is not run with these arguments, whatever folder it lies in. */
export function refusedProgram(program: string, args: readonly string[]): string | undefined {
  const name = program.toLowerCase();
  const stem = name.replace(/[\d.]{1,64}$/, "");
  if (runners.has(stem) || runners.has(name)) return `${program} runs what its arguments say; name that program itself`;
  const flags = flagsWithCode.get(stem);
  const flag = flags && args.find((each) => flags.test(each));
  if (flag !== undefined) return `${program} ${flag.slice(0, 40)} runs what its arguments say`;
  if (stem === "git" && hasSettings(args)) return "git -c changes what git runs";
  if (stem === "tar" && !args[0]?.startsWith("-")) return "tar's options begin with a dash here";
  const tamed = tamedBy.get(stem);
  if (tamed && args[0] !== tamed) return `${program} runs commands unless its first argument is ${tamed}`;
  const isAsking = args.length === 1 && args[0] === "--version";
  if (!interpreters.has(stem) || isAsking) return undefined;
  const [script] = args;
  const isFile = script !== undefined && !script.startsWith("-") && !["eval", "exec", "repl", "x"].includes(script);
  return isFile ? undefined : `${program} is given a script's path first: no options, and no code in its arguments`;
}

/** Pipes, redirections, command substitution and heredocs: what a shell would take apart. */
const shellSyntax = /\$\(|\$\{|`|^\d?[|&;<>]+\d?$|^\d?<</;

const set = (words: string) => new Set(words.split(/\s+/));

const interpreters = set(`
  sh bash rbash dash ash ksh mksh lksh zsh fish csh tcsh pwsh python pypy perl ruby irb node nodejs deno bun php lua luajit
  tclsh wish expect guile rscript julia groovy scala elixir iex erl gjs osascript
`);

const runners = set(`
  env busybox toybox xargs parallel nohup nice ionice chrt taskset timeout setsid stdbuf unbuffer time watch script flock
  sudo doas su runuser pkexec sg newgrp ssh chroot unshare nsenter bwrap flatpak firejail capsh setpriv setarch prlimit
  strace ltrace gdb lldb perf valgrind at batch crontab systemd-run start-stop-daemon run-parts dbus-run-session xvfb-run
  npx bunx pnpx uvx pipx awk gawk mawk nawk original-awk vi vim ex view nvim emacs ed nano eval exec command
`);

/** Options that name a command or code, of programs that are otherwise plain. */
const flagsWithCode: ReadonlyMap<string, RegExp> = new Map([
  ["find", /^-(exec|execdir|ok|okdir)$/],
  ["fd", /^(-x|-X|--exec)/],
  ["fdfind", /^(-x|-X|--exec)/],
  ["tar", /^--(to-c|checkpoint-a|use-c|info-s|new-volume-s|rsh-c)|^-[a-zA-Z]*[IF]/],
  ["sort", /^--compress-p/],
  ["rsync", /^(-[a-zA-Z]*e|--rsh)/],
  ["zip", /^(-TT|--unzip-c)/],
  ["git", /^--(exec|upload-pack|receive-pack|extcmd|open-files-in-pager|config)|^(filter-branch|foreach)$/],
  ["make", /^(-E|--eval)/],
  ["npm", /^(exec|x)$/],
  ["rpm", /^(-E|--eval|--pipe|--define)/],
]);

/** What runs commands from its arguments, but for this option. */
const tamedBy: ReadonlyMap<string, string> = new Map([
  ["sed", "--sandbox"],
  ["sqlite", "-safe"],
]);

/** Whether settings stand before git's own command, as in `git -c alias.x=!sh x`; `git switch -c` is something else. */
function hasSettings(args: readonly string[]): boolean {
  const takesNext = ["-C", "--git-dir", "--work-tree", "--namespace", "--super-prefix"];
  for (let at = 0; at < args.length && args[at]?.startsWith("-"); at += takesNext.includes(args[at] ?? "") ? 2 : 1) {
    if (args[at]?.startsWith("-c")) return true;
  }
  const [command] = args.filter((each) => !each.startsWith("-"));
  return command === "clone" && args.some((each) => each.startsWith("-c"));
}
