// Holds a home for bench/start-up.ts until it is told to end.
import { LocalClient } from "@mh/host/local-client.ts";

const [home] = process.argv.slice(2);
if (home !== undefined) {
  const client = await LocalClient.open(home);
  console.log("held");
  process.once("SIGTERM", async () => {
    await client?.[Symbol.asyncDispose]();
    process.exit();
  });
}
