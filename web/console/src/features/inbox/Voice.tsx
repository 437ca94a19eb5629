/** A voice with a button, its length and how far it is. One plays at a time. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { sharedContext, soundAt } from "./voice";

let stopOther: (() => void) | null = null;

const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function Voice({ url, name }: { url: string; name: string }) {
  const { t } = useTranslation();
  const [state, setState] = useState<"still" | "loading" | "playing" | "broken">("still");
  const [done, setDone] = useState(0);
  const [length, setLength] = useState<number | null>(null);
  const sound = useRef<AudioBuffer | null>(null);
  const source = useRef<AudioBufferSourceNode | null>(null);

  const stop = () => {
    source.current?.stop();
    source.current = null;
    setState((was) => (was === "playing" ? "still" : was));
  };
  useEffect(() => () => source.current?.stop(), []);
  useEffect(() => {
    if (state !== "playing") return;
    const context = sharedContext();
    const begun = context.currentTime;
    const beat = setInterval(() => setDone(context.currentTime - begun), 120);
    return () => clearInterval(beat);
  }, [state]);

  const play = async () => {
    if (state === "playing") return stop();
    stopOther?.();
    try {
      if (!sound.current) {
        setState("loading");
        sound.current = await soundAt(url);
        setLength(sound.current.duration);
      }
      const context = sharedContext();
      await context.resume();
      const node = context.createBufferSource();
      node.buffer = sound.current;
      node.connect(context.destination);
      node.onended = () => {
        if (source.current !== node) return;
        source.current = null;
        setDone(0);
        setState("still");
      };
      node.start();
      source.current = node;
      stopOther = stop;
      setDone(0);
      setState("playing");
    } catch {
      setState("broken");
    }
  };
  const part = length ? Math.min(1, done / length) : 0;
  return (
    <span className="voice">
      <button
        type="button"
        className="voice-play"
        aria-label={state === "playing" ? t("inbox.voice.stop") : t("inbox.voice.play")}
        aria-busy={state === "loading"}
        disabled={state === "broken"}
        onClick={() => void play()}
      >
        <Icon name={state === "playing" ? "pause" : "play"} size={16} />
      </button>
      <span className="voice-line" aria-hidden="true">
        <i style={{ transform: `scaleX(${part})` }} />
      </span>
      <span className="voice-time">
        {state === "broken"
          ? t("inbox.voice.broken")
          : length === null
            ? t("messages.voice")
            : clock(state === "playing" ? done : length)}
      </span>
      <a href={url} download={name} className="voice-save" aria-label={t("inbox.file.save")}>
        <Icon name="download" size={14} />
      </a>
    </span>
  );
}
