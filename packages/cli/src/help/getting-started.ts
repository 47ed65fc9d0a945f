export const text = `Getting started

mh remembers what you tell it, lets agents act for you only through one gate,
and can prove afterwards what was done and why. It needs no model and no
network; what it keeps are plain files on this machine.

  mh tour             shows everything once, with a few notes that come along
  mh tour ~/notes     the same with a folder of your own Markdown notes

Or step by step:

  mh init                                         makes a home (mh help files)
  mh capture "Met with Sarah about the ML project"
  mh import ~/notes                               mh help importing
  mh ask "When did I last meet Sarah?"            mh help capture-and-ask
  mh status                                       how things stand
  mh doctor                                       checks everything

Ids: lists show the last eight characters of an id. A command takes these, the
whole id, or any end or beginning of it that fits only one thing.

Completion in your shell:

  bash   mh completion bash > ~/.local/share/bash-completion/completions/mh
  zsh    mh completion zsh > ~/.zfunc/_mh     (with ~/.zfunc in fpath)
  fish   mh completion fish > ~/.config/fish/completions/mh.fish

Then: mh help agents-and-trust, before an agent acts for you.`;
