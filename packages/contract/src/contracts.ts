import type { AnyContract, InputOf, OutputOf } from "./contract.ts";

/** Every module of shipped contracts. A new domain is named here, and its skills have types everywhere by their names. */
type Modules = typeof import("./activity.ts") &
  typeof import("./adoption.ts") &
  typeof import("./agents.ts") &
  typeof import("./approvals.ts") &
  typeof import("./audio.ts") &
  typeof import("./audit.ts") &
  typeof import("./calendar.ts") &
  typeof import("./channels.ts") &
  typeof import("./decision.ts") &
  typeof import("./chat.ts") &
  typeof import("./clients.ts") &
  typeof import("./devices.ts") &
  typeof import("./passkeys.ts") &
  typeof import("./disk.ts") &
  typeof import("./inspect.ts") &
  typeof import("./facts.ts") &
  typeof import("./files.ts") &
  typeof import("./goals.ts") &
  typeof import("./grants.ts") &
  typeof import("./history.ts") &
  typeof import("./import.ts") &
  typeof import("./kernel.ts") &
  typeof import("./mail.ts") &
  typeof import("./mcp.ts") &
  typeof import("./mcp-login.ts") &
  typeof import("./mcp-registry.ts") &
  typeof import("./memory.ts") &
  typeof import("./memory-look.ts") &
  typeof import("./memory-traces.ts") &
  typeof import("./models.ts") &
  typeof import("./move.ts") &
  typeof import("./notify.ts") &
  typeof import("./observe.ts") &
  typeof import("./offers.ts") &
  typeof import("./patterns.ts") &
  typeof import("./persona.ts") &
  typeof import("./persona-import.ts") &
  typeof import("./persona-interview.ts") &
  typeof import("./persona-query.ts") &
  typeof import("./policy.ts") &
  typeof import("./programs.ts") &
  typeof import("./proposals.ts") &
  typeof import("./relationships.ts") &
  typeof import("./run-look.ts") &
  typeof import("./runs.ts") &
  typeof import("./secrets.ts") &
  typeof import("./self.ts") &
  typeof import("./settings.ts") &
  typeof import("./skill-packages.ts") &
  typeof import("./task-undo.ts") &
  typeof import("./standing.ts") &
  typeof import("./tasks.ts") &
  typeof import("./tools.ts") &
  typeof import("./web.ts");

/** The shipped contracts by name. Types only: a client that knows names needs no schema at run time. */
export type Contracts = {
  [Key in keyof Modules as Modules[Key] extends AnyContract ? Modules[Key]["name"] : never]: Modules[Key];
};

/** Names of shipped skills, and whatever else there may be: a skill of a third party is called by its name, too. */
export type SkillName = keyof Contracts | (string & {});

/** What a skill takes, and what it gives; unknown for one that is not shipped. */
export type ArgsFor<Name extends string> = Name extends keyof Contracts
  ? Contracts[Name] extends AnyContract
    ? InputOf<Contracts[Name]>
    : never
  : unknown;
export type ValueFor<Name extends string> = Name extends keyof Contracts
  ? Contracts[Name] extends AnyContract
    ? OutputOf<Contracts[Name]>
    : never
  : unknown;
