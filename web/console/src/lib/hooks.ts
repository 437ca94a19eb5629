/** Small hooks without a better home. */
import { useEffect, useState, useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (tell) => {
      const media = matchMedia(query);
      media.addEventListener("change", tell);
      return () => media.removeEventListener("change", tell);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}

/** Phone width: the navigation is a drawer, tables are cards. */
export const useNarrow = () => useMedia("(max-width: 767px)");

export function useDebounced<T>(value: T, wait: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return settled;
}

/** State that survives a reload on this machine; what cannot be read back falls to the default. */
export function useKept<T>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = localStorage.getItem(key);
      return kept === null ? initial : (JSON.parse(kept) as T);
    } catch {
      return initial;
    }
  });
  return [
    value,
    (next) => {
      setValue(next);
      localStorage.setItem(key, JSON.stringify(next));
    },
  ];
}

/** One clock for everything that says "3 minutes ago". */
const beats = new Set<() => void>();
let now = Date.now();
let beating = false;
export function useNow(): number {
  return useSyncExternalStore(
    (tell) => {
      beats.add(tell);
      if (!beating) {
        beating = true;
        setInterval(() => {
          now = Date.now();
          for (const beat of beats) beat();
        }, 15_000);
      }
      return () => {
        beats.delete(tell);
      };
    },
    () => now,
    () => now,
  );
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
