/** One program with its words, and the folder that a `cd` before it went to. */
export interface LineCommand {
  argv: string[];
  folder: string | undefined;
}

const separators = new Set(["&&", "||", ";", "\n"]);
const linesMax = 200;

/**
 * The programs of a line for a shell, where no more than their order is a shell's work: each could be run by itself.
 * Undefined where it needs one: pipes, redirections, variables, substitution, patterns, loops.
 */
export function commandsIn(line: string): LineCommand[] | undefined {
  const words = wordsOf(line);
  if (words === undefined) return undefined;
  const commands: LineCommand[] = [];
  let folder: string | undefined;
  let argv: string[] = [];
  for (const word of [...words, { text: ";", isOperator: true }]) {
    if (!word.isOperator) {
      argv.push(word.text);
      continue;
    }
    if (!separators.has(word.text)) return undefined;
    const [first = "", second] = argv;
    if (first === "cd" && second !== undefined && argv.length === 2 && !second.startsWith("-"))
      folder = folder === undefined || /^[/~]/.test(second) ? second : `${folder}/${second}`;
    else if (keywords.has(first) || /^\w+=/.test(first)) return undefined;
    else if (argv.length > 0) commands.push({ argv, folder });
    argv = [];
    if (commands.length > linesMax) return undefined;
  }
  return commands;
}

/** The line behind a shell that was started for one, as in `bash -lc LINE`. */
export function lineOfShell(argv: readonly string[]): string | undefined {
  const [shell = "", option = "", line] = argv;
  const isShell = /(?:^|\/)(?:ba|da|z|k|a)?sh$/.test(shell) && /^-[a-z]*c$/.test(option);
  return isShell && argv.length === 3 ? line : undefined;
}

const keywords = new Set(
  (
    "if for while until case function select time ! { ( [[ source . eval exec export set alias " +
    "cd exit return read unset trap wait pushd popd"
  ).split(" "),
);

interface Word {
  text: string;
  isOperator: boolean;
}

/** Words as POSIX parts them; undefined where something has a meaning that only a shell gives it. */
function wordsOf(line: string): Word[] | undefined {
  const words: Word[] = [];
  let word: string | undefined;
  const end = () => {
    if (word !== undefined) words.push({ text: word, isOperator: false });
    word = undefined;
  };
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] as string;
    if (sign === "'" || sign === '"') {
      const close = closing(line, at);
      if (close === undefined) return undefined;
      word = (word ?? "") + close.text;
      at = close.at;
    } else if (sign === "\\") {
      at += 1;
      if (line[at] !== "\n") word = (word ?? "") + (line[at] ?? "");
    } else if (sign === "#" && word === undefined) {
      while (at + 1 < line.length && line[at + 1] !== "\n") at += 1;
    } else if (/[&|;\n]/.test(sign)) {
      end();
      const isDouble = line[at + 1] === sign && /[&|]/.test(sign);
      words.push({ text: isDouble ? sign + sign : sign, isOperator: true });
      if (isDouble) at += 1;
    } else if (/[<>$`*?()[\]{}!]/.test(sign)) return undefined;
    // It stands for a home at the beginning of a word or of a value; elsewhere it is a sign like others.
    else if (sign === "~" && (word === undefined || /[=:]$/.test(word))) return undefined;
    else if (/\s/.test(sign)) end();
    else word = (word ?? "") + sign;
  }
  end();
  return words;
}

/** What stands in quotation marks that begin there. */
function closing(line: string, from: number): { text: string; at: number } | undefined {
  const quote = line[from];
  let text = "";
  for (let at = from + 1; at < line.length; at += 1) {
    const sign = line[at] as string;
    if (sign === quote) return { text, at };
    if (quote === '"' && (sign === "$" || sign === "`")) return undefined;
    if (quote === '"' && sign === "\\" && /["\\$`\n]/.test(line[at + 1] ?? "")) {
      at += 1;
      text += line[at];
    } else text += sign;
  }
  return undefined;
}
