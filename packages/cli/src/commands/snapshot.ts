import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context, exitCodes } from "../command.ts";
import { counted } from "../numbers.ts";
import { table, wrap } from "../print.ts";

export const command: CommandModule = {
  uses: ["snapshot.create", "snapshot.list", "snapshot.preview", "snapshot.restore"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText("after", "\nExamples:\n  mh snapshot create before-import\n  mh snapshot restore NAME");
    parser
      .command("list", { isDefault: true })
      .description("The snapshots there are.")
      .addHelpText("after", "\nExample:\n  mh snapshot list")
      .action(async () => {
        const value = await actOnce(context, "snapshot.list", {});
        if (print.isJson) return print.json(value);
        if (value.snapshots.length === 0) return print.line("No snapshots. `mh snapshot create` takes one.");
        const rows = value.snapshots.map(({ name, bytes }) => [visible(name), `${Math.ceil(bytes / 1024)} KB`]);
        print.line(table(rows, print.width));
      });
    parser
      .command("create [name]")
      .description("Copy every memory, task and persona file as they are now.")
      .addHelpText("after", "\nExample:\n  mh snapshot create before-import")
      .action(async (name: string | undefined) => {
        const value = await actOnce(context, "snapshot.create", name ? { name } : {});
        if (print.isJson) return print.json(value);
        const what = `${counted(value.memories, "memory", "memories")} and ${counted(value.documents, "file")}`;
        print.line(wrap(`Snapshot ${visible(value.name)}: ${what}, in ${value.path}.`, print.width));
      });
    parser
      .command("restore <name>")
      .description("Make everything in a snapshot as it was then. What came since stays; what was forgotten stays so.")
      .option("--preview", "say what it would do, and whether the snapshot is as it was written; change nothing")
      .addHelpText("after", "\nExample:\n  mh snapshot restore 2026-11-21T010745Z --preview")
      .action(async (name: string, { preview: isPreview }: { preview?: boolean }) => {
        if (isPreview) return preview(context, name);
        const value = await actOnce(context, "snapshot.restore", { name });
        if (print.isJson) return print.json(value);
        const { brought, reverted, documents, same, forgotten } = value;
        print.line(
          `${brought} brought back, ${reverted} as they were, ${counted(documents, "file")} as they were, ${same} the same.`,
        );
        if (forgotten > 0) print.line(`${forgotten} stay forgotten.`);
        print.note("mh undo takes the restore back.");
      });
  },
};

const shownMax = 20;
const many = (count: number): string => counted(count, "memory", "memories");

async function preview(context: Context, name: string): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "snapshot.preview", { name });
  if (print.isJson) return print.json(value);
  const { brought, reverted, documents, same, forgotten, state, damage } = value;
  print.line(
    `Would bring ${many(brought)} back, and make ${many(reverted)} and ${counted(documents, "file")} as they were; ${same} the same.`,
  );
  if (forgotten > 0) print.line(`${forgotten} would stay forgotten.`);
  if (state === "unsealed")
    print.note("It was taken before snapshots had a seal: whether it was changed cannot be told.");
  if (state !== "damaged") return;
  print.line("It is not as it was written, so that a restore is refused.");
  for (const { line, about } of damage.slice(0, shownMax))
    print.line(`  line ${line}: ${about === null ? "cannot be read" : `${visible(about)} says what no command wrote`}`);
  if (damage.length > shownMax) print.line(`  and ${damage.length - shownMax} more`);
  if (damage.length === 0) print.line("  Lines are missing, or in another order.");
  process.exitCode = exitCodes.failed;
}
