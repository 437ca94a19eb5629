/** Where the person is: path and query of the page's address, nothing else. `go` moves, `back` returns. */
import { useMemo, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

const depth = () => (history.state as { depth?: number } | null)?.depth ?? 0;

export function go(to: string, options: { replace?: boolean } = {}) {
  if (to === location.pathname + location.search) return;
  if (options.replace) history.replaceState({ depth: depth() }, "", to);
  else history.pushState({ depth: depth() + 1 }, "", to);
  tell();
}

/** One step back if we came from a page of ours, else to `fallback`. */
export function back(fallback: string) {
  if (depth() > 0) history.back();
  else go(fallback, { replace: true });
}

export function useRoute(): { path: string; query: URLSearchParams } {
  const address = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      window.addEventListener("popstate", listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener("popstate", listener);
      };
    },
    () => location.pathname + location.search,
  );
  return useMemo(() => {
    const at = address.indexOf("?");
    return {
      path: at < 0 ? address : address.slice(0, at),
      query: new URLSearchParams(at < 0 ? "" : address.slice(at)),
    };
  }, [address]);
}

/** Props of a link that moves within the page but still opens in a new tab when the person asks for one. */
export function linkTo(to: string) {
  return {
    href: to,
    onClick: (event: React.MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      go(to);
    },
  };
}
