import * as fs from "node:fs";
import * as path from "node:path";

/** Files below a folder that hold a text, as it is, in base64 or in hex. */
export function filesWith(folder: string, text: string): string[] {
  const bytes = Buffer.from(text);
  const forms = [bytes, Buffer.from(bytes.toString("base64").replace(/=+$/, "")), Buffer.from(bytes.toString("hex"))];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => {
      const content = fs.readFileSync(file);
      return forms.some((form) => content.includes(form));
    });
}
