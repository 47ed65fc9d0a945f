import type { MovedProgram } from "@mh/contract/move.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { ImportFormat } from "@mh/contract/values/import-format.ts";
import { contentSchema } from "@mh/contract/values/text.ts";
import { tried } from "../model/tried.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import { parseAgentFile } from "./agent-file.ts";
import type { MovedFolder } from "./folder.ts";
import { type Layout, layouts } from "./layouts.ts";
import { left, type MovePlan, type Planned, takeFiles } from "./move-plan.ts";
import type { FoundMemories, MovedInto } from "./moved-into.ts";
import { planPermissions } from "./plan-permissions.ts";
import { planPersona, textsIn } from "./plan-persona.ts";
import { planServers } from "./plan-servers.ts";
import { planSkill } from "./plan-skill.ts";
import { schedulesIn } from "./schedules.ts";
import { settingsIn } from "./settings-text.ts";

/** What a folder of another program comes to here. Nothing is written. */
export async function planMove(program: MovedProgram, folder: MovedFolder, here: MovedInto): Promise<MovePlan> {
  const layout = layouts[program];
  const plan: MovePlan = [
    ...(await planMemories(layout, folder, here)),
    ...planAgentFiles(program, layout, folder, here),
    ...planPersona(layout.title, textsIn(folder, layout.persona), here),
    ...planSkills(layout, folder, here),
    ...planSchedules(program, layout, folder, here),
    ...planServers(layout, folder, here),
    ...planPermissions(program, layout, folder, here),
    ...layout.secrets.flatMap((place) =>
      folder
        .both(place)
        .map((at) => left("secret", at, at, "It was not read: `mh secret set` keeps what you need here")),
    ),
    ...layout.left.flatMap(({ place, why }) => folder.both(place).map((at) => left("other", at, at, why))),
  ];
  const isOfFolder = plan.some(({ kind, from, state }) => kind === "memories" && from === "." && state === "new");
  const texts = isOfFolder ? layout.memories.flatMap((each) => each.texts ?? []) : [];
  const read = texts.flatMap((each) => [...folder.files(each), ...folder.files(`*/**/${each}`)]);
  const known = new Set([...[...plan.map(({ from }) => from), ...read].map(firstName), ...placesOf(layout)]);
  const unknown = folder.entries().filter((name) => !known.has(name));
  return sorted([
    ...plan,
    ...unknown.map((name) => left("other", name, name, "Nothing here is like it, or nobody knows what it is")),
    ...folder.passedOver().map(({ place, why }) => left("other", place, place, why)),
  ]);
}

const firstName = (place: string): string => place.split("/")[0] ?? "";

/** The first name of each place that was looked at, whether something was there or not. */
const placesOf = (layout: Layout): string[] =>
  [...layout.memories.map(({ place }) => place), ...layout.persona, ...layout.skills].map(firstName);

const order = ["memories", "persona", "skill", "schedule", "server", "rule", "permission", "secret", "other"];

/** By kind; a place that a rule and a remark both name stands once. */
function sorted(plan: MovePlan): MovePlan {
  const keys = new Set<string>();
  const once = plan.filter((each) => {
    const key = JSON.stringify([each.kind, each.from, each.title]);
    return !keys.has(key) && keys.add(key);
  });
  return once.sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.from < b.from ? -1 : a.from > b.from ? 1 : 0),
  );
}

async function planMemories(layout: Layout, folder: MovedFolder, here: MovedInto): Promise<Planned[]> {
  const planned: Planned[] = [];
  for (const { place, format, having } of layout.memories) {
    if (having !== undefined && folder.files(having).length === 0) continue;
    for (const at of place === "." ? ["."] : folder.both(place).filter((each) => folder.isFolder(each))) {
      const path = at === "." ? folder.path : `${folder.path}/${at}`;
      const found = await counted(here, path, format);
      if (found instanceof Fault) planned.push(left("memories", at, at, found.message));
      if (found instanceof Fault || (found.count === 0 && found.remarks.length === 0)) continue;
      const { count, remarks } = found;
      if (count === 0) planned.push(left("memories", at, at, "No memory can be read there", remarks));
      if (count === 0) continue;
      const does = [{ skill: "import.run", args: { path, format } }];
      const notes = [
        "The program wrote them: they are kept as its words, and known ones stay as they are.",
        ...remarks,
      ];
      planned.push({
        ...{ kind: "memories", from: at, title: `${count} ${count === 1 ? "memory" : "memories"}` },
        state: "new",
        notes,
        does,
      });
    }
  }
  return planned;
}

