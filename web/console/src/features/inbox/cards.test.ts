import { describe, expect, it } from "vitest";
import { emptyCard, faultOfCard, faultOfUrl, longestUrl, tidied } from "./cards";

describe("cards", () => {
  it("say what is missing, one thing at a time", () => {
    const link = emptyCard("article");
    expect(faultOfCard(link)).toBe("inbox.card.wrong.title");
    expect(faultOfCard({ type: "article", title: "New", url: "" })).toBe("inbox.card.wrong.no_url");
    expect(faultOfCard({ type: "article", title: "New", url: "https://shop.example/a" })).toBeNull();
    const music = { type: "music", url: "https://shop.example/a.mp3", thumb_media_id: "" } as const;
    expect(faultOfCard(music)).toBe("inbox.card.wrong.cover");
    expect(faultOfCard({ ...music, thumb_media_id: "1", hq_url: "ftp://x" })).toBe("inbox.card.wrong.url");
  });
  it("take addresses as the hub takes them", () => {
    expect(faultOfUrl("shop.example")).toBe("inbox.card.wrong.url");
    expect(faultOfUrl("https://shop.example/a b")).toBe("inbox.card.wrong.url");
    const start = "https://shop.example/";
    expect(faultOfUrl(start + "a".repeat(longestUrl - start.length))).toBeNull();
    expect(faultOfUrl(start + "a".repeat(longestUrl - start.length + 1))).toBe("inbox.card.wrong.url_long");
  });
  it("leave out what is empty", () => {
    expect(
      JSON.stringify(
        tidied({ type: "article", title: " New ", url: "https://a.example ", picture_url: " " }),
      ),
    ).toBe('{"type":"article","title":"New","url":"https://a.example"}');
  });
});
