import type { ArgsOf } from "@mh/contract/contract.ts";
import {
  modelList,
  modelLook,
  modelPull,
  modelRemove,
  modelSave,
  modelTest,
  modelUse,
  promptRead,
} from "@mh/contract/models.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Document, isMap, isSeq } from "yaml";
import { type DocumentKind, documentText, writeDocument } from "../documents/document.ts";
import { type CommandContext, defineAdmin, defineOutside, defineQuery, type OutsideContext } from "../kernel/skill.ts";
import { memorySettings } from "../memory/settings.ts";
import { settingsPath } from "../settings/settings.ts";
import type { SettingsForm } from "../settings/settings-form.ts";
import { askOne, type ModelDeps } from "./ask-one.ts";
import { Bill } from "./bill.ts";
import { namedIn, viewsOf } from "./choose.ts";
import { type Asking, reservedFor } from "./cost.ts";
import { embeddedBy } from "./embed.ts";
import { classifyFor } from "./generate.ts";
import {
  type Candidate,
  candidateOf,
  hostOf,
  hostsOf,
  isElsewhere,
  modelSettings,
  reachOf,
  usualUrl,
} from "./settings.ts";

export interface ModelSkillDeps extends ModelDeps {
  /** A prompt by its name. */
  prompt: (name: string) => string;
  /** Writes a candidate down, as a command of its own that this one caused. */
  save: (args: ArgsOf<typeof modelSave>, context: CommandContext) => Promise<void>;
}

export function listModelsSkill() {
  return defineQuery(modelList, {
    run: (_args, { config }) => ({ models: viewsOf(config), cloud: modelSettings.of(config).cloud }),
  });
}

/** Prompts are files, and an agent has no disk. */
export function readPromptSkill({ prompt }: Pick<ModelSkillDeps, "prompt">) {
  return defineQuery(promptRead, { run: ({ name }) => ({ text: prompt(name) }) });
}

/** One word is asked for. */
const trialOf = (prompt: ModelSkillDeps["prompt"]): Asking => ({
  messages: [{ role: "user", text: prompt("try-model") }],
  tokensMax: 200,
});

export function testModelSkill(deps: ModelSkillDeps) {
  return defineOutside(modelTest, {
    stored: "kept",
    classify: ({ name }, config) => classifyFor([namedIn(config, name)], trialOf(deps.prompt)),
    async run({ name }, context) {
      const candidate = namedIn(context.config, name);
      const { text, tokens } = await tryOut(deps, candidate, context);
      return { name, model: candidate.model, text, tokens };
    },
  });
}

/** Tries a candidate before it is saved: nothing is written where it does not answer. */
export function useModelSkill(deps: ModelSkillDeps) {
  return defineOutside(modelUse, {
    stored: "kept",
    classify({ cloud: _cloud, ...given }) {
      const candidate = checked(given);
      const reserved = reservedFor([candidate], trialOf(deps.prompt));
      return { effect: "admin", risk: "medium", scope: { hosts: hostsOf(candidate) }, ...reserved };
    },
    async run(args, context) {
      const { cloud, ...given } = args;
      const candidate = checked(given);
      if (isElsewhere(candidate) && !cloud && !modelSettings.of(context.config).cloud)
        throw new Fault(
          "args.invalid",
          `${candidate.name} is on ${hostsOf(candidate).at(-1)}, not on this machine. With \`--cloud\` you say that your words may leave.`,
        );
      const { text, tokens } = await tryOut(deps, candidate, context);
      await deps.save({ ...given, cloud: cloud && isElsewhere(candidate) }, context);
      const { name, model } = candidate;
      return { name, model, reach: reachOf(candidate), text, tokens };
    },
  });
}

type Given = Omit<ArgsOf<typeof modelSave>, "cloud">;

/** Throws `args.invalid` with what is missing. */
function checked(given: Given): Candidate {
  try {
    return candidateOf(given);
  } catch (cause) {
    const [issue] = (cause as { issues?: { message: string }[] }).issues ?? [];
    throw new Fault("args.invalid", `${given.name} cannot be used: ${issue?.message ?? cause}.`, { cause });
  }
}

async function tryOut(
  { prompt, ...asking }: ModelSkillDeps,
  candidate: Candidate,
  context: OutsideContext,
): Promise<{ text: string; tokens: number }> {
  if (candidate.embeds) {
    const { dimension, tokens } = await embeddedBy(asking.serverOf, candidate, [prompt("try-model")], context).catch(
      (fault) => {
        throw fault instanceof Fault ? withNextStep(fault, candidate) : fault;
      },
    );
    return { text: `a vector of ${dimension} parts`, tokens };
  }
  const request = trialOf(prompt);
  const bill = new Bill(request, context.note);
  const { text, written, tokens, end } = await askOne({ ...asking, bill }, candidate, request, context);
  if (end === "cancelled") throw new Fault("model.failed", `${candidate.name} was not waited for.`);
  if ("fault" in end) throw withNextStep(end.fault, candidate);
  if (written.trim() === "") throw new Fault("model.failed", `${candidate.model} answered with nothing.`);
  return { text: text.trim().slice(0, 500), tokens: tokens.input + tokens.output };
}

