/** Keyboard: single keys and two-key sequences ("g h"), silent while somebody types or a dialog is open. */
import { useEffect, useRef } from "react";

type Bindings = Record<string, (event: KeyboardEvent) => void>;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export function dialogOpen(): boolean {
  return [...document.querySelectorAll<HTMLElement>('[role="dialog"]')].some(
    (dialog) => dialog.offsetParent !== null || dialog.getClientRects().length > 0,
  );
}

export function useKeys(bindings: Bindings, enabled = true) {
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    if (!enabled) return;
    let prefix = "";
    let forget: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented) return;
      const chord = (event.ctrlKey || event.metaKey ? "mod+" : "") + event.key.toLowerCase();
      if (chord.startsWith("mod+")) {
        const run = latest.current[chord];
        if (run) {
          event.preventDefault();
          run(event);
        }
        return;
      }
      if (event.altKey || isTyping(event.target) || dialogOpen()) return;
      const run = latest.current[prefix ? `${prefix} ${chord}` : chord];
      const startsSequence = Object.keys(latest.current).some((key) => key.startsWith(`${chord} `));
      clearTimeout(forget);
      if (run) {
        prefix = "";
        event.preventDefault();
        run(event);
      } else if (startsSequence && !prefix) {
        prefix = chord;
        forget = setTimeout(() => {
          prefix = "";
        }, 1200);
      } else {
        prefix = "";
      }
    };
    document.addEventListener("keydown", onKey);
    return () => {
      clearTimeout(forget);
      document.removeEventListener("keydown", onKey);
    };
  }, [enabled]);
}
