import { parkedSchema } from "@mh/contract/values/approval.ts";
import { isReading } from "@mh/contract/values/effect.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { approvalOf } from "../kernel/state.ts";
import { canonical } from "../model/canonical.ts";
import type { Database } from "../ports/database.ts";
import { type ActRow, statusOf, unheardActs } from "./chats-table.ts";
import { cutAnswer } from "./context.ts";

export interface NewsDeps {
  reader: Database;
  readObject: (name: string) => string | undefined;
  /** How a command ended, by its id alone. */
  wait: (id: string) => Promise<Outcome | undefined>;
}

/** One act of a chat's that ended after its last answer, in words for the model. */
export interface News {
  command: string;
  skill: string;
  /** What it gave, where it was done. */
  gave?: unknown;
  text: string;
}

/**
 * What the log knows and no answer of the chat does: what an attempt that was cut off had done, and what became of requests since.
 * A turn shows it to the model, so that it neither does it again nor goes on as if it were still to come. What `turn` did itself
 * the model knows.
 */
export async function newsOf({ reader, readObject, wait }: NewsDeps, chat: string, turn?: string): Promise<News[]> {
  const rows = unheardActs(reader, chat).filter((row) => row.turn !== turn && isNews(reader, row));
  return Promise.all(
    rows.map(async (row) => {
      const status = statusOf(reader, row);
      const gave = status === "done" ? await wait(row.id) : undefined;
      const value = gave?.status === "done" ? `, and gave ${cutAnswer(canonical(gave.value))}` : "";
      const told = { command: row.id, skill: row.skill, ...(gave?.status === "done" && { gave: gave.value }) };
      return { ...told, text: `${row.skill}${argsOf(reader, readObject, row.id)}: ${status}${value}` };
    }),
  );
}

/** What only read is read again, unless the owner was asked for it. */
function isNews(db: Database, row: ActRow): boolean {
  const status = statusOf(db, row);
  if (status === "begun" || status === "waiting") return false;
  if (approvalOf(db, row.id)) return true;
  return (status === "done" || status === "interrupted") && !isReading(row.effect);
}

/** Its arguments, where a request holds them. */
function argsOf(db: Database, readObject: NewsDeps["readObject"], id: string): string {
  const object = approvalOf(db, id)?.object;
  const text = object ? readObject(object) : undefined;
  return text === undefined ? "" : ` ${cutAnswer(canonical(parkedSchema().parse(JSON.parse(text)).args))}`;
}

export const newsText = (news: readonly News[]): string =>
  `By the log, and not yet in an answer:\n${news.map(({ text }) => `- ${text}`).join("\n")}`;
