import { confirm, isCancel, password, select, text } from "@clack/prompts";

/** Undefined where the person pressed Ctrl-C. */
export async function askYesNo(message: string): Promise<boolean | undefined> {
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  return isCancel(answer) ? undefined : answer;
}

export async function askText(message: string, initialValue: string): Promise<string | undefined> {
  const answer = await text({ message, initialValue, output: process.stderr });
  return isCancel(answer) ? undefined : answer;
}

/** Nothing of what is typed is shown. */
export async function askHidden(message: string): Promise<string | undefined> {
  const answer = await password({ message, mask: "", output: process.stderr });
  return isCancel(answer) ? undefined : answer;
}

export async function askChoice<T extends string>(
  message: string,
  options: { value: T; label: string }[],
): Promise<T | undefined> {
  const answer = await select<string>({ message, options, output: process.stderr });
  return isCancel(answer) ? undefined : (answer as T);
}
