/**
 * The phone's browser: an address bar, the page in a frame, a way out. Pages that refuse to be framed stay blank, so
 * a tab of one's own is offered. A mini program is only named: nothing of it can run here.
 */
import { useEffect, useRef, useState } from "react";
import { Icon } from "../ui/icons";
import { Button, IconButton, useFocusBack } from "../ui/kit";
import { useWords } from "../words";
import type { Opened } from "./device";

export function Browser({ opened, onClose }: { opened: Opened; onClose: () => void }) {
  const { t } = useWords();
  const [turn, setTurn] = useState(0);
  const [loading, setLoading] = useState(true);
  const close = useRef<HTMLDivElement>(null);
  useFocusBack();
  useEffect(() => {
    close.current?.querySelector("button")?.focus();
  }, []);
  const { mini, url } = opened;
  const host = hostOf(url);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc closes, beside the button that does
    <div
      className="browser"
      data-testid="phone-browser"
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <div className="browser-bar" ref={close}>
        <IconButton
          icon="close"
          label={t("browser.close")}
          data-testid="phone-browser-close"
          onClick={onClose}
        />
        <span className="browser-address" title={url}>
          <b>{mini ? t("item.miniprogrampage") : host}</b>
          {!mini && <span>{url.slice(url.indexOf(host) + host.length)}</span>}
        </span>
        {!mini && (
          <>
            <IconButton
              icon="reload"
              label={t("browser.reload")}
              onClick={() => {
                setLoading(true);
                setTurn(turn + 1);
              }}
            />
            <a
              className="icon-btn"
              href={url}
              target="_blank"
              rel="noreferrer noopener"
              aria-label={t("browser.tab")}
              title={t("browser.tab")}
            >
              <Icon name="out" />
            </a>
          </>
        )}
      </div>
      {mini ? (
        <div className="browser-mini">
          <Icon name="mini" size={44} />
          <h3>{t("mini.title")}</h3>
          <p>{t("mini.text")}</p>
          <dl>
            <dt>AppID</dt>
            <dd className="mono">{mini.appid || t("none")}</dd>
            <dt>{t("mini.path")}</dt>
            <dd className="mono">{mini.path || t("none")}</dd>
            <dt>{t("mini.fallback")}</dt>
            <dd className="mono">{url || t("none")}</dd>
          </dl>
          <Button onClick={onClose}>{t("close")}</Button>
        </div>
      ) : (
        <>
          {loading && <div className="browser-progress" />}
          <iframe
            key={turn}
            title={host}
            src={url}
            sandbox="allow-scripts allow-forms allow-same-origin allow-popups allow-modals allow-downloads"
            referrerPolicy="strict-origin-when-cross-origin"
            onLoad={() => setLoading(false)}
          />
          <p className="browser-hint">{t("browser.hint")}</p>
        </>
      )}
    </div>
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
}
