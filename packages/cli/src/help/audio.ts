export const text = `Recordings

mh has no speech model of its own. A transcription server does that: any that
speaks OpenAI's protocol (POST /audio/transcriptions), such as speaches,
LocalAI, whisper.cpp's server or vLLM, on this machine:

  mh config set audio.url http://127.0.0.1:8000/v1
  mh config set audio.model whisper-1
  mh audio ingest interview.m4a      send it, and remember what is said
  mh audio list                      what was taken in, and how it stands
  mh audio status                    the server, the inbox, what waits

Without a server a file waits; mh audio ingest --waiting goes on with it. The
same file is transcribed once, under whatever name. What was interrupted is
done by doing it again.

A text is a memory that search finds. Others may speak in it, so its origin is
audio:NAME, never you: what it says vouches for no address and no amount, and
no agent takes it for a fact. It knows its file, its language and, where the
server gives them, the times.

An inbox is a folder that the agent transcriber looks into:

  mh config set audio.inbox /home/ada/Recordings
  mh agent allow transcriber

A server on another machine is asked only if you say that recordings may leave
it; its key is a secret, its price is reserved before and settled after:

  mh secret set whisper

  audio:
    url: https://api.openai.com/v1
    cloud: true
    secret: whisper
    price: { minute: 0.006, currency: USD }
    minutesMax: 180        # of one file: what is reserved for it
    megabytesMax: 25`;
