/** The phone beside the draft: the message in the chat, and the article as a reader opens it. */
import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { Face } from "@/ui/kit";
import { Phone } from "@/ui/Phone";
import type { Item } from "./items";
import { firstWords } from "./lint";
import { Cover, coverOf } from "./parts";
import { shownPicture } from "./pictures";
import { Rendered } from "./text/Rendered";

interface Props {
  account: Account;
  items: Item[];
  item: Item;
  at: number;
  view: "read" | "chat";
  onView: (view: "read" | "chat") => void;
  onChoose: (key: string) => void;
}

export function PhoneArticle({ account, items, item, at, view, onView, onChoose }: Props) {
  const { t } = useTranslation();
  const face = <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={24} square />;
  return (
    <div className="article-phone">
      <Segmented
        block
        value={view}
        aria-label={t("articles.phone")}
        onChange={(value) => onView(value as typeof view)}
        options={(["read", "chat"] as const).map((value) => ({ value, label: t(`articles.phone_${value}`) }))}
      />
      <Phone title={account.nick_name} face={face}>
        {view === "read" ? (
          <Reading account={account} item={item} at={at} />
        ) : (
          <ul className="chat-articles">
            {items.map((one, index) => (
              <li key={one.key} className={index === 0 ? "chat-first" : ""}>
                <button
                  type="button"
                  onClick={() => {
                    onChoose(one.key);
                    onView("read");
                  }}
                >
                  <Cover src={coverOf(one)} />
                  <span className="chat-title">
                    {one.title.trim() || t("articles.untitled")}
                    {items.length === 1 ? <small>{one.digest.trim() || firstWords(one.html)}</small> : null}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Phone>
    </div>
  );
}

function Reading({ account, item, at }: { account: Account; item: Item; at: number }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const day = new Intl.DateTimeFormat(language, { year: "numeric", month: "long", day: "numeric" }).format(
    at,
  );
  return (
    <article className="reading">
      <h2 className="reading-title">{item.title.trim() || t("articles.untitled")}</h2>
      <p className="reading-by">
        {item.author ? <span>{item.author}</span> : null}
        <b>{account.nick_name}</b>
        <time>{day}</time>
      </p>
      <div className="reading-body">
        {item.html ? (
          <Rendered html={item.html} shown={shownPicture} />
        ) : (
          <p className="reading-none">{t("articles.nothing_yet")}</p>
        )}
      </div>
      {item.source_url ? <p className="reading-source">{t("articles.read_original")}</p> : null}
      <footer className="reading-foot">
        <span>{t("articles.reads")}</span>
        {item.comments === "off" ? null : (
          <span>
            {item.comments === "fans" ? t("articles.comment_fans_there") : t("articles.comment_there")}
          </span>
        )}
      </footer>
    </article>
  );
}
