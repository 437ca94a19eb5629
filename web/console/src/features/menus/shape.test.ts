import { describe, expect, it } from "vitest";
import type { MenuButton } from "@/api/types";
import { addBelow, faultsOf, hostsOf, moveTo, problemOf, remove, sendable, step } from "./shape";

const leaf = (id: string, more: Partial<MenuButton> = {}): MenuButton => ({
  id,
  name: id,
  type: "click",
  ...more,
});
const menu = (): MenuButton[] => [
  leaf("a"),
  { id: "b", name: "b", buttons: [leaf("b1"), leaf("b2")] },
  { id: "c", name: "c", buttons: [leaf("c1")] },
];
const shape = (buttons: MenuButton[]) =>
  buttons
    .map((one) => (one.buttons ? `${one.id}(${one.buttons.map((below) => below.id).join(" ")})` : one.id))
    .join(" ");

describe("a menu", () => {
  it("moves by arrow keys along the bar, within a list, and into the next list", () => {
    expect(shape(step(menu(), "a", "ArrowRight"))).toBe("b(b1 b2) a c(c1)");
    expect(shape(step(menu(), "a", "ArrowLeft"))).toBe("a b(b1 b2) c(c1)");
    expect(shape(step(menu(), "b1", "ArrowDown"))).toBe("a b(b2 b1) c(c1)");
    expect(shape(step(menu(), "b2", "ArrowRight"))).toBe("a b(b1) c(c1 b2)");
    expect(shape(step(menu(), "b1", "ArrowLeft"))).toBe("a b(b1 b2) c(c1)");
  });

  it("takes nothing where there is no room, and a button with others below it nowhere below another", () => {
    expect(shape(moveTo(menu(), "b1", [0]))).toBe("a b(b1 b2) c(c1)");
    expect(shape(moveTo(menu(), "b", [2, 0]))).toBe("a b(b1 b2) c(c1)");
    expect(shape(moveTo(menu(), "a", [2, 1]))).toBe("b(b1 b2) c(c1 a)");
    expect(shape(moveTo(menu(), "c1", [1, 0]))).toBe("a b(c1 b1 b2) c");
  });

  it("gives a button that loses its last one something to do again", () => {
    expect(remove(menu(), "c1")[2]).toEqual({ id: "c", name: "c", type: "click" });
    expect(addBelow(menu(), "a", leaf("n"))[0]).toEqual({ id: "a", name: "a", buttons: [leaf("n")] });
  });

  it("counts bytes, and not letters", () => {
    expect(faultsOf(leaf("x", { name: "五个汉字" }), false)).toEqual([]);
    expect(faultsOf(leaf("x", { name: "六个汉字啊啊" }), false)).toEqual(["name_long"]);
    expect(faultsOf(leaf("x", { name: "六个汉字啊啊" }), true)).toEqual([]);
    expect(faultsOf(leaf("x", { type: "view", url: "javascript:alert(1)" }), false)).toEqual(["url"]);
    expect(faultsOf(leaf("x", { answer: { type: "text", text: "字".repeat(683) } }), false)).toEqual([
      "answer_long",
    ]);
    expect(faultsOf(leaf("x", { type: "console" }), false)).toEqual(["console"]);
  });

  it("leads to three hosts at most, and counted links to one", () => {
    const links = (counted: boolean) =>
      [1, 2, 3, 4].map((n) =>
        leaf(`${n}`, { type: "view", url: `https://h${n}.example/`, count_visits: counted }),
      );
    const group = (counted: boolean) => [{ id: "g", name: "g", buttons: links(counted) }];
    expect(problemOf(group(false), "hub.example")).toBe("hosts");
    expect(problemOf(group(true), "hub.example")).toBeNull();
    expect(
      hostsOf([leaf("m", { type: "view", url: "https://mp.weixin.qq.com/s/x" })], "hub.example"),
    ).toEqual([]);
  });

  it("keeps back an answer whose file is not chosen yet", () => {
    expect(sendable([leaf("a", { answer: { type: "image", media_id: "" } })])).toEqual([leaf("a")]);
    const whole = leaf("a", { answer: { type: "image", media_id: "1" } });
    expect(sendable([whole])).toEqual([whole]);
  });
});
