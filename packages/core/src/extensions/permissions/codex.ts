import { z } from "zod";
import type { Proposal } from "./proposal.ts";

/** Of Codex's `config.toml`, what concerns permissions (developers.openai.com/codex/config-reference). */
export const codexConfigSchema = z
  .looseObject({
    approval_policy: z.union([z.string(), z.looseObject({})]).optional(),
    sandbox_mode: z.string().optional(),
    sandbox_workspace_write: z
      .looseObject({ network_access: z.boolean().optional(), writable_roots: z.array(z.string()).optional() })
      .optional(),
  })
  .refine(
    ({ approval_policy, sandbox_mode, sandbox_workspace_write: write }) => approval_policy ?? sandbox_mode ?? write,
  );

export function readCodexConfig(config: z.infer<typeof codexConfigSchema>): Proposal[] {
  const { approval_policy: approval, sandbox_mode: mode, sandbox_workspace_write: write } = config;
  const not = (from: string, title: string): Proposal => ({ kind: "not", from, title });
  return [
    ...(approval === "never" || approval === "on-failure"
      ? [not(`approval_policy ${approval}`, "Nothing here switches approvals off for everything.")]
      : []),
    ...(approval === "untrusted" || approval === "on-request"
      ? [
          {
            kind: "kept" as const,
            from: `approval_policy ${approval}`,
            title: "Here what needs approval waits for you.",
          },
        ]
      : []),
    ...(mode === "danger-full-access" ? [not(`sandbox_mode ${mode}`, "Nothing leaves the sandbox here.")] : []),
    ...(mode !== undefined && mode !== "danger-full-access"
      ? [
          {
            kind: "kept" as const,
            from: `sandbox_mode ${mode}`,
            title: "Programs run in a sandbox here, each with its folder.",
          },
        ]
      : []),
    ...(write?.network_access === true ? [not("network_access true", "A program has no network here.")] : []),
    ...(write?.writable_roots ?? []).map((folder) =>
      not(`writable_roots ${folder}`, "A folder is given skill by skill: `mh grant give … disk.write --path …`."),
    ),
  ];
}
