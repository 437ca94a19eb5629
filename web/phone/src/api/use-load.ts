import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "./client";

export interface Loaded<T> {
  value: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload: () => void;
  set: (change: (old: T | undefined) => T | undefined) => void;
}

/**
 * Loads once per `key` and again on `reload`. While it reloads, the old value of the same key stays on the screen;
 * a new key clears it. A failed reload keeps the value and tells the error beside it. `null` loads nothing.
 */
export function useLoad<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string | null; value?: T; error?: ApiError; loading: boolean }>({
    key: null,
    loading: true,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` is what asks for another load
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    setState((old) => (old.key === key ? { ...old, loading: true } : { key, loading: true }));
    latest.current(stop.signal).then(
      (value) => !stop.signal.aborted && setState({ key, value, loading: false }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError(String(error), 0);
        setState((old) => ({
          key,
          value: old.key === key ? old.value : undefined,
          error: known,
          loading: false,
        }));
      },
    );
    return () => stop.abort();
  }, [key, turn]);

  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const set = useCallback(
    (change: (old: T | undefined) => T | undefined) =>
      setState((old) => ({ ...old, value: change(old.value) })),
    [],
  );
  const current = state.key === key;
  return {
    value: current ? state.value : undefined,
    error: current ? state.error : undefined,
    loading: key !== null && (!current || state.loading),
    reload,
    set,
  };
}

/** Runs one action at a time and keeps its error until the next try. */
export function useAct(): {
  busy: boolean;
  error: ApiError | undefined;
  act: (work: () => Promise<unknown>) => Promise<boolean>;
  clear: () => void;
} {
  const [state, setState] = useState<{ busy: boolean; error?: ApiError }>({ busy: false });
  const running = useRef(false);
  const act = useCallback(async (work: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setState({ busy: true });
    try {
      await work();
      setState({ busy: false });
      return true;
    } catch (error) {
      setState({ busy: false, error: error instanceof ApiError ? error : new ApiError(String(error), 0) });
      return false;
    } finally {
      running.current = false;
    }
  }, []);
  const clear = useCallback(() => setState((old) => ({ busy: old.busy })), []);
  return { busy: state.busy, error: state.error, act, clear };
}

/**
 * Calls `work` once, `ms` after the first of any number of requests: what follows from a busy stream is done a few
 * times a second, not a thousand times.
 */
export function useLater(work: () => void, ms: number): () => void {
  const latest = useRef(work);
  latest.current = work;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return useCallback(() => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, ms);
  }, [ms]);
}
