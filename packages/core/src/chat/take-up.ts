import { type ChatMessage, chatShow } from "@mh/contract/chat.ts";
import type { Task } from "@mh/contract/wire/command.ts";
import type { DelegationsPort } from "../kernel/delegations-port.ts";
import type { News } from "./news.ts";

/**
 * What a planner is shown of earlier answers, and of what the log knows, counts as read in the chat's task. What a task read is
 * known to the process that read it alone, and a fork is a task of its own: without this, others' words in an answer would
 * be nobody's after a restart or in a fork.
 */
export function takeUpAnswers(traces: DelegationsPort, task: Task, messages: readonly ChatMessage[]): void {
  const known = stepsOf(traces, task);
  for (const message of messages) {
    const read = message.acts
      .filter(({ status }) => status === "done")
      .map(({ skill, command }) => `${skill} ${command}`);
    const isPlain = read.length === 0 && message.cited.length === 0;
    const isKnown = read.length > 0 && read.every((step) => known.has(step));
    if (message.by === "owner" || isPlain || isKnown || known.has(`${chatShow.name} ${message.id}`)) continue;
    traces.give(task, { skill: chatShow.name, id: message.id }, { messages: [message] });
  }
}

/** By the form of the chat's own answers: the skill that gave it may be gone by now. */
export function takeUpNews(traces: DelegationsPort, task: Task, news: readonly News[]): void {
  const known = stepsOf(traces, task);
  for (const { command, skill, gave } of news) {
    if (gave === undefined || known.has(`${skill} ${command}`) || known.has(`${chatShow.name} ${command}`)) continue;
    traces.give(task, { skill: chatShow.name, id: command }, gave);
  }
}

const stepsOf = (traces: DelegationsPort, task: Task): ReadonlySet<string> =>
  new Set(traces.soFar(task.id).steps.map(({ step }) => step.id));