/** Of a server that was not reached, what to do about it. */
function withNextStep(fault: Fault, { kind, url }: Candidate): Fault {
  if (fault.code !== "http.failed") return fault;
  const next = kind === "ollama" ? "`mh ollama doctor` says what is amiss." : `Does its server run at ${url}?`;
  return new Fault(fault.code, `${fault.message} ${next}`, { cause: fault });
}

export function saveModelSkill(deps: { kinds: readonly DocumentKind[]; form: SettingsForm; changed: () => void }) {
  return defineAdmin(modelSave, {
    stored: "kept",
    apply({ cloud, ...given }, { tx, commandId }) {
      checked(given);
      const before = documentText(tx, settingsPath);
      const text = deps.form.change(before, (document) => {
        putFirst(document, given);
        if (given.embeds) document.setIn(["memory", "embedder"], given.name);
        if (cloud) document.setIn(["models", "cloud"], true);
      });
      if (text !== before) writeDocument(tx, deps.kinds, commandId, settingsPath, text);
      tx.afterCommit(deps.changed);
      return { name: given.name };
    },
  });
}

/** Takes a model out. What it made of memories goes when its vectors are no longer used. */
export function removeModelSkill(deps: { kinds: readonly DocumentKind[]; form: SettingsForm; changed: () => void }) {
  return defineAdmin(modelRemove, {
    stored: "kept",
    apply({ name }, { tx, commandId, config }) {
      const before = documentText(tx, settingsPath);
      let isThere = false;
      const text = deps.form.change(before, (document) => {
        const list = document.getIn(["models", "use"]);
        if (!isSeq(list)) return;
        const rest = list.items.filter((each) => !(isMap(each) && each.get("name") === name));
        isThere = rest.length < list.items.length;
        list.items = rest;
      });
      if (!isThere)
        throw new Fault(
          "model.not-found",
          `The settings name no model ${name}. \`mh model list\` shows which there are.`,
        );
      writeDocument(tx, deps.kinds, commandId, settingsPath, text);
      tx.afterCommit(deps.changed);
      return { name, wasEmbedder: memorySettings.of(config).embedder === name };
    },
  });
}

/** One that is there under the name gives way; comments on the others stay. */
function putFirst(document: Document, given: Given): void {
  const list = document.getIn(["models", "use"]);
  const node = document.createNode(given);
  if (!isSeq(list)) return document.setIn(["models", "use"], document.createNode([given]));
  list.items = [node, ...list.items.filter((each) => !(isMap(each) && each.get("name") === given.name))];
}

export function lookModelsSkill({ serverOf }: ModelDeps) {
  return defineOutside(modelLook, {
    stored: "once",
    classify: (args) => ({ effect: "admin", risk: "medium", scope: { hosts: [hostOf(placeOf(args))] } }),
    async run(args, { signal }) {
      const place = placeOf(args);
      const { secret } = args;
      const server = await serverOf({ ...asked, ...place, kind: args.kind, ...(secret !== undefined && { secret }) });
      const models = await server.list(signal);
      const about = await Promise.all(
        (args.about ?? []).map(async (name) => ({ name, ...(await server.describe?.(name, signal)) })),
      );
      const version = await server.version?.(signal);
      return { url: place.url, models, about, ...(version !== undefined && { version }) };
    },
  });
}

export function pullModelSkill({ serverOf }: ModelDeps) {
  return defineOutside(modelPull, {
    stored: "kept",
    classify: ({ url }) => ({
      ...{ effect: "admin", risk: "medium", scope: { hosts: [hostOf(placeOf({ kind: "ollama", url }))] } },
    }),
    async run({ model, url }, { signal, progress }) {
      const server = await serverOf({ ...asked, ...placeOf({ kind: "ollama", url }), kind: "ollama" });
      let bytes = 0;
      await server.pull?.(model, signal, ({ status, doneBytes, totalBytes }) => {
        bytes = Math.max(bytes, totalBytes ?? 0);
        progress({ done: doneBytes, total: totalBytes, unit: "bytes", note: status.slice(0, 200) });
      });
      return { model, bytes };
    },
  });
}

/** A server is asked for what no model answers. */
const asked = { name: "asked", model: "-", contextTokens: 8_192, embeds: false };

function placeOf({ kind, url }: Pick<ArgsOf<typeof modelLook>, "kind" | "url">): { url: string } {
  const place = url ?? usualUrl(kind);
  if (place === undefined)
    throw new Fault("args.invalid", "Nobody knows where its server is. Say it: `--url http://localhost:8000/v1`.");
  return { url: place };
}
