import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { shellWord } from "../model/shell-word.ts";

/** The file that a rule of the owner stands or stood in; undefined for any other rule. */
export const fileOf = (id: string): string | undefined => /^(.*?\.cedar)#/s.exec(id)?.[1];

/** Whether a rule came from a file of `persona/policy`. */
export const isOfFile = ({ id }: Pick<PolicyRule, "id">, file: string): boolean => fileOf(id) === file;

/** What takes a file of rules out of force. */
export const disableCommand = (file: string): string =>
  `mh policy disable ${file.startsWith("-") ? "-- " : ""}${shellWord(file)}`;
