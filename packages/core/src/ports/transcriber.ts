/** A sound file on its way to a server. */
export interface Sound {
  bytes: Uint8Array;
  /** As in `audio/mpeg`. */
  mediaType: string;
  /** A name that says nothing but its kind, as in `recording.mp3`. */
  name: string;
  language?: string | undefined;
}

export interface Transcript {
  text: string;
  language?: string | undefined;
  seconds?: number | undefined;
  segments?: { from: number; to: number; text: string }[] | undefined;
  /** What the server gave and was left out. */
  remark?: string | undefined;
}

/**
 * A transcription server. Throws `audio.failed` with what it said and the next step, and `http.failed` where it was not
 * reached or did not answer: that may be otherwise the next time.
 */
export interface Transcriber {
  transcribe(sound: Sound, signal: AbortSignal): Promise<Transcript>;
}
