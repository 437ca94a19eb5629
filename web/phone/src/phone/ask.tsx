/** Small dialogs for what a real phone would find out itself: a place, the content of a code, how many pictures, a link. */
import { useState } from "react";
import { get } from "../api/client";
import type { List, QrCode } from "../api/types";
import { useLoad } from "../api/use-load";
import { safeUrl } from "../text/parse";
import { Button, Dialog, Field, TextInput } from "../ui/kit";
import { type Lang, useWords } from "../words";

export type Asked =
  | {
      what: "location";
      name: string;
      done: (place: { latitude: number; longitude: number; label: string }) => void;
    }
  | { what: "scan"; name: string; done: (scan: { scan_result: string }) => void }
  | { what: "pictures"; name: string; done: (pictures: { pictures: number }) => void }
  | { what: "link"; name: string; done: (link: { title: string; description: string; url: string }) => void };

export function AskDialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const body = () => {
    switch (asked.what) {
      case "location":
        return <AskPlace done={asked.done} onClose={onClose} />;
      case "scan":
        return <AskScan done={asked.done} onClose={onClose} />;
      case "pictures":
        return <AskPictures done={asked.done} onClose={onClose} />;
      case "link":
        return <AskLink done={asked.done} onClose={onClose} />;
    }
  };
  return (
    <Dialog title={asked.name} onClose={onClose}>
      {body()}
    </Dialog>
  );
}

const places: { zh: string; en: string; latitude: number; longitude: number }[] = [
  { zh: "上海市黄浦区外滩", en: "The Bund, Huangpu, Shanghai", latitude: 31.2397, longitude: 121.4906 },
  { zh: "北京市东城区故宫", en: "Palace Museum, Dongcheng, Beijing", latitude: 39.9163, longitude: 116.3972 },
  { zh: "广州市海珠区广州塔", en: "Canton Tower, Haizhu, Guangzhou", latitude: 23.1066, longitude: 113.3245 },
  { zh: "成都市锦江区春熙路", en: "Chunxi Road, Jinjiang, Chengdu", latitude: 30.657, longitude: 104.081 },
];
const placeName = (place: (typeof places)[number], lang: Lang) => place[lang];

interface Done<T> {
  done: (value: T) => void;
  onClose: () => void;
}

function AskPlace({ done, onClose }: Done<{ latitude: number; longitude: number; label: string }>) {
  const { t, lang } = useWords();
  const [label, setLabel] = useState(placeName(places[0] as (typeof places)[number], lang));
  const [latitude, setLatitude] = useState("31.2397");
  const [longitude, setLongitude] = useState("121.4906");
  const lat = Number(latitude);
  const lng = Number(longitude);
  const wrong =
    latitude.trim() === "" || longitude.trim() === "" || !(Math.abs(lat) <= 90) || !(Math.abs(lng) <= 180);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong) return;
        done({ latitude: lat, longitude: lng, label: label.trim() });
        onClose();
      }}
    >
      <div className="picks">
        {places.map((p) => (
          <button
            type="button"
            key={p.zh}
            className="pick"
            aria-pressed={latitude === String(p.latitude) && longitude === String(p.longitude)}
            onClick={() => {
              setLabel(placeName(p, lang));
              setLatitude(String(p.latitude));
              setLongitude(String(p.longitude));
            }}
          >
            {placeName(p, lang)}
          </button>
        ))}
      </div>
      <Field label={t("ask.label")}>
        {(id) => <TextInput id={id} value={label} onChange={(e) => setLabel(e.target.value)} />}
      </Field>
      <div className="form-two">
        <Field label={t("ask.latitude")}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="decimal"
              value={latitude}
              onChange={(e) => setLatitude(e.target.value)}
            />
          )}
        </Field>
        <Field label={t("ask.longitude")} error={wrong ? t("ask.noPlace") : undefined}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="decimal"
              value={longitude}
              onChange={(e) => setLongitude(e.target.value)}
            />
          )}
        </Field>
      </div>
      <Foot why={wrong ? t("ask.noPlace") : null} />
    </form>
  );
}

function AskScan({ done, onClose }: Done<{ scan_result: string }>) {
  const { t } = useWords();
  const [result, setResult] = useState("https://example.com/item/1");
  const codes = useLoad("qrcodes", (signal) => get<List<QrCode>>("/qrcodes", signal));
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!result.trim()) return;
        done({ scan_result: result.trim() });
        onClose();
      }}
    >
      <Field label={t("ask.scan")} hint={t("ask.scanHint")}>
        {(id) => <TextInput id={id} value={result} onChange={(e) => setResult(e.target.value)} />}
      </Field>
      {codes.value && codes.value.items.length > 0 && (
        <div className="picks">
          {codes.value.items.slice(0, 6).map((c) => (
            <button type="button" key={c.ticket} className="pick" onClick={() => setResult(c.url)}>
              {c.nick_name} · {String(c.scene)}
            </button>
          ))}
        </div>
      )}
      <Foot why={result.trim() ? null : t("ask.required")} />
    </form>
  );
}

function AskPictures({ done, onClose }: Done<{ pictures: number }>) {
  const { t } = useWords();
  const [n, setN] = useState(1);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        done({ pictures: n });
        onClose();
      }}
    >
      <Field label={t("ask.pictures")} hint={t("ask.picturesHint")}>
        {(id) => (
          <input
            id={id}
            className="range"
            type="range"
            min={1}
            max={9}
            value={n}
            onChange={(e) => setN(Number(e.target.value))}
          />
        )}
      </Field>
      <p className="big-number">{n}</p>
      <Foot why={null} />
    </form>
  );
}

function AskLink({ done, onClose }: Done<{ title: string; description: string; url: string }>) {
  const { t } = useWords();
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const [url, setUrl] = useState("https://");
  const wrong = !title.trim() ? t("ask.required") : !safeUrl(url) ? t("ask.noUrl") : null;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong) return;
        done({ title: title.trim(), description: description.trim(), url: url.trim() });
        onClose();
      }}
    >
      <Field label={t("ask.title")}>
        {(id) => <TextInput id={id} data-first value={title} onChange={(e) => setTitle(e.target.value)} />}
      </Field>
      <Field label={t("ask.description")}>
        {(id) => <TextInput id={id} value={description} onChange={(e) => setDescription(e.target.value)} />}
      </Field>
      <Field label={t("ask.url")}>
        {(id) => <TextInput id={id} inputMode="url" value={url} onChange={(e) => setUrl(e.target.value)} />}
      </Field>
      <Foot why={wrong} />
    </form>
  );
}

function Foot({ why }: { why: string | null }) {
  const { t } = useWords();
  return (
    <div className="form-foot">
      <Button look="primary" type="submit" why={why} data-testid="phone-ask-done">
        {t("send")}
      </Button>
    </div>
  );
}
