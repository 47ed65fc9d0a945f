import type { Command } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, actUnlocked, type Context, valueFrom } from "../command.ts";
import { consent } from "../consent.ts";
import { each } from "../options.ts";
import { wrap } from "../print.ts";

interface LoginOptions {
  yes?: boolean;
  issuer?: string;
  also?: string[];
}

export function addLoginCommands(parser: Command, context: Context): void {
  parser
    .command("login <server>")
    .description("Sign in to a server at an address, in your browser. Its tokens are kept as secrets.")
    .option("--issuer <url>", "the authorization server, where it names several")
    .option("--also <origin>", "another address that it is spoken with at; may be given again", each)
    .option("--yes", "do not show where you sign in and ask")
    .addHelpText("after", "\nExample:\n  mh mcp login wiki")
    .action((server, options) => login(context, server, options));
  parser
    .command("logout <server>")
    .description("Sign out of a server: its tokens are taken back, where it can, and forgotten.")
    .addHelpText("after", "\nExample:\n  mh mcp logout wiki")
    .action(async (server) => {
      const { print } = context;
      const value = await actOnce(context, "mcp.sign-out", { server });
      if (print.isJson) return print.json(value);
      const taken = {
        yes: "were taken back and are forgotten",
        "not offered": "are forgotten here; its authorization server takes none back",
        failed: "are forgotten here; its authorization server could not be asked to take them back",
      }[value.revoked];
      print.line(wrap(`You are signed out of ${visible(server)}: its tokens ${taken}.`, print.width));
    });
}

/** Of a server that goes: its tokens, where there are any. */
export async function forgetSignIn(context: Context, server: string): Promise<void> {
  const { names } = await actOnce(context, "secret.list", {});
  if (names?.includes(`mcp-login.${server}.sign-in`)) await actOnce(context, "mcp.sign-out", { server });
}

async function login(context: Context, server: string, options: LoginOptions): Promise<void> {
  const { print } = context;
  // The browser comes back to the process that began it: one connection for all of it.
  await using client = await context.connect();
  const { issuers, resource } = valueFrom(context, await actUnlocked(context, client, "mcp.discover", { server }));
  const issuer = oneOf(server, issuers, options.issuer);
  const later = `mh mcp login ${server} --issuer ${issuer} --yes`;
  const isDecided = options.yes ?? false;
  await consent(context, {
    tell: () =>
      print.line(
        wrap(
          `${visible(server)} lets you in by ${visible(issuer)}, for ${visible(resource)}. What it gives goes there and nowhere else.`,
          print.width,
        ),
      ),
    ...{ question: `Sign in by ${visible(new URL(issuer).host)}?`, later, isDecided },
  });
  const { origins, scopes } = valueFrom(
    context,
    await actUnlocked(context, client, "mcp.discover", { server, issuer }),
  );
  const others = origins.filter((origin) => origin !== new URL(issuer).origin);
  if (others.length > 0)
    await consent(context, {
      tell: () => print.line(wrap(`It is spoken with at ${visible(others.join(" and "))}, too.`, print.width)),
      question: "Go on?",
      later: [later, ...others.map((origin) => `--also ${origin}`)].join(" "),
      // Not by what was said before it was shown.
      isDecided: isDecided && others.every((origin) => options.also?.includes(origin)),
    });
  const begun = await actUnlocked(context, client, "mcp.sign-in", { server, issuer, origins });
  const { stage, url } = valueFrom(context, begun);
  if (scopes.length > 0) print.note(visible(`It asks for: ${scopes.join(", ")}.`));
  print.note("Open this in the browser of this machine, within ten minutes:");
  // A note of its own line, never wrapped: it is to be copied.
  print.note(visible(url));
  const done = valueFrom(context, await actUnlocked(context, client, "mcp.signed-in", { stage }));
  if (print.isJson) return print.json(done);
  print.line(
    wrap(
      `You are signed in to ${visible(server)}. \`mh mcp allow ${visible(server)}\` asks it what it offers.`,
      print.width,
    ),
  );
}

function oneOf(server: string, issuers: readonly string[], wanted: string | undefined): string {
  const [only, another] = issuers;
  if (wanted !== undefined && issuers.includes(wanted)) return wanted;
  if (wanted === undefined && only !== undefined && another === undefined) return only;
  throw new Fault("usage", `${visible(server)} names ${visible(issuers.join(", "))}: say which with --issuer.`);
}
