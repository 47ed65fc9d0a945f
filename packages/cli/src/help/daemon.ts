export const text = `The daemon

While it runs, agents run by their schedules, commands answer sooner, and your
other devices and programs can ask. Without it mh works just as well by hand.

  mh up                          in this terminal, until Ctrl-C
  mh daemon start                in the background; status, stop, logs
  mh open                        its pages, in your browser
  mh daemon install              started by systemd or launchd when you log in

Whatever it was cut off in, it names at its next start, and goes on. What you
change by hand in memory and persona it takes in within seconds. daemon.* in
config.yaml counts from its next start.

It listens on this machine alone (daemon.port, 7717), where all but /health and
the page itself needs a token ("Authorization: Bearer …", never in a URL, no
cookies), and on the home's socket, where you need none. Yours is the secret
daemon-token (mh daemon token shows it). This makes a new one, and signs out
all browsers and programs that have the old one:

  mh secret rm daemon-token && mh daemon stop && mh daemon start

  POST /v1/command   {"skill": "memory.capture", "args": {"text": "hi"}}
  POST /v1/query     the same, for what only reads
  POST /v1/check     what the gate would say; nothing is done
  GET  /v1/runs/ID   how far a run is, or how it ended; ?wait=60 waits for that.
                     DELETE ends it
  GET  /v1/events    what happens, as server-sent events; Last-Event-ID or
                     ?after=12 goes on where you left off; ?follower=NAME
                     after what POST /v1/followers/NAME {"after": 12} has said;
                     ?progress=true says how far runs are, too
  POST /mcp          programs that speak MCP: mh help mcp
  GET  /metrics      for Prometheus           /openapi.json says the rest

Who hangs up ends what they asked for. "detach": true lets it go on, and with
the header Prefer: respond-async the answer is at once where to look for it.

  curl --unix-socket run/mh.sock http://localhost/v1/query \\
    -H "authorization: Bearer $TOKEN" \\
    -H 'content-type: application/json' -d '{"skill": "task.list"}'

Your phone gets a token of its own by mh device add phone; mh device revoke
phone takes it back. To reach it from there, put a proxy with TLS before it,
and name it in config.yaml (mh config edit). Caddy's whole configuration:

  mh.example.org {                       daemon:
    reverse_proxy 127.0.0.1:7717           hosts: [mh.example.org]
  }

Or give mh a certificate. Other addresses than this machine's are refused
without one:

  daemon:
    bind: 0.0.0.0
    hosts: [mh.example.org]
    tls: { cert: /etc/ssl/mh.pem, key: /etc/ssl/mh.key }

Other names than these and localhost are not answered, nor are other pages.`;
