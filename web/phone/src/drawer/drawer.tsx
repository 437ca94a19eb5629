/** What WeChat's side sees: its clock, this fan's standing, and the traffic between it and the hub, newest first. */
import { fanPath, get } from "../api/client";
import { useEvents } from "../api/live";
import type { Account, Fan } from "../api/types";
import { useLater, useLoad } from "../api/use-load";
import { Broadcasts } from "./broadcasts";
import { ClockPanel } from "./clock";
import { FanCard } from "./fan-card";
import { Traffic } from "./traffic";

export function Drawer({
  appid,
  openid,
  account,
}: {
  appid: string | null;
  openid: string | null;
  account: Account | null;
}) {
  const fan = useLoad(appid && openid ? `fan/${appid}/${openid}` : null, (signal) =>
    get<Fan>(fanPath(appid ?? "", openid ?? ""), signal),
  );
  const refresh = useLater(fan.reload, 150);
  useEvents((event) => {
    const mine =
      (event.type === "chat" && event.openid === openid) ||
      (event.type === "mass" && event.appid === appid) ||
      event.type === "clock" ||
      event.type === "open";
    const touched =
      event.type === "call" && event.appid === appid && /tags|blacklist|remark|custom/.test(event.path);
    if (mine || touched) refresh();
  });
  return (
    <div className="drawer">
      <ClockPanel />
      {appid && openid && <FanCard fan={fan} account={account} />}
      {appid && <Broadcasts appid={appid} />}
      <Traffic appid={appid} openid={openid} />
    </div>
  );
}
