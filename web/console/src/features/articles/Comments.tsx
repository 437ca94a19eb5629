/** What readers have written below what is out: chosen for everybody to see, answered, or taken away. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Drawer, Popconfirm, Segmented, Select, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ArticleComment, Publication } from "@/api/types";
import { problemText } from "@/lib/problems";
import { AutoText } from "@/ui/AutoText";
import { Icon } from "@/ui/icons";
import { Badge, Bars, Because, Empty, Face, ShortId, Trouble, When } from "@/ui/kit";
import { More } from "@/ui/More";
import { commentsQuery, useCommentActs } from "./api";

interface Props {
  publication: Publication;
  notAllowed: string | null;
  onClose: () => void;
}

export function Comments({ publication, notAllowed, onClose }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [idx, setIdx] = useState(1);
  const [which, setWhich] = useState<"all" | "elected">("all");
  const query = useInfiniteQuery(commentsQuery(publication.id, idx, which === "elected"));
  const acts = useCommentActs(publication.id, idx);
  const list = query.data?.pages.flatMap((page) => page.items);
  const failed = (error: unknown) => void message.error(problemText(error));
  return (
    <Drawer open onClose={onClose} title={t("articles.read_comments")} size={460}>
      <div className="stack">
        {publication.titles.length > 1 ? (
          <Select
            value={idx}
            aria-label={t("articles.one")}
            onChange={setIdx}
            options={publication.titles.map((title, index) => ({
              value: index + 1,
              label: `${index + 1}. ${title || t("articles.untitled")}`,
            }))}
          />
        ) : null}
        <div className="row row-between">
          <span>
            {t("articles.comments_open")}
            <small className="field-more block">{t("articles.comments_open_more")}</small>
          </span>
          <Because reason={notAllowed}>
            <span className="row">
              {[true, false].map((on) => (
                <Button
                  key={String(on)}
                  size="small"
                  disabled={!!notAllowed}
                  loading={acts.open.isPending && acts.open.variables === on}
                  onClick={() =>
                    acts.open.mutate(on, {
                      onError: failed,
                      onSuccess: () =>
                        void message.success(
                          on ? t("articles.comments_opened") : t("articles.comments_closed"),
                        ),
                    })
                  }
                >
                  {on ? t("articles.comments_switch_on") : t("articles.comments_switch_off")}
                </Button>
              ))}
            </span>
          </Because>
        </div>
        <Segmented
          value={which}
          onChange={(value) => setWhich(value as typeof which)}
          options={(["all", "elected"] as const).map((value) => ({
            value,
            label: t(`articles.comments_${value}`),
          }))}
        />
        {query.error && !list ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
        {!list && !query.error ? <Bars rows={4} height={56} /> : null}
        {list?.length === 0 ? (
          <Empty drawing="talk" compact>
            {t("articles.no_comments")}
          </Empty>
        ) : null}
        <ul className="comments">
          {list?.map((comment) => (
            <Comment key={comment.id} comment={comment} acts={acts} notAllowed={notAllowed} failed={failed} />
          ))}
        </ul>
        <More query={query} />
      </div>
    </Drawer>
  );
}

interface One {
  comment: ArticleComment;
  acts: ReturnType<typeof useCommentActs>;
  notAllowed: string | null;
  failed: (error: unknown) => void;
}

function Comment({ comment, acts, notAllowed, failed }: One) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const who = comment.openid ?? comment.id;
  const send = () => {
    if (!text?.trim()) return;
    acts.reply.mutate(
      { comment: comment.id, text: text.trim() },
      { onSuccess: () => setText(null), onError: failed },
    );
  };
  return (
    <li className="comment">
      <Face id={who} name={comment.openid?.slice(-2) ?? "·"} size={30} />
      <div className="comment-body">
        <p className="row row-wrap small">
          {comment.openid ? (
            <>
              <Link to="/customers" search={{ query: comment.openid }}>
                {t("articles.see_customer")}
              </Link>
              <ShortId value={comment.openid} />
            </>
          ) : (
            <span className="dim">{t("articles.somebody_there")}</span>
          )}
          <When at={comment.at} />
          {comment.elected ? <Badge tone="ok">{t("articles.elected")}</Badge> : null}
        </p>
        <p className="pre">{comment.text}</p>
        {comment.reply ? (
          <p className="comment-reply pre">
            <b>{t("articles.our_reply")}</b> {comment.reply}
          </p>
        ) : null}
        {text !== null ? (
          <div className="stack-tight">
            <AutoText
              autoFocus
              rows={2}
              maxLength={600}
              value={text}
              aria-label={t("articles.reply")}
              onChange={(event) => setText(event.target.value)}
            />
            <span className="row row-end">
              <Button size="small" onClick={() => setText(null)}>
                {t("app.cancel")}
              </Button>
              <Button
                size="small"
                type="primary"
                loading={acts.reply.isPending}
                disabled={!text.trim()}
                onClick={send}
              >
                {t("articles.reply")}
              </Button>
            </span>
          </div>
        ) : notAllowed ? null : (
          <span className="row comment-acts">
            <Button
              type="text"
              size="small"
              icon={<Icon name="star" size={14} />}
              onClick={() =>
                acts.elect.mutate({ comment: comment.id, elected: !comment.elected }, { onError: failed })
              }
            >
              {comment.elected ? t("articles.unelect") : t("articles.elect")}
            </Button>
            {comment.reply ? (
              <Button
                type="text"
                size="small"
                icon={<Icon name="undo" size={14} />}
                onClick={() => acts.reply.mutate({ comment: comment.id, text: null }, { onError: failed })}
              >
                {t("articles.reply_remove")}
              </Button>
            ) : (
              <Button
                type="text"
                size="small"
                icon={<Icon name="replies" size={14} />}
                onClick={() => setText("")}
              >
                {t("articles.reply")}
              </Button>
            )}
            <Tooltip title={t("articles.comment_delete")}>
              <Popconfirm
                title={t("articles.comment_delete_sure")}
                okText={t("articles.delete")}
                okButtonProps={{ danger: true }}
                onConfirm={() => acts.remove.mutate(comment.id, { onError: failed })}
              >
                <Button
                  type="text"
                  size="small"
                  aria-label={t("articles.comment_delete")}
                  icon={<Icon name="trash" size={14} />}
                />
              </Popconfirm>
            </Tooltip>
          </span>
        )}
      </div>
    </li>
  );
}
