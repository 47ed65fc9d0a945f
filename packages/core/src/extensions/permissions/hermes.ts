import { z } from "zod";
import { eachOf, entriesSchema, type ImportContext, type Proposal, programAt, readCommand } from "./proposal.ts";

/** Of Hermes' `config.yaml`, what concerns approvals (hermes-agent.nousresearch.com/docs/user-guide/security). */
export const hermesConfigSchema = z
  .looseObject({
    approvals: z
      .looseObject({ mode: z.union([z.string(), z.boolean()]).optional(), cron_mode: z.string().optional() })
      .optional(),
    command_allowlist: entriesSchema(2_000).removeDefault().optional(),
  })
  .refine(({ approvals, command_allowlist }) => approvals ?? command_allowlist);

export function readHermesConfig(
  { approvals, command_allowlist: allowed = [] }: z.infer<typeof hermesConfigSchema>,
  { principal, refusedProgram }: ImportContext,
): Proposal[] {
  const { mode, cron_mode: cron } = approvals ?? {};
  const not = (from: string, title: string): Proposal => ({ kind: "not", from, title });
  // YAML reads a bare `off` as a word or as false, by its version.
  const isOff = mode === "off" || mode === false;
  return [
    ...(isOff ? [not("approvals.mode off", "Nothing here switches approvals off for everything.")] : []),
    ...(mode === "smart" ? [not("approvals.mode smart", "No model approves anything here.")] : []),
    ...(mode === "manual"
      ? [{ kind: "kept" as const, from: "approvals.mode manual", title: "Here what needs approval waits for you." }]
      : []),
    ...(cron === "approve" ? [not("approvals.cron_mode approve", "A schedule approves nothing by itself here.")] : []),
    ...eachOf("command_allowlist", allowed, (pattern) => {
      const from = `command_allowlist ${pattern}`;
      const read = readCommand(pattern);
      if (!read?.isWhole) return [not(from, "A grant is for one program, whatever its arguments.")];
      const refused = refusedProgram(read.program);
      if (refused !== undefined) return [not(from, `${refused}, so it is not given for good.`)];
      const at = programAt(read.program);
      const title = `${principal} may run ${at}`;
      return [{ kind: "grant", from, title, principal, skill: "shell.run", scope: { paths: [at] } }];
    }),
  ];
}
