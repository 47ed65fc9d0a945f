/** Programs that fetch what they start, or start it elsewhere: what a sandbox without a network does not let them. */
const launchers: Readonly<Record<string, string>> = {
  npx: "npx fetches it at each start: install it (npm install -g), and name its program",
  bunx: "bunx fetches it at each start: install it, and name its program",
  uvx: "uvx fetches it at each start: install it (uv tool install), and name its program",
  pipx: "pipx fetches it at each start: install it, and name its program",
  docker: "docker would start it outside the sandbox: name the program itself",
  podman: "podman would start it outside the sandbox: name the program itself",
  wsl: "it runs on another system",
  cmd: "it is written for Windows",
  powershell: "it is written for Windows",
  sh: "it is a line of a shell: name the program itself",
  bash: "it is a line of a shell: name the program itself",
  zsh: "it is a line of a shell: name the program itself",
};
const runners: Readonly<Record<string, RegExp>> = {
  npm: /^(?:x|exec)$/,
  pnpm: /^(?:dlx|exec)$/,
  yarn: /^dlx$/,
  uv: /^(?:run|tool)$/,
  deno: /^run$/,
  bun: /^x$/,
};

const baseOf = (program: string): string =>
  (program.split(/[\\/]/).at(-1) ?? "").replace(/\.(?:exe|cmd)$/i, "").toLowerCase();

/** Why a program cannot be what a server here is started by; undefined where it can. */
export function refusedLauncher(program: string, [first = ""]: readonly string[]): string | undefined {
  const base = baseOf(program);
  if (/^[A-Za-z]:\\/.test(program)) return launchers.cmd;
  if (Object.hasOwn(launchers, base)) {
    // A script of a shell is a file like others.
    const isScript = /^(?:sh|bash|zsh)$/.test(base) && first !== "" && !first.startsWith("-");
    return isScript ? undefined : launchers[base];
  }
  if (Object.hasOwn(runners, base) && runners[base]?.test(first))
    return `${base} ${first} fetches it at each start: install it, and name its program`;
  return undefined;
}

/** The address behind `mcp-remote`, which is a program for those that know no addresses, with the headers it is given. */
export function remoteBehind(
  program: string,
  words: readonly string[],
): { url: string; headers: Record<string, string> } | undefined {
  const all = [baseOf(program), ...words];
  const at = all.findIndex((word) => /^mcp-remote(?:@.*)?$/.test(word));
  const url = at === -1 ? undefined : all.slice(at + 1).find((word) => /^https?:/.test(word));
  if (url === undefined) return undefined;
  const given = all.flatMap((word, n) => (word === "--header" ? [all[n + 1] ?? ""] : []));
  const headers = given.flatMap((each): [string, string][] => {
    const colon = each.indexOf(":");
    return colon < 1 ? [] : [[each.slice(0, colon).trim(), each.slice(colon + 1).trim()]];
  });
  return { url, headers: Object.fromEntries(headers) };
}
