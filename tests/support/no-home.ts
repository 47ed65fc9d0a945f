import type { Context } from "@mh/cli/command.ts";
import { commands } from "@mh/cli/commands/index.ts";
import { makePrinter } from "@mh/cli/print.ts";

/** What a command is built with where there is no home that it could act on. */
export const noHome = ({ json }: { json: boolean }): Context => ({
  print: makePrinter({ json, quiet: true }),
  root: "/nowhere",
  codeRoot: "/nowhere",
  environment: {},
  commands,
  signal: new AbortController().signal,
  connect: () => Promise.reject(),
});
