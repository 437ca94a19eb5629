/** A new code: the form, the phone beside it, and one button. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/api/queries";
import type { Account } from "@/api/types";
import { useKept, useNarrow } from "@/lib/hooks";
import { useKeys } from "@/lib/keys";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Because, Note, Page, Trouble } from "@/ui/kit";
import { useMakeCode } from "./api";
import { bodyOf, CodeForm, CodePhone, type Draft, emptyDraft, faultOf } from "./Form";
import { OfAccount } from "./OfAccount";

export default function NewQrcodePage() {
  return <OfAccount>{(account) => <New key={account.id} account={account} />}</OfAccount>;
}

function New({ account }: { account: Account }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const notAllowed = useNotAllowed("qrcodes:write");
  const { whyFunction } = useReasons();
  const off = whyFunction(account, "qrcode");
  const tags = useQuery(tagsQuery).data ?? [];
  const [kept, keep] = useKept<Draft>(`hy.draft.qrcode.${account.id}`, emptyDraft);
  const draft = { ...emptyDraft, ...kept };
  const make = useMakeCode(account.id);
  const fault = faultOf(draft);
  const blocked = notAllowed ?? off ?? (fault ? t(fault) : null);
  const save = () => {
    if (blocked || make.isPending) return;
    make.mutate(
      {
        ...bodyOf(draft, new Set(tags.map((tag) => tag.id))),
        permanent: draft.permanent,
        days: draft.permanent ? undefined : draft.days,
      },
      {
        onSuccess: (code) => {
          keep(emptyDraft);
          void navigate({
            to: "/qrcodes/$id",
            params: { id: code.id },
            search: { account: account.id, edit: undefined },
          });
        },
      },
    );
  };
  useKeys({ "mod+s": save });
  return (
    <Page
      title={t("qrcodes.new")}
      back={
        <Link to="/qrcodes" search={{ account: account.id }} className="back">
          <Icon name="left" size={14} /> {t("nav.qrcodes")}
        </Link>
      }
      actions={
        <Because reason={blocked}>
          <Button type="primary" disabled={!!blocked} loading={make.isPending} onClick={save}>
            {t("qrcodes.make")}
          </Button>
        </Because>
      }
    >
      {off ? (
        <div className="code-note">
          <Note tone="warning">{off}</Note>
        </div>
      ) : null}
      {make.error ? (
        <div className="code-note">
          <Trouble error={make.error} />
        </div>
      ) : null}
      <div className="code-editor">
        <CodeForm account={account} draft={draft} onChange={keep} isNew onSubmit={save} />
        {narrow ? null : (
          <div className="code-phone">
            <CodePhone account={account} draft={draft} />
          </div>
        )}
      </div>
    </Page>
  );
}
