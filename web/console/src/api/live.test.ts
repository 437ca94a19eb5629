import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connectLive, disconnectLive, onLive, onLiveGap } from "./live";

class FakeSource extends EventTarget {
  static CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    FakeSource.made.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  say(kind: string, data: string) {
    this.dispatchEvent(new MessageEvent(kind, { data }));
  }
}

beforeEach(() => {
  FakeSource.made = [];
  vi.stubGlobal("EventSource", FakeSource);
  vi.useFakeTimers();
});
afterEach(() => {
  disconnectLive();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const source = () => {
  const last = FakeSource.made.at(-1);
  if (!last) throw new Error("nothing was opened");
  return last;
};

it("hands each kind to its own listeners, and a bare account id as an object", () => {
  const accounts = vi.fn();
  const bindings = vi.fn();
  const stops = [onLive("account", accounts), onLive("binding", bindings)];
  connectLive();
  source().say("account", '"7301234567890123457"');
  source().say("account", "not json");
  expect(accounts.mock.calls).toEqual([[{ id: "7301234567890123457" }]]);
  expect(bindings).not.toHaveBeenCalled();
  for (const stop of stops) stop();
  source().say("account", '{"id":"1"}');
  expect(accounts).toHaveBeenCalledOnce();
});

it("tells of every opening, since what was asked before it may be old", () => {
  const gap = vi.fn();
  const stop = onLiveGap(gap);
  connectLive();
  source().onopen?.();
  source().onerror?.();
  source().onopen?.();
  source().say("lost", "{}");
  expect(gap.mock.calls).toEqual([[true], [false], [false]]);
  stop();
});

it("tries again slowly when the hub refused the stream, and stays quiet once disconnected", () => {
  connectLive();
  const first = source();
  first.readyState = FakeSource.CLOSED;
  first.onerror?.();
  vi.advanceTimersByTime(4_900);
  expect(FakeSource.made).toHaveLength(1);
  vi.advanceTimersByTime(200);
  expect(FakeSource.made).toHaveLength(2);
  const second = source();
  disconnectLive();
  second.onerror?.();
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.made).toHaveLength(2);
});
