// Conversations to measure search with: the fixture may be measured with but not copied, so it lies beside the project.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MemoryRecord } from "../../packages/contract/src/values/memory.ts";

type Turn = { id: string; speaker: string; text: string };
export type Conversation = {
  id: string;
  sessions: { session: number; date_time: string; turns: Turn[] }[];
  questions: { question: string; evidence: string[]; category: number }[];
};
/** `evidence` are external ids of memories that answer. */
export type Question = { conversation: string; text: string; evidence: string[]; category: number };

export const conversationsFile = join(import.meta.dirname, "../../../shared/fixtures/locomo-dev.json");

/** Undefined where they are not there, as in a user's clone. */
export function readConversations(): Conversation[] | undefined {
  if (!existsSync(conversationsFile)) return undefined;
  return (JSON.parse(readFileSync(conversationsFile, "utf8")) as { conversations: Conversation[] }).conversations;
}

export function recordsOf({ id, sessions }: Conversation): MemoryRecord[] {
  return sessions.flatMap(({ session, date_time, turns }) =>
    turns.map((turn, order): MemoryRecord => {
      const at = new Date(dateOf(date_time) + order * 1_000).toISOString();
      return {
        v: 1,
        id: `${id}/${turn.id}`,
        rev: 1,
        op: "put",
        cmd: "bench",
        kind: "episodic",
        at,
        recordedAt: at,
        eventAt: [],
        content: turn.text,
        tags: [],
        entities: [],
        session: `${id}/${session}`,
        speaker: turn.speaker,
        source: "locomo",
        externalId: `${id}/${turn.id}`,
        origins: [],
        links: [],
        count: 1,
      };
    }),
  );
}

/** "1:56 pm on 8 May, 2023" */
function dateOf(text: string): number {
  const [time = "", day = ""] = text.split(" on ");
  return Date.parse(`${day.replace(",", "")} ${time} UTC`);
}

export function answerable(
  conversation: string,
  { question, evidence, category }: Conversation["questions"][number],
): Question[] {
  const turns = evidence.flatMap((text) => text.match(/D\d+:\d+/g) ?? []).map((turn) => `${conversation}/${turn}`);
  return category > 4 || turns.length === 0
    ? []
    : [{ conversation, text: question, evidence: [...new Set(turns)], category }];
}
