/**
 * What a worker's error says, on one line. A syntax error says first where: `/skill/run.ts:12`, or `:12` in a file that came over
 * the channel; then the code, then what is wrong.
 */
export function errorLine(message: string): string {
  const lines = message.split("\n");
  const [, file = "", at] = /^(?:\/skill\/)?(.*):(\d+)$/.exec(lines[0] ?? "") ?? [];
  const error = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0] ?? "";
  return at ? `${file && `${file}, `}line ${at}: ${error.replace(/ \[\w+\]/, "")}` : error;
}
