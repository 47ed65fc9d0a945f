import type { OutputOf } from "@mh/contract/contract.ts";
import type { importPreview, importRun } from "@mh/contract/import.ts";
import { type MovedProgram, movePreview, moveRun } from "@mh/contract/move.ts";
import type { secretList } from "@mh/contract/secrets.ts";
import type { selfTake } from "@mh/contract/self.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { ImportFormat } from "@mh/contract/values/import-format.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { canonicalPath } from "../disk/outside-path.ts";
import { editMcpServers } from "../extensions/edit-mcp-servers.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { whyNotDone } from "../kernel/why-not-done.ts";
import { canonical } from "../model/canonical.ts";
import { tried } from "../model/tried.ts";
import { tooMuchYaml } from "../model/yaml-bounds.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Files } from "../ports/files.ts";
import { notForGood } from "../programs/plain-programs.ts";
import type { OpenMovedFolder } from "./folder.ts";
import { layouts } from "./layouts.ts";
import { type MovePlan, shown, type TakingCommand } from "./move-plan.ts";
import type { MovedInto } from "./moved-into.ts";
import { rulesName, rulesText } from "./rules-file.ts";

export interface MoveDeps {
  open: OpenMovedFolder;
  files: Pick<Files, "read" | "list">;
  crypto: Crypto;
  timeZone: () => string;
  /** The folder of the owner's on this machine. */
  ownersFolder: string;
  act: (command: Command) => Promise<Outcome>;
}

const touches = ({ path }: { path: string }) => ({
  ...{ effect: "admin" as const, risk: "medium" as const },
  scope: { paths: [canonicalPath(path)] },
});

/** Says what moving in would take, what is here already, what is in its way, and what is not taken and why. */
export function previewMoveSkill(deps: MoveDeps) {
  return defineOutside(movePreview, {
    // What is shown quotes what was read: it is not kept.
    stored: "once",
    classify: touches,
    async run(args, context) {
      const { plan } = await planned(deps, args, new By(deps, context));
      return viewOf(deps, args, plan);
    },
  });
}

/**
 * Takes in what another program keeps of its owner's, as commands caused by this one, which are undone together. What is here
 * stays, so that twice is once, and one that was cut off is gone on with. Nothing is allowed by it that was not before.
 */
export function runMoveSkill(deps: MoveDeps) {
  return defineOutside(moveRun, {
    // As of the preview: what was taken in is here, and what was shown of it is not kept beside it.
    stored: "once",
    classify: touches,
    async run({ shown: hash, ...args }, context) {
      const by = new By(deps, context);
      const { plan, settings } = await planned(deps, args, by);
      const view = viewOf(deps, args, plan);
      if (hash !== undefined && hash !== view.hash)
        throw new Fault(
          "import.refused",
          "The folder, or what is here, changed since the plan was shown. Look at it again.",
        );
      let memories = 0;
      for (const { skill, args: given } of commandsOf(args.program, plan, settings)) {
        context.signal.throwIfAborted();
        const value = await by.act(skill, given);
        if (skill === "self.take") expectNew(value as OutputOf<typeof selfTake>);
        if (skill === "import.run") memories += (value as OutputOf<typeof importRun>).added;
        if (skill === "memory.import")
          memories += (value as { results: { status: string }[] }).results.filter(
            ({ status }) => status === "added",
          ).length;
      }
      const taken = plan.filter(({ kind, state }) => state === "new" && kind !== "memories").length + memories;
      return { ...view, taken, memories, task: by.task };
    },
  });
}

/** What came to be here since the plan was made stays, and nothing of that package or agent was written. */
function expectNew({ files }: OutputOf<typeof selfTake>): void {
  if (files.every((end) => end === "new" || end === "same")) return;
  throw new Fault("import.refused", "Something of the plan came to be here meanwhile. Look at it again.");
}

/** Commands in the name of the one that runs, under its task. */
class By {
  readonly task: string;
  readonly #deps: MoveDeps;
  readonly #context: OutsideContext;

  constructor(deps: MoveDeps, context: OutsideContext) {
    this.#deps = deps;
    this.#context = context;
    this.task = context.task ?? context.commandId;
  }

