import { describe, expect, test } from "vitest";
import type { ChatItem } from "../api/types";
import { addItem } from "./items";
import { isNear, ownArticle, ownFile } from "./near";
import { readPlace } from "./place";

const page = "http://127.0.0.1:8090/?person=1";

describe("which pictures are fetched without asking", () => {
  test.each([
    ["/sandbox/files/1", false],
    ["http://127.0.0.1:8080/media/1.png", false],
    ["http://localhost:3000/x.png", false],
    ["data:image/png;base64,AA==", false],
    ["https://img.example.com/a.jpg", true],
    ["http://127.0.0.1.example.com/a.jpg", true],
    ["//cdn.example.com/a.jpg", true],
  ])("%s", (src, foreign) => {
    expect(isNear(src, page)?.foreign).toBe(foreign);
  });
  test.each([["javascript:alert(1)"], ["data:text/html,x"], ["file:///etc/passwd"], ["http://"]])(
    "%s is no picture",
    (src) => {
      expect(isNear(src, page)).toBeNull();
    },
  );
});

test("the sandbox's own files are asked of the page's own host", () => {
  expect(ownFile("http://127.0.0.1:8090/sandbox/files/m1.jpg")).toBe("/sandbox/files/m1.jpg");
  expect(ownFile("https://img.example.com/a/sandbox/files/x")).toBe(
    "https://img.example.com/a/sandbox/files/x",
  );
  expect(ownFile("/sandbox/files/1")).toBe("/sandbox/files/1");
  expect(ownFile(undefined)).toBeNull();
});

test("an article is read at the page's own host, so that it knows its reader", () => {
  const own = "http://localhost:8090";
  const src = "http://127.0.0.1:8090/s/abc";
  expect(ownArticle(src, "zh-CN", 0, own)).toBe("http://localhost:8090/s/abc");
  expect(ownArticle(src, "en-GB", 4, own)).toBe("http://localhost:8090/s/abc?lang=en&source=4");
  expect(ownArticle("https://shop.example.com/x", "zh-CN", 0, own)).toBe("https://shop.example.com/x");
  expect(ownArticle("no address", "zh-CN", 0, own)).toBe("no address");
});

describe("items of a chat", () => {
  const item = (id: number, at_ms: number, text = ""): ChatItem => ({
    id,
    at_ms,
    from: "fan",
    kind: "text",
    text,
  });
  test("a new item comes last", () => {
    expect(addItem([item(1, 10)], item(2, 10)).map((i) => i.id)).toEqual([1, 2]);
  });
  test("the same id replaces, also when one side wrote it as text", () => {
    expect(
      addItem([item(1, 10), item(2, 20)], { ...item(1, 10, "new"), id: "1" }).map((i) => i.text),
    ).toEqual(["new", ""]);
  });
  test("a late one goes to its time", () => {
    expect(addItem([item(1, 10), item(3, 30)], item(2, 20)).map((i) => i.id)).toEqual([1, 2, 3]);
  });
});

describe("the address of a screen", () => {
  const at = (query: string) => readPlace(new URLSearchParams(query));
  test("nothing is the first person's chats", () => {
    expect(at("")).toEqual({ person: 0, appid: null, view: "chats", ticket: null });
  });
  test("a deep link opens the chat", () => {
    expect(at("?person=3&appid=wx1")).toEqual({ person: 3, appid: "wx1", view: "chat", ticket: null });
  });
  test("nonsense falls back", () => {
    expect(at("?person=-4&view=profile")).toEqual({ person: 0, appid: null, view: "chats", ticket: null });
    expect(at("?person=x&appid=wx1&view=scan").view).toBe("chat");
  });
});
