/** Folders that a system installs programs into. What lies elsewhere may have been written by whoever asks. */
const programFolders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];

/** Whether a path names a program of the system. */
export const isProgramPath = (path: string): boolean => programFolders.includes(path.slice(0, path.lastIndexOf("/")));

/** The one path of a program, by which grants and rules know it: a bare name means the one in /usr/bin. */
export function programPath(word: string): string {
  if (!word.includes("/")) return `/usr/bin/${word}`;
  return word.replace(/^\/(s?bin)\//, "/usr/$1/");
}

/**
 * Why a list of words is not run, or undefined. A command is one program and its arguments: no shell reads it, so what
 * only a shell understands is a mistake or a trick, and so is code for an interpreter: that is a file, which is shown.
 */
export function refusedWords([program = "", ...args]: readonly string[]): string | undefined {
  const path = programPath(program);
  const cut = path.lastIndexOf("/");
  const [folder, name] = [path.slice(0, cut), path.slice(cut + 1)];
  if (!/^[a-z0-9][\w.+-]{0,100}$/i.test(name)) return "the first word is a program: its plain name or absolute path";
  if (!programFolders.includes(folder)) return `a program lies in ${programFolders.join(", ")}`;
  const word = args.find((each) => shellSyntax.test(each));
  if (word !== undefined) return `no shell reads this, so ${JSON.stringify(word.slice(0, 40))} has no meaning in it`;
  if (interpreter.test(name) && !isScript(args))
    return `${name} is given a script's path first, and no code as a word: write it into a file, then name that`;
  if (/^git$/i.test(name) && hasSettings(args)) return "git -c changes what git runs";
  return undefined;
}

/** Pipes, redirections, command substitution and heredocs: what a shell would take apart. */
const shellSyntax = /\$\(|\$\{|`|^\d?[|&;<>]+\d?$|^\d?<</;
const interpreters = `(?:r?ba|da|a|[mo]?k|lk|mk|z|fi|t?c|pw)?sh python pypy perl ruby irb node nodejs deno bun php lua luajit
  tclsh wish expect guile rscript julia groovy scala elixir iex erl gjs osascript`;
const interpreter = new RegExp(`^(?:${interpreters.split(/\s+/).join("|")})[\\d.]*$`, "i");

const isScript = ([script, ...more]: readonly string[]): boolean =>
  script !== undefined &&
  (script.startsWith("-") ? script === "--version" && more.length === 0 : !["eval", "exec", "repl"].includes(script));

/** Whether settings stand before git's own command, as in `git -c alias.x=!sh x`; `git switch -c` is something else. */
function hasSettings(args: readonly string[]): boolean {
  const takesNext = ["-C", "--git-dir", "--work-tree", "--namespace", "--super-prefix"];
  for (let at = 0; at < args.length && args[at]?.startsWith("-"); at += takesNext.includes(args[at] ?? "") ? 2 : 1) {
    if (args[at]?.startsWith("-c")) return true;
  }
  return false;
}
