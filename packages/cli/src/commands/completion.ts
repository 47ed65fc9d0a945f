import { Argument } from "@commander-js/extra-typings";
import type { CommandModule } from "../command.ts";
import { bashScript } from "../completion/bash.ts";
import { fishScript } from "../completion/fish.ts";
import { completionNodes } from "../completion/nodes.ts";
import { zshScript } from "../completion/zsh.ts";
import { describeAll } from "../describe.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
type Shell = keyof typeof scripts;

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    const { print } = context;
    parser
      .addArgument(new Argument("<shell>", "whose script to print").choices(Object.keys(scripts) as Shell[]))
      .addHelpText(
        "after",
        `
Examples:
  mh completion bash > ~/.local/share/bash-completion/completions/mh
  mh completion zsh > ~/.zfunc/_mh     (fpath+=~/.zfunc before compinit)
  mh completion fish > ~/.config/fish/completions/mh.fish`,
      )
      .action(async (shell) => {
        const script = scripts[shell](completionNodes(await describeAll(context)));
        if (print.isJson) return print.json({ shell, script });
        print.line(script.trimEnd());
      });
  },
};
