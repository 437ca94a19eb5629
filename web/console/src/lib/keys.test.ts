import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, expect, it, vi } from "vitest";
import { useKeys } from "./keys";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

function Probe({ bindings }: { bindings: Parameters<typeof useKeys>[0] }) {
  useKeys(bindings);
  return null;
}
let close = () => {};
function listen(bindings: Parameters<typeof useKeys>[0]) {
  const root = createRoot(document.createElement("div"));
  act(() => root.render(createElement(Probe, { bindings })));
  close = () => act(() => root.unmount());
}
afterEach(() => {
  close();
  document.body.replaceChildren();
});
const press = (key: string, more: KeyboardEventInit = {}, on: EventTarget = document.body) =>
  on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

it("runs single keys and two-key sequences, and forgets a lost first key", () => {
  const home = vi.fn();
  const next = vi.fn();
  listen({ "g h": home, j: next });
  press("j");
  press("g");
  press("h");
  press("h");
  press("g");
  press("j");
  press("h");
  expect(next).toHaveBeenCalledTimes(1);
  expect(home).toHaveBeenCalledTimes(1);
});

it("stays out of the way of typing, but not of Ctrl and Cmd", () => {
  const search = vi.fn();
  const save = vi.fn();
  listen({ "/": search, "mod+s": save });
  const field = document.body.appendChild(document.createElement("textarea"));
  press("/", {}, field);
  expect(search).not.toHaveBeenCalled();
  press("s", { ctrlKey: true }, field);
  press("s", { metaKey: true }, field);
  expect(save).toHaveBeenCalledTimes(2);
});

it("leaves keys alone while a word is being composed or somebody else took them", () => {
  const search = vi.fn();
  listen({ "/": search });
  press("/", { isComposing: true });
  const field = document.body.appendChild(document.createElement("div"));
  field.addEventListener("keydown", (event) => event.preventDefault());
  press("/", {}, field);
  expect(search).not.toHaveBeenCalled();
});
