/**
 * What happens in the sandbox, as it happens: one event stream for the whole page, the sandbox's clock, and its state.
 * A lost stream reconnects by itself (the browser does that); listeners then hear `open` and load again what they missed.
 */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { get } from "./client";
import type { Call, ChatItem, Push, SandboxState } from "./types";
import { type Loaded, useLoad } from "./use-load";

export type LiveEvent =
  | { type: "open" }
  | { type: "chat"; appid: string; openid: string; person: number; item: ChatItem }
  | { type: "typing"; appid: string; openid: string; person: number; until_ms: number | null }
  | ({ type: "push" } & Push)
  | ({ type: "call" } & Call)
  | { type: "clock"; now_ms: number }
  | { type: "account" }
  | { type: "mass"; appid: string; msg_id: string };

type Listener = (event: LiveEvent) => void;

interface Live {
  state: Loaded<SandboxState>;
  /** undefined until the first try has come to something. */
  connected: boolean | undefined;
  /** Sandbox time minus this computer's time; undefined until the sandbox has told its time. */
  offset: number | undefined;
  listen: (listener: Listener) => () => void;
}

const Context = createContext<Live | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const listeners = useRef(new Set<Listener>());
  const [connected, setConnected] = useState<boolean>();
  const [offset, setOffset] = useState<number>();
  const state = useLoad<SandboxState>("state", async (signal) => {
    const value = await get<SandboxState>("/state", signal);
    setOffset(value.now_ms - Date.now());
    return value;
  });
  const { reload } = state;

  useEffect(() => {
    const tell = (event: LiveEvent) => {
      for (const listener of listeners.current) listener(event);
    };
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Set while something may have been missed: the stream broke, or has not opened since the page began to load.
    let missed = true;

    const open = () => {
      source = new EventSource("/sandbox/api/stream");
      source.onopen = () => {
        setConnected(true);
        if (missed) {
          reload();
          tell({ type: "open" });
        }
        missed = false;
      };
      source.onerror = () => {
        setConnected(false);
        missed = true;
        // The browser tries again by itself after a broken connection, but not after an answer that is no stream.
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, 2000);
      };
      for (const type of ["chat", "typing", "push", "call", "clock", "account", "mass"] as const) {
        source.addEventListener(type, (message) => {
          let data: object;
          try {
            data = JSON.parse((message as MessageEvent<string>).data) ?? {};
          } catch {
            return;
          }
          // A proxy may hold the stream's opening back until something comes through it.
          setConnected(true);
          const event = { ...data, type } as LiveEvent;
          if (event.type === "clock") setOffset(event.now_ms - Date.now());
          if (event.type === "account") reload();
          tell(event);
        });
      }
    };
    open();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [reload]);

  const listen = useCallback((listener: Listener) => {
    listeners.current.add(listener);
    return () => {
      listeners.current.delete(listener);
    };
  }, []);

  const value = useMemo(() => ({ state, connected, offset, listen }), [state, connected, offset, listen]);
  return <Context value={value}>{children}</Context>;
}

export function useLive(): Live {
  const live = useContext(Context);
  if (!live) throw new Error("useLive is used outside LiveProvider");
  return live;
}

/** Calls `listener` (always its latest version) for everything that happens. */
export function useEvents(listener: Listener) {
  const { listen } = useLive();
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => listen((event) => latest.current(event)), [listen]);
}

/** The sandbox's time now, refreshed every `everyMs`; undefined until it is known. */
export function useNow(everyMs = 1000): number | undefined {
  const { offset } = useLive();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return offset === undefined ? undefined : Date.now() + offset;
}
