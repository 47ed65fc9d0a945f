import type { Context } from "./command.ts";

/** Opens the daemon's page, or shows its address with the token. `more`: what else stands behind the `#`. */
export async function openDaemonPage(
  { print, root, environment }: Context,
  isShown: boolean,
  more = "",
): Promise<void> {
  const { daemonPage, openInBrowser } = await import("@mh/host/daemon/open-page.ts");
  const page = `${daemonPage(root, environment)}${more}`;
  if (!isShown) await openInBrowser(page, environment);
  if (print.isJson) return print.json(isShown ? { page } : { opened: true });
  print.line(isShown ? page : "Opened in your browser.");
}
