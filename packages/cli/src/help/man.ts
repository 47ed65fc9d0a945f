import { version } from "@mh/host/version.ts";
import type { Described } from "../describe.ts";
import { globalFlags } from "../global-options.ts";

/** The manual page, in the man(7) macros: every command as it declares itself, then the topics as they are. */
export function manPage(commands: readonly Described[], topics: readonly { name: string; text: string }[]): string {
  const options = globalFlags.flatMap(([flags, summary]) => entry(flags, summary));
  return `${[
    `.TH MH 1 "" "mh ${version}"`,
    ".SH NAME",
    "mh \\- your memory, your agents, one gate",
    ".SH SYNOPSIS",
    ".B mh",
    ".I command",
    "[options]",
    ".SH OPTIONS",
    ...options,
    ".SH COMMANDS",
    ...commands.flatMap(leaves).flatMap(commandEntry),
    ...topics.flatMap(({ name, text }) => [
      `.SH ${name.replaceAll("-", " ").toUpperCase()}`,
      ".nf",
      ...text.split("\n").slice(2).map(escaped),
      ".fi",
    ]),
  ].join("\n")}\n`;
}

const leaves = (command: Described): Described[] =>
  command.subs.length === 0 ? [command] : command.subs.flatMap(leaves);

function commandEntry({ path, usage, summary, options }: Described): string[] {
  const flags = options.flatMap((option) =>
    entry([option.flags.join(", "), option.metavar].filter(Boolean).join(" "), option.summary),
  );
  return [
    ".TP",
    `.B mh ${escaped(path)} ${escaped(usage)}`.trimEnd(),
    `${escaped(summary)}.`,
    ...(flags.length > 0 ? [".RS", ...flags, ".RE"] : []),
  ];
}

const entry = (label: string, text: string): string[] => [".TP", `.B ${escaped(label)}`, escaped(text)];

/** A hyphen that is copied stays a hyphen; a line that begins with a dot or a quote is text. */
const escaped = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replace(/^(?=[.'])/, "\\&");
