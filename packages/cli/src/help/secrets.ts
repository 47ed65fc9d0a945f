export const text = `Secrets

Passwords and tokens lie outside the home. Settings, agents and the log name
them; their values are read by the skill that needs one, and shown to nobody.

  mh secret set work-mail      asks, unseen; or reads standard input
  mh secret list               names alone
  mh secret rm work-mail

Where they lie is yours to choose, and mh doctor says how it stands:

  mh secret store              where that is now
  mh secret store keychain     this machine's keychain: the Secret Service of a
                               Linux desktop, or what macOS and Windows have
  mh secret store passphrase   files encrypted with a passphrase of yours
                               (scrypt, AES-256-GCM), in ~/.config/mh/ID/sealed
  mh secret store keyfile      plain text in ~/.config/mh/ID/secrets, which only
                               your user may read

The first secret of all goes into the keychain where that works; where it does
not, mh asks. Nothing falls back to plain text by itself. A move copies every
secret, reads each back, and only then removes the old one; cut off in the
middle it loses none, and the same command ends it.

A passphrase is asked for when it is needed, and by mh up when it starts. A
daemon without anybody to ask works on without secrets until

  mh secret unlock

or reads the passphrase from a file of yours alone (0600), named as
secrets.passphraseFile in config.yaml, or handed over by systemd:

  LoadCredential=mh-passphrase:/path/to/file     in the [Service] of mh.service

A passphrase that is lost cannot be restored, and the secrets with it.

What mh writes (logs, runs, errors) has [secret NAME] in the place of a value.
A command whose arguments hold one is refused before anything is written, and
agents never see one, wherever they meet it. What has fewer than six characters
cannot be told from other text.

mh's own keys (the log's, the daemon's token, push keys) lie beside them in
plain files, whatever you choose.`;
