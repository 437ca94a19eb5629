import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { followNews } from "./news";

class FakeSource extends EventTarget {
  static CLOSED = 2;
  static last: FakeSource;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor() {
    super();
    FakeSource.last = this;
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  say(kind: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }
}

let client: QueryClient;
let stop: () => void;
beforeEach(() => {
  vi.stubGlobal("EventSource", FakeSource);
  client = new QueryClient();
  stop = followNews(client);
});
afterEach(() => {
  stop();
  client.clear();
  vi.unstubAllGlobals();
});

/** A hub whose answers are held back until the test lets them go; each says what was true when it was asked. */
function hub(truth: { now: unknown }) {
  const answers: (() => void)[] = [];
  const ask = () => {
    const said = truth.now;
    return new Promise((answer) => answers.push(() => answer(said)));
  };
  const reply = async (which: number) => {
    answers[which]?.();
    await vi.waitFor(() => {});
  };
  return { ask, answers, reply };
}
const watch = (queryKey: unknown[], queryFn: () => Promise<unknown>) =>
  new QueryObserver(client, { queryKey, queryFn, staleTime: 60_000 }).subscribe(() => {});

it("asks again when the first answer was under way while an import ended", async () => {
  const truth = { now: { following: 0 } };
  const { ask, answers, reply } = hub(truth);
  const leave = watch(["accounts", "7"], ask);
  truth.now = { following: 120 };
  FakeSource.last.say("import", { account_id: "7", state: "done", done: 120 });
  await reply(0);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  await reply(1);
  await vi.waitFor(() => expect(client.getQueryData(["accounts", "7"])).toEqual({ following: 120 }));
  leave();
});

it("marks what nobody looks at, so that whoever comes next asks", async () => {
  const { ask, reply } = hub({ now: { following: 0 } });
  const fetched = client.fetchQuery({ queryKey: ["accounts", "7"], queryFn: ask });
  FakeSource.last.say("account", { id: "7" });
  await reply(0);
  await fetched;
  await vi.waitFor(() => expect(client.getQueryState(["accounts", "7"])?.isInvalidated).toBe(true));
});

it("an older answer does not have the last word over what was told", async () => {
  const truth = { now: { state: "running" } };
  const { ask, answers, reply } = hub(truth);
  const leave = watch(["import", "7"], ask);
  truth.now = { state: "done" };
  FakeSource.last.say("import", { account_id: "7", state: "done" });
  await reply(0);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  await reply(1);
  await vi.waitFor(() => expect(client.getQueryData(["import", "7"])).toEqual({ state: "done" }));
  leave();
});

it("asks again for what was asked before the stream was open, and after every gap", async () => {
  const { ask, answers, reply } = hub({ now: 1 });
  const leave = watch(["accounts"], ask);
  client.setQueryData(["me"], {});
  await reply(0);
  await vi.waitFor(() => expect(client.getQueryData(["accounts"])).toBe(1));
  FakeSource.last.onopen?.();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  expect(client.getQueryState(["me"])?.isInvalidated).toBe(false);
  await reply(1);
  FakeSource.last.onerror?.();
  FakeSource.last.onopen?.();
  await vi.waitFor(() => expect(answers).toHaveLength(3));
  expect(client.getQueryState(["me"])?.isInvalidated).toBe(true);
  leave();
});