/** How many memories a folder of texts holds and what of it is not read, or why it cannot be read. */
async function counted(here: MovedInto, path: string, format: ImportFormat): Promise<FoundMemories | Fault> {
  try {
    return await here.countMemories(path, format);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

const packagesMax = 200;

function planSkills(layout: Layout, folder: MovedFolder, here: MovedInto): Planned[] {
  const files = layout.skills.flatMap((place) => folder.files(place));
  const names = new Set<string>();
  const planned = files.slice(0, packagesMax).map((file): Planned => {
    const each = planSkill(folder, file, here);
    // The first of a name is the one that its program takes, too.
    if (each.state === "new" && names.has(each.title))
      return left("skill", each.from, each.title, "Another package there has its name");
    names.add(each.title);
    return each;
  });
  const more = files.length - packagesMax;
  return more > 0 ? [...planned, left("skill", "skills", `${more} more`, "Nobody looks through so many")] : planned;
}

function planSchedules(program: string, layout: Layout, folder: MovedFolder, here: MovedInto): Planned[] {
  return layout.schedules
    .flatMap((place) => folder.files(place))
    .flatMap((from) => {
      const settings = tried(() => settingsIn(from, folder.text(from)));
      if (settings instanceof Fault) return [left("schedule", from, "schedules", settings.message)];
      const { schedules, more } = schedulesIn(program, settings, here.timeZone);
      const rest = more > 0 ? [left("schedule", from, `${more} more`, "Nobody looks through so many")] : [];
      const planned = schedules.map(({ title, agent, wanted, why, notes }): Planned => {
        if (!agent) return left("schedule", from, title, why ?? "", notes);
        const path = `brain/agents/${agent.name}.ts`;
        const item = {
          kind: "schedule" as const,
          from,
          title: `${title}, as the agent ${agent.name}`,
          command: `mh agent allow ${agent.name}`,
        };
        return {
          ...item,
          ...fileState(here, path, agent.text),
          notes: [...notes, `It asks a model at its time: “${wanted}”`, "It rests until you allow it."],
        };
      });
      return [...planned, ...rest];
    });
}

/** Whether a file of this home is new, the same or another one, and the command that writes a new one. */
function fileState(here: MovedInto, path: string, text: string): Pick<Planned, "state" | "why" | "does"> {
  const bytes = here.read(path);
  if (bytes === undefined) return { state: "new", does: [takeFiles([{ path, bytes: utf8.encode(text) }])] };
  if (decodeUtf8(bytes) === text) return { state: "same" };
  return { state: "conflict", why: `${path} is another one here, and stays` };
}

/** As many as one import takes in, and as many names as one line of a plan tells. */
const [itemsMax, namesMax] = [1_000, 30];
const faultOf = (value: string): string | undefined => contentSchema.safeParse(value).error?.issues[0]?.message;

/** An agent that is one file: its blocks of memory, and what it reaches. */
function planAgentFiles(program: string, layout: Layout, folder: MovedFolder, here: MovedInto): Planned[] {
  let personaOf: string | undefined;
  return layout.agentFiles
    .flatMap((place) => folder.files(place))
    .flatMap((from) => {
      const settings = tried(() => settingsIn(`${from}.json`, folder.text(from)));
      if (settings instanceof Fault) return [left("memories", from, from, settings.message)];
      const { blocks, others } = parseAgentFile(settings);
      const faults = new Map(blocks.map(({ label, value }) => [label, faultOf(value)]));
      const taken = blocks.filter(({ label }) => faults.get(label) === undefined);
      const unread = [...faults].flatMap(([label, why]) =>
        why === undefined ? [] : [left("memories", from, `the block ${label}`, why)],
      );
      const items = taken.map(({ label, value }) => ({
        externalId: `${from}#${label}`,
        content: value,
        kind: "artifact",
        speaker: layout.title,
      }));
      const at = `${folder.path}/${from}`;
      const does = Array.from({ length: Math.ceil(items.length / itemsMax) }, (_, n) => ({
        skill: "memory.import",
        args: { source: program, from: at, items: items.slice(n * itemsMax, (n + 1) * itemsMax) },
      }));
      const labels = taken.map(({ label }) => label);
      const names = [...labels.slice(0, namesMax), ...(labels.length > namesMax ? ["…"] : [])].join(", ");
      const title = `${items.length} ${items.length === 1 ? "block" : "blocks"} of memory: ${names}`;
      const memories: Planned[] =
        items.length === 0 ? [] : [{ kind: "memories", from, title, state: "new", notes: [], does }];
      const who = taken.filter(({ label }) => label === "human" || label === "persona");
      const persona = planPersona(
        layout.title,
        who.map(({ label, value }) => ({ from, name: label, text: value })),
        here,
      ).map((each): Planned => {
        if (each.state !== "new") return each;
        const taken = personaOf ?? from;
        personaOf = taken;
        // There is one persona, and each of several agents says its own.
        const { does: _does, ...item } = each;
        return taken === from ? each : { ...item, state: "conflict", why: `What ${taken} says is taken` };
      });
      return [
        ...memories,
        ...unread,
        ...persona,
        ...others.map(({ kind, title, why }) => left(kind, from, title, why)),
      ];
    });
}
