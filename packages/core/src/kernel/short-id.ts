import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import { idLike, shortIdCharsMin } from "../model/short-id.ts";
import type { Database } from "../ports/database.ts";

/** Where things of one kind are found by their ids, and how a fault speaks of them. */
export interface Named {
  /** A table, or a subquery in parentheses. */
  from: string;
  column: string;
  code: FaultCode;
  one: string;
  many: string;
  /** The command that shows them. */
  list: string;
}

/** The id of the one thing whose id is `text`, begins with it or ends with it. Throws `code` where none or several do. */
export function idNamed(db: Database, { from, column, code, one, many, list }: Named, text: string): string {
  if (db.prepare(`SELECT 1 FROM ${from} WHERE ${column} = ?`).get(text)) return text;
  const sql = `SELECT ${column} AS id FROM ${from} WHERE ${idLike(column, text)} LIMIT 2`;
  const isLongEnough = text.length >= shortIdCharsMin;
  const [found, another] = isLongEnough ? (db.prepare(sql).all({ text }) as { id: string }[]) : [];
  if (found && !another) return found.id;
  const why = another
    ? `${text} fits several ${many}; give more of it.`
    : `There is no ${one} ${text}${isLongEnough ? "." : `: of an id, give ${shortIdCharsMin} characters or more.`}`;
  throw new Fault(code, `${why} \`${list}\` shows them.`);
}
