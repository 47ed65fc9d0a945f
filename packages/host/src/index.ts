// What another program may use of the host. Everything else of the package is its own.
import { Daemon, type DaemonOptions } from "./daemon/daemon.ts";

export type { ActOptions, Client } from "@mh/contract/client.ts";
export { type ConnectOptions, connectHome, type HomeClient } from "./connect/connect-home.ts";
export type { Daemon, DaemonOptions, DaemonReport } from "./daemon/daemon.ts";
export type { Host } from "./home/host.ts";
export { type OpenOptions, openHome } from "./home/open-home.ts";
export { type HttpOptions, type HttpService, serveHttp } from "./serve/http/serve-http.ts";

/**
 * Holds a home for as long as this process wants: its socket, HTTP, and agents by their schedules. Throws
 * `daemon.refused` where one runs already, `home.busy` where another process holds the home.
 */
export const startDaemon = (root: string, options: DaemonOptions = {}): Promise<Daemon> => Daemon.start(root, options);
