import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import {
  type CsvField,
  csvFields,
  type DateOrder,
  dateOrders,
  type ImportFormat,
  importFormats,
} from "@mh/contract/values/import-format.ts";
import { absolutePath, exists } from "@mh/host/places.ts";
import {
  actOnce,
  actUnlocked,
  type CommandModule,
  type Context,
  Exit,
  exitCodes,
  explainEnd,
  valueFrom,
} from "../command.ts";
import { tellImport, tellPreview } from "../import-report.ts";

type CsvMap = Partial<Record<CsvField, string>>;

interface Options {
  format?: ImportFormat;
  dryRun?: boolean;
  update?: boolean;
  source?: string;
  map?: CsvMap;
  dateOrder?: DateOrder;
}

export const command: CommandModule = {
  uses: ["import.run", "import.preview"],
  build(parser, context) {
    parser
      .argument("<path>", "a folder or file: notes, mail, calendars, contacts, tables, conversations")
      .addOption(
        new Option("--format <name>", "what it is, where its name and content do not tell").choices([...importFormats]),
      )
      .option("--source <name>", "the source to file it under")
      .option("--map <fields>", "a table's columns, as in content=Notes,at=Date", parseMap)
      .addOption(
        new Option("--date-order <order>", "what comes first in a table's 5/8/2024, where it does not tell").choices([
          ...dateOrders,
        ]),
      )
      .option("--update", "take in changed texts as new revisions")
      .option("--dry-run", "say what would be taken in; write nothing")
      .addHelpText("after", help)
      .action((path, options) => importAll(context, path, options));
  },
};

const help = `
Reads a folder of anything, each file by its kind, and says what it left alone:
  markdown, org, text, html, canvas   notes (Obsidian, Logseq), or one note
  pdf, docx, odt   documents: a PDF page by page (a scan has no text), the others by headings
  mbox, maildir, eml   mail: a file or a folder of them, a Maildir with its folders
  ics, vcard    calendars and contacts
  csv           tables; columns are found by name, or by --map (fields: ${csvFields.join(", ")})
  chatgpt, claude   the export: the zip, its folder, or conversations.json
  openclaw, hermes, silverbullet   an assistant's home, a space
  ndjson        lines: {"id"?, "content", "at"?, "source"?, "session"?, "speaker"?, "tags"?}

Importing twice is the same as once: after Ctrl-C or a crash, run it again and it goes on.

Example:
  mh import ~/notes --dry-run`;

async function importAll(context: Context, typed: string, options: Options): Promise<void> {
  const { print } = context;
  // What a script's unset variable leaves would be the whole folder it runs in.
  if (typed.trim() === "") throw new Fault("usage", "Import what? Give a file or a folder, as in `mh import ~/notes`.");
  const { dateOrder, dryRun, format, map, source, update } = options;
  // Nobody's home is made for a path that was mistyped.
  if (!exists(typed)) {
    const message = `There is no ${typed}. Give a file or a folder; --help lists what can be read.`;
    throw new Fault("import.unreadable", message);
  }
  const args = {
    path: absolutePath(typed),
    ...(format && { format }),
    ...(map && { map }),
    ...(dateOrder && { dateOrder }),
  };
  if (dryRun) {
    return tellPreview(
      print,
      await actOnce(context, "import.preview", args, { make: true, isLong: true, doing: "Reading" }),
    );
  }
  await using client = await context.connect({ make: true, isLong: true });
  const more = { ...(source !== undefined && { source }), ...(update && { update }) };
  const outcome = await actUnlocked(
    context,
    client,
    "import.run",
    { ...args, ...more },
    {
      doing: "Importing",
      onProgress: (progress) => print.isJson && print.json({ progress }),
    },
  );
  if (outcome.status === "interrupted") {
    const code = explainEnd(print, outcome);
    print.note("Run the same command again, and it goes on where it stopped.");
    throw new Exit(code);
  }
  const value = valueFrom(context, outcome);
  tellImport(print, value);
  const { added, updated, duplicate, inventory } = value;
  const isKnown = inventory.some(({ fate }) => fate === "unchanged");
  if (added + updated + duplicate === 0 && !isKnown) process.exitCode = exitCodes.failed;
}

/** "content=Notes,at=Date". */
function parseMap(text: string): CsvMap {
  const map: CsvMap = {};
  for (const pair of text.split(",")) {
    const [name = "", ...column] = pair.split("=");
    const field = csvFields.find((each) => each === name.trim());
    if (field === undefined || column.length === 0)
      throw new InvalidArgumentError(`"${pair}" is not like content=Notes; the fields are ${csvFields.join(", ")}.`);
    map[field] = column.join("=").trim();
  }
  return map;
}
