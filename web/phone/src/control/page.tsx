/** The sandbox by hand: accounts, the platform (component), faults, the journal of calls, and the release test. */
import { useEffect, useRef } from "react";
import { useLive } from "../api/live";
import { ClockPanel } from "../drawer/clock";
import { linkTo, useRoute } from "../route";
import { Header } from "../ui/header";
import { ErrorBox, Skeleton } from "../ui/kit";
import { useWords } from "../words";
import { AccountsTab } from "./accounts";
import { FaultsTab } from "./faults";
import { JournalTab } from "./journal";
import { PlatformTab } from "./platform";
import { ReleaseTab } from "./release";

const tabs = ["accounts", "platform", "faults", "journal", "release"] as const;
type Tab = (typeof tabs)[number];

export function ControlPage() {
  const { t } = useWords();
  const { query } = useRoute();
  const { state } = useLive();
  const nav = useRef<HTMLElement>(null);
  const tab: Tab = tabs.find((name) => name === query.get("tab")) ?? "accounts";
  // On a narrow screen the tabs scroll sideways; the open one should be seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of tab that moves it
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [tab]);
  return (
    <div className="control">
      <Header page="control" />
      <div className="control-body">
        <nav ref={nav} className="control-nav" aria-label={t("nav.control")}>
          {tabs.map((name) => (
            <a
              key={name}
              {...linkTo(`/control?tab=${name}`)}
              aria-current={name === tab ? "page" : undefined}
              data-testid={`control-tab-${name}`}
            >
              {t(`control.${name}`)}
            </a>
          ))}
        </nav>
        <main className="control-main">
          <ClockPanel />
          {state.error && !state.value && <ErrorBox error={state.error} onRetry={state.reload} />}
          {!state.value && !state.error && <Skeleton rows={5} height={56} />}
          {state.value && tab === "accounts" && <AccountsTab state={state.value} reload={state.reload} />}
          {state.value && tab === "platform" && (
            <PlatformTab component={state.value.component} reload={state.reload} />
          )}
          {state.value && tab === "faults" && (
            <FaultsTab accounts={state.value.accounts} push={state.value.push} reload={state.reload} />
          )}
          {state.value && tab === "journal" && <JournalTab accounts={state.value.accounts} />}
          {state.value && tab === "release" && <ReleaseTab component={state.value.component} />}
        </main>
      </div>
    </div>
  );
}
