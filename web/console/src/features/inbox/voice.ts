/** Sound for browsers: AMR is decoded in a worker, which comes when the first voice is played. */

const rate = 8000;

/** The samples of an AMR file, at 8,000 a second. */
function decoded(bytes: Uint8Array): Promise<Float32Array> {
  const worker = new Worker(new URL("./amr.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Float32Array>((resolve, reject) => {
    const end = (finish: () => void) => {
      worker.terminate();
      finish();
    };
    worker.onmessage = ({ data }: MessageEvent<{ amr: Float32Array | null }>) =>
      end(() => (data.amr && data.amr.length > 0 ? resolve(data.amr) : reject(new Error("no sound"))));
    worker.onerror = () => end(() => reject(new Error("the decoder did not start")));
    worker.postMessage({ command: "decode", buffer: bytes });
  });
}

/** A file of PCM that every browser plays. */
export function wave(samples: Float32Array): Blob {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const word = (at: number, text: string) => {
    for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
  };
  word(0, "RIFF");
  view.setUint32(4, 36 + samples.length * 2, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, samples.length * 2, true);
  for (const [i, sample] of samples.entries())
    view.setInt16(44 + i * 2, Math.max(-1, Math.min(1, sample)) * 0x7fff, true);
  return new Blob([view], { type: "audio/wav" });
}

/** The sound at an address, ready to be played. */
export async function soundAt(url: string): Promise<AudioBuffer> {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const context = sharedContext();
  const isAmr = String.fromCharCode(...bytes.slice(0, 5)) === "#!AMR";
  const playable = isAmr ? await wave(await decoded(bytes)).arrayBuffer() : bytes.buffer;
  return await context.decodeAudioData(playable);
}

let context: AudioContext | null = null;
export function sharedContext(): AudioContext {
  context ??= new AudioContext();
  return context;
}
