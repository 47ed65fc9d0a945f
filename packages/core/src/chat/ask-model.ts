import type { Principal } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Config } from "../model/config.ts";
import { shortId } from "../model/short-id.ts";
import { chosenFor, furtherThan } from "../models/choose.ts";
import { type Candidate, hostsOf, isElsewhere } from "../models/settings.ts";
import type { CallIds } from "./call-id.ts";
import { chatPrincipal } from "./chats-table.ts";

export interface AskParts {
  /** Begins a command in the chat's task, caused by the turn, and waits for its end; `onText` hears what was written so far. */
  act: (command: Command, onText: (text: string) => void) => Promise<Outcome>;
  ids: CallIds;
  config: Config;
  /** Who said something. */
  asker: Principal;
  onText: (text: string) => void;
}

/**
 * Asks the models of the settings, in their order. One on this machine is asked as the owner who talks. One elsewhere would be
 * sent what the chat has read: it is asked as the chat, which needs a grant that names its host, or the owner's approval of
 * just these words. Where one fails before its first word the next is asked, as a command of its own.
 */
export async function askModels(parts: AskParts, args: object): Promise<Outcome> {
  const { config } = parts;
  const chosen = chosenFor(config, undefined);
  let hasWritten = false;
  const onText = (text: string) => {
    hasWritten ||= text !== "";
    parts.onText(text);
  };
  let outcome = await askOne({ ...parts, onText }, args, chosen[0]);
  for (const next of furtherThan(config, chosen)) {
    if (hasWritten || !hasNoAnswer(outcome)) break;
    outcome = await askOne({ ...parts, onText }, { ...args, model: next.name }, next);
  }
  return outcome;
}

/** What waits for the owner's approval, in words for the owner; undefined where nothing does. */
export function waitsToLeave(outcome: Outcome, config: Config): string | undefined {
  if (outcome.status !== "parked") return undefined;
  const chosen = chosenFor(config, undefined);
  const leaving = [...chosen, ...furtherThan(config, chosen)].filter(isElsewhere);
  const hosts = [...new Set(leaving.flatMap(hostsOf))];
  const grant = `mh grant give ${chatPrincipal} llm.generate${hosts.map((host) => ` --host ${host}`).join("")}`;
  return [
    "No model on this machine answers. One elsewhere is next: what you said here, and what was read for it, would leave this machine.",
    `That waits for your approval: \`mh approvals show ${shortId(outcome.approval)}\`. \`${grant}\` lets the chat ask there always.`,
  ].join(" ");
}

async function askOne({ act, ids, asker, onText }: AskParts, args: object, model: Candidate | undefined) {
  const skill = "llm.generate";
  if (!model || !isElsewhere(model)) return act({ principal: asker, skill, args }, onText);
  // What was approved meanwhile has its answer in the log; what ran by a grant has none there, and is asked anew.
  const { id } = ids.next(skill, args);
  const outcome = await act({ id, principal: chatPrincipal, skill, args }, onText);
  return outcome.status === "repeated" ? act({ principal: chatPrincipal, skill, args }, onText) : outcome;
}

/** No model was reached: one that takes no tools was. */
const hasNoAnswer = (outcome: Outcome): boolean =>
  outcome.status === "failed" && outcome.fault.code === "model.failed" && !takesNoTools(outcome);

/** As servers say that a model cannot call tools. */
export const takesNoTools = (outcome: Outcome): boolean =>
  outcome.status === "failed" &&
  /\bnot support (?:\w+ )?tool|tool\w* (?:is|are) not supported/i.test(outcome.fault.message);
