import * as fs from "node:fs";

/**
 * What a process says when it falls, and its warnings before that, without secrets: where nobody looks, standard error is
 * a file that is kept.
 */
export function keepSecretsFromStandardError(redact: (text: string) => string): void {
  const tell = (text: string) => {
    try {
      fs.writeSync(2, `${redact(text)}\n`);
    } catch {
      // Nobody reads it: there is nobody left to tell.
    }
  };
  process.removeAllListeners("warning");
  process.on("warning", (warning) => tell(warning.stack ?? `${warning}`));
  process.on("uncaughtException", (error) => {
    tell(`${new Date().toISOString()} ${error.stack ?? error}`);
    process.exit(1);
  });
}