  /** Takes a part in. */
  act(skill: string, args: unknown): Promise<unknown> {
    return this.#run(
      skill,
      args,
      (why) => `A part was not taken in (${skill}): ${why} What was taken before that goes with \`mh undo\`.`,
    );
  }

  /** Looks at what is there. */
  look(skill: string, args: unknown): Promise<unknown> {
    return this.#run(skill, args, (why) => why);
  }

  async #run(skill: string, args: unknown, tell: (why: string) => string): Promise<unknown> {
    const { principal, commandId: cause } = this.#context;
    const outcome = await this.#deps.act({ principal, skill, args, cause, task: { id: this.task, words: "" } });
    if (outcome.status === "done") return outcome.value;
    throw new Fault("import.refused", tell(whyNotDone(outcome)));
  }
}

type Args = { program: MovedProgram; path: string };

async function planned(deps: MoveDeps, { program, path }: Args, by: By): Promise<{ plan: MovePlan; settings: string }> {
  const folder = deps.open(canonicalPath(path), layouts[program].beside);
  const { text, inForce } = (await by.look("config.show", {})) as { text: string; inForce: Record<string, unknown> };
  const secrets = (await by.look("secret.list", {})) as OutputOf<typeof secretList>;
  const { sections } = (await by.look("persona.show", { section: "persona" })) as { sections: { text: string }[] };
  const here: MovedInto = {
    ...{ timeZone: deps.timeZone(), home: deps.ownersFolder, secrets, refusedProgram: notForGood },
    servers: new Map(Object.entries((inForce.mcpServers ?? {}) as Record<string, unknown>)),
    read: (each) => deps.files.read(each),
    list: (each) => deps.files.list(each),
    persona: sections[0]?.text ?? "",
    async countMemories(place: string, format: ImportFormat) {
      const found = (await by.look("import.preview", { path: place, format })) as OutputOf<typeof importPreview>;
      const remarks = found.remarks.map(({ reason, count, examples }) => {
        const more = count > examples.length ? ", …" : "";
        return `${reason} (${examples.join(", ")}${more})`;
      });
      return { count: Object.values(found.kinds).reduce((sum, count) => sum + count, 0), remarks };
    },
  };
  // What reads other programs' settings is loaded by whom it moves.
  const { planMove } = await import("./plan-move.ts");
  return { plan: withoutRoom(await planMove(program, folder, here), text), settings: text };
}

/** Servers for which the settings have no room are left, and the plan says so. */
function withoutRoom(plan: MovePlan, settings: string): MovePlan {
  const text = tried(() => withServers(plan, settings));
  if (!(text instanceof Fault) && (text === settings || !tooMuchYaml(text))) return plan;
  const why = "config.yaml with all of them would be more than mh reads, or cannot be read as it is";
  return plan.map(({ server, ...item }) => (server === undefined ? item : { ...item, state: "left", why }));
}

/** The settings with all servers of a plan. */
const withServers = (plan: MovePlan, settings: string): string =>
  plan
    .flatMap(({ server, state }) => (server && state === "new" ? [server] : []))
    .reduce((edited, { name, server }) => editMcpServers(edited, name, server), settings);

/** What takes the new things in. All servers are one change of the settings, and all rules one file. */
function commandsOf(program: string, plan: MovePlan, settings: string): TakingCommand[] {
  const fresh = plan.filter(({ state }) => state === "new");
  const hasServers = fresh.some(({ server }) => server !== undefined);
  const rules = rulesText(fresh);
  // What narrows comes first, and what may be refused: then nothing else was taken.
  return [
    ...(rules === "" ? [] : [{ skill: "policy.write", args: { name: rulesName(program), text: rules } }]),
    ...(hasServers ? [{ skill: "config.write", args: { text: withServers(fresh, settings) } }] : []),
    ...fresh.flatMap(({ does }) => does ?? []),
  ];
}

function viewOf({ crypto }: MoveDeps, { program, path }: Args, plan: MovePlan) {
  // Of all that is taken, and not only of what is shown of it.
  const hash = crypto.sha256Hex(utf8.encode(canonical(plan)));
  return { program: layouts[program].title, path, items: plan.map(shown), hash };
}
