import { Argument } from "@commander-js/extra-typings";
import { type TrustLevel, trustLevels } from "@mh/contract/values/effect.ts";
import { visible } from "@mh/core/model/visible.ts";
import { actOnce, type CommandModule } from "../command.ts";
import { table } from "../print.ts";

export const command: CommandModule = {
  uses: ["trust.list", "trust.set"],
  build(parser, context) {
    const { print } = context;
    parser
      .argument("[principal]", "agent:NAME, client:NAME, mcp:NAME, module:NAME, peer:NAME or skill:NAME")
      .addArgument(new Argument("[level]", "how far").choices(trustLevels))
      .addHelpText("after", "\nExamples:\n  mh trust\n  mh trust agent:organizer supervised_auto")
      .action(async (principal, level: TrustLevel | undefined) => {
        if (principal && level) {
          const value = await actOnce(context, "trust.set", { principal, level });
          if (print.isJson) return print.json(value);
          return print.line(`${value.principal} is now ${value.level}.`);
        }
        const { levels } = await actOnce(context, "trust.list", principal ? { principal } : {});
        if (print.isJson) return print.json({ levels });
        if (levels.length === 0) return print.line("Nobody has acted here but you. New agents start at suggest.");
        print.line(
          table(
            levels.map((row) => [visible(row.principal), row.level]),
            print.width,
          ),
        );
      });
  },
};
