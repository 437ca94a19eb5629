/** What became of publishing: on its way, out with its pages, or refused and why. */
import { App, Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import type { Publication } from "@/api/types";
import { problemText, wechatText } from "@/lib/problems";
import { Icon } from "@/ui/icons";
import { Because, Note, useCopied, When } from "@/ui/kit";
import { useUnpublish } from "./api";
import { isGoingOut } from "./parts";

interface Props {
  publication: Publication;
  notAllowed: string | null;
  /** It is being written anew; what is out stays as it is. */
  onAgain: (() => void) | null;
  onComments: () => void;
}

export function Out({ publication, notAllowed, onAgain, onComments }: Props) {
  const { t } = useTranslation();
  const at = publication.finished_at ?? publication.created_at;
  if (isGoingOut({ publication, state: "synced", wish: null, in_box: true }))
    return (
      <Note>
        {t("articles.out_publishing")} <When at={publication.created_at} />
      </Note>
    );
  if (publication.state === "deleted")
    return (
      <Note tone="warning">
        {t("articles.out_deleted")} <When at={at} />
      </Note>
    );
  if (publication.state !== "published")
    return (
      <Note tone="error">
        {t(`articles.out_${publication.state as "refused" | "failed" | "unknown"}`)}{" "}
        <Why publication={publication} />
      </Note>
    );
  return (
    <Note
      tone="ok"
      action={
        <span className="row row-wrap">
          {onAgain ? (
            <Because reason={notAllowed}>
              <Button
                size="small"
                icon={<Icon name="edit" size={14} />}
                disabled={!!notAllowed}
                onClick={onAgain}
              >
                {t("articles.write_again")}
              </Button>
            </Because>
          ) : null}
          <CommentsButton publication={publication} onOpen={onComments} />
          <TakeDown publication={publication} notAllowed={notAllowed} />
        </span>
      }
    >
      {t("articles.out_published")} <When at={at} />
      <PageLinks publication={publication} />
    </Note>
  );
}

/** Why WeChat said no, as far as it says. */
export function Why({ publication }: { publication: Publication }) {
  const { t } = useTranslation();
  const { problem, errcode } = publication;
  const known = wechatText(errcode);
  return (
    <>
      {problem
        ? t(`articles.reasons.${problem}` as "articles.reasons.failed", { defaultValue: problem })
        : ""}{" "}
      {known ?? (errcode ? `(${errcode})` : "")}
    </>
  );
}

export function CommentsButton({ publication, onOpen }: { publication: Publication; onOpen: () => void }) {
  const { t } = useTranslation();
  const none = publication.msg_data_id ? null : t("articles.no_comments_by_api");
  return (
    <Because reason={none}>
      <Button size="small" icon={<Icon name="comment" size={14} />} disabled={!!none} onClick={onOpen}>
        {t("articles.read_comments")}
      </Button>
    </Because>
  );
}

export function TakeDown({
  publication,
  notAllowed,
}: {
  publication: Publication;
  notAllowed: string | null;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const unpublish = useUnpublish(publication);
  return (
    <Because reason={notAllowed}>
      <Popconfirm
        title={t("articles.unpublish_title")}
        description={t("articles.unpublish_more")}
        okText={t("articles.unpublish")}
        okButtonProps={{ danger: true }}
        onConfirm={() =>
          unpublish.mutate(undefined, { onError: (error) => void message.error(problemText(error)) })
        }
      >
        <Button size="small" danger disabled={!!notAllowed} loading={unpublish.isPending}>
          {t("articles.unpublish")}
        </Button>
      </Popconfirm>
    </Because>
  );
}

export function PageLinks({ publication }: { publication: Publication }) {
  const { t } = useTranslation();
  return (
    <ul className="out-links">
      {publication.pages.map((page) => (
        <li key={page.idx}>
          {page.deleted ? (
            <s className="dim">{page.title}</s>
          ) : (
            <>
              <a href={page.url} target="_blank" rel="noreferrer">
                {page.title || t("articles.untitled")} <Icon name="external" size={12} />
              </a>
              <CopyLink url={page.url} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function CopyLink({ url }: { url: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopied();
  return (
    <Button
      type="text"
      size="small"
      aria-label={t("app.copy_what", { what: url })}
      title={copied ? t("app.copied") : t("app.copy")}
      icon={<Icon name={copied ? "check" : "copy"} size={13} />}
      onClick={(event) => {
        event.stopPropagation();
        void copy(url);
      }}
    />
  );
}
