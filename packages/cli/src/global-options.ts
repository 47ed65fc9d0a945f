/** What stands before, between and behind a command's own words. */
export interface Invocation {
  /** The command and what is its own. */
  rest: string[];
  home: string | undefined;
  isHomeMissing: boolean;
  json: boolean;
  quiet: boolean;
  pager: boolean;
}

/** The options that every command takes, for help and completion; a name in capitals is a value. */
export const globalFlags: readonly (readonly [flags: string, summary: string])[] = [
  ["--home FOLDER", "the home to work in (else MH_HOME; mh help files)"],
  ["--json", "results as JSON, for scripts (mh help json)"],
  ["-q, --quiet", "results only"],
  ["--no-pager", "long results at once, not a page at a time"],
];

/** Global options may stand anywhere before `--`. */
export function globalOptions(argv: readonly string[]): Invocation {
  const found: Invocation = {
    rest: [],
    home: undefined,
    isHomeMissing: false,
    json: false,
    quiet: false,
    pager: true,
  };
  for (let n = 0; n < argv.length; n += 1) {
    const arg = argv[n] as string;
    if (arg === "--") {
      found.rest.push(...argv.slice(n));
      break;
    }
    if (arg === "--json") found.json = true;
    else if (arg === "--quiet" || arg === "-q") found.quiet = true;
    else if (arg === "--no-pager") found.pager = false;
    else if (arg.startsWith("--home=")) found.home = arg.slice("--home=".length);
    else if (arg === "--home") {
      n += 1;
      found.home = argv[n];
      found.isHomeMissing = found.home === undefined;
    } else found.rest.push(arg);
  }
  // What a script's unset variable leaves would be another home than the one that was meant.
  found.isHomeMissing ||= found.home?.trim() === "";
  return found;
}
