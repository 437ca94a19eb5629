import { App, ConfigProvider } from "antd";
import i18next from "i18next";
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { I18nextProvider, initReactI18next } from "react-i18next";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useUndoableDelete } from "./undo";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

type Remove = ReturnType<typeof useUndoableDelete>;
interface Seen {
  remove?: Remove;
}
function Probe({ seen }: { seen: Seen }) {
  seen.remove = useUndoableDelete();
  return null;
}

let close = () => {};
async function open(): Promise<Remove> {
  await i18next
    .use(initReactI18next)
    .init({ lng: "en-US", resources: { "en-US": { translation: { app: { undo: "Undo" } } } } });
  const seen: Seen = {};
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  await act(async () =>
    root.render(
      createElement(
        I18nextProvider,
        { i18n: i18next },
        createElement(ConfigProvider, null, createElement(App, null, createElement(Probe, { seen }))),
      ),
    ),
  );
  close = () => {
    act(() => root.unmount());
    document.body.replaceChildren();
  };
  if (!seen.remove) throw new Error("not rendered");
  return seen.remove;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function options() {
  return {
    path: `/api/v1/things/${crypto.randomUUID()}`,
    text: "gone",
    remove: vi.fn(async () => {}),
    hide: vi.fn(),
    restore: vi.fn(),
    failed: vi.fn(),
  };
}

it("hides at once and deletes only when nobody wanted it back", async () => {
  const remove = await open();
  const thing = options();
  await act(async () => remove(thing));
  expect(thing.hide).toHaveBeenCalledOnce();
  expect(thing.remove).not.toHaveBeenCalled();
  await act(async () => vi.advanceTimersByTimeAsync(7_100));
  expect(thing.remove).toHaveBeenCalledOnce();
  expect(thing.restore).not.toHaveBeenCalled();
});

it("never deletes what was taken back", async () => {
  const remove = await open();
  const thing = options();
  await act(async () => remove(thing));
  await act(async () => vi.advanceTimersByTimeAsync(500));
  const button = [...document.querySelectorAll("button")].find((one) => one.textContent?.includes("Undo"));
  expect(button).toBeDefined();
  await act(async () => button?.click());
  expect(thing.restore).toHaveBeenCalledOnce();
  await act(async () => vi.advanceTimersByTimeAsync(20_000));
  expect(thing.remove).not.toHaveBeenCalled();
});

it("brings it back and says why when the hub refuses", async () => {
  const remove = await open();
  const refusal = new Error("no");
  const thing = { ...options(), remove: vi.fn(() => Promise.reject(refusal)) };
  await act(async () => remove(thing));
  await act(async () => vi.advanceTimersByTimeAsync(7_100));
  expect(thing.restore).toHaveBeenCalledOnce();
  expect(thing.failed).toHaveBeenCalledWith(refusal);
});

it("sends it when the page is closed meanwhile", async () => {
  const sent = vi.fn(async () => new Response());
  vi.stubGlobal("fetch", sent);
  const remove = await open();
  const thing = options();
  await act(async () => remove(thing));
  dispatchEvent(new Event("pagehide"));
  expect(sent).toHaveBeenCalledWith(
    thing.path,
    expect.objectContaining({ method: "DELETE", keepalive: true }),
  );
  await act(async () => vi.advanceTimersByTimeAsync(20_000));
  expect(thing.remove).not.toHaveBeenCalled();
});
