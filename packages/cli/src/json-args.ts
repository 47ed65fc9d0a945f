import { Fault } from "@mh/contract/values/fault.ts";

/** Arguments given as one JSON object on the command line; none is `{}`. */
export function parseArgs(json: string | undefined): unknown {
  if (json === undefined) return {};
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Fault("usage", `The arguments are one JSON object, as in '{"text":"hi"}'.`, { cause });
  }
}
