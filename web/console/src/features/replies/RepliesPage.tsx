/** Auto-replies of one account: the rules left, the form in the middle, the phone beside it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { OfAccount } from "@/account/OfAccount";
import type { Account, Rule, TriggerKind } from "@/api/types";
import { useNarrow } from "@/lib/hooks";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Empty, Note, Page, Trouble } from "@/ui/kit";
import { rulesQuery, unmatchedQuery } from "./api";
import { Editor } from "./Editor";
import { RuleList } from "./RuleList";
import { Unmatched } from "./Unmatched";
import "./replies.css";

export default function RepliesPage() {
  const { t } = useTranslation();
  return (
    <OfAccount title={t("nav.replies")} none={t("replies.no_account")} choose={t("replies.choose_account")}>
      {(account) => <Replies key={account.id} account={account} />}
    </OfAccount>
  );
}

const newKinds: Record<string, TriggerKind> = {
  "new-follow": "follow",
  "new-keyword": "keyword",
  "new-default": "default",
};

function Replies({ account }: { account: Account }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const { rule: chosen, view, word } = useSearch({ from: "/signed-in/replies" });
  const rules = useQuery(rulesQuery(account.id));
  const unmatched = useInfiniteQuery(unmatchedQuery(account.id));
  const notAllowed = useNotAllowed("replies:write");
  const { whyFunction } = useReasons();
  const off = whyFunction(account, "reply_keyword");

  const newKind = chosen ? newKinds[chosen] : undefined;
  const rule = useMemo(() => rules.data?.find((one) => one.id === chosen), [rules.data, chosen]);
  const open = (id: string | undefined, more?: { view?: "unmatched"; word?: string }) =>
    void navigate({
      to: "/replies",
      search: (s) => ({ account: s.account, rule: id, view: more?.view, word: more?.word }),
    });

  // On a wide screen something is always open: the first rule, ready to edit.
  const first = firstOf(rules.data);
  useEffect(() => {
    if (!narrow && !view && !rule && !newKind && first && rules.isSuccess) {
      void navigate({
        to: "/replies",
        search: (s) => ({ account: s.account, rule: first.id }),
        replace: true,
      });
    }
  }, [narrow, view, rule, newKind, first, rules.isSuccess, navigate]);

  const count = unmatched.data?.pages.reduce((total, page) => total + page.items.length, 0);
  const more = unmatched.hasNextPage;
  const showList = !narrow || (!rule && !newKind && !view);
  const back =
    narrow && !showList ? (
      <button type="button" className="plain back" onClick={() => open(undefined)}>
        <Icon name="left" size={14} /> {t("nav.replies")}
      </button>
    ) : undefined;

  return (
    <Page
      wide
      title={t("nav.replies")}
      back={back}
      actions={
        showList ? (
          <Because reason={notAllowed}>
            <Button
              type="primary"
              icon={<Icon name="plus" />}
              disabled={!!notAllowed}
              onClick={() => open("new-keyword")}
            >
              {t("replies.add_keyword")}
            </Button>
          </Because>
        ) : null
      }
    >
      {off ? (
        <div className="replies-note">
          <Note tone="warning">
            {t("replies.off")} {off}
          </Note>
        </div>
      ) : null}
      {rules.error && !rules.data ? (
        <Trouble error={rules.error} retry={() => void rules.refetch()} />
      ) : (
        <div className="replies">
          {showList ? (
            <RuleList
              account={account}
              rules={rules.data}
              chosen={view ? "unmatched" : (rule?.id ?? chosen)}
              onOpen={open}
              unmatched={count === undefined ? null : { count, more }}
            />
          ) : null}
          {view === "unmatched" ? (
            <Unmatched account={account} onMake={(text) => open("new-keyword", { word: text })} />
          ) : newKind ? (
            <Editor
              key={`${chosen}-${word ?? ""}`}
              account={account}
              rule={null}
              kind={newKind}
              word={word}
              onOpen={open}
            />
          ) : rule ? (
            <Editor
              key={rule.id}
              account={account}
              rule={rule}
              kind={rule.trigger.kind}
              word={undefined}
              onOpen={open}
            />
          ) : rules.data && !narrow ? (
            <div className="card replies-blank">
              {chosen ? (
                <Empty drawing="search">{t("replies.gone")}</Empty>
              ) : (
                <Empty
                  drawing="talk"
                  action={
                    <Because reason={notAllowed}>
                      <Button type="primary" disabled={!!notAllowed} onClick={() => open("new-follow")}>
                        {t("replies.write_welcome")}
                      </Button>
                    </Because>
                  }
                >
                  {t("replies.empty")}
                </Empty>
              )}
            </div>
          ) : narrow ? null : (
            <Card>
              <Bars rows={8} height={34} />
            </Card>
          )}
        </div>
      )}
    </Page>
  );
}

function firstOf(rules: Rule[] | undefined): Rule | undefined {
  for (const kind of ["follow", "keyword", "default"] as const) {
    const found = rules?.find((rule) => rule.trigger.kind === kind);
    if (found) return found;
  }
  return undefined;
}
