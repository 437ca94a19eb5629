/** Where a need leads: a page that is of one account opens with the one that home is about. */
export function withAccount(link: string, account: string | undefined) {
  const [path = "/", search = ""] = link.split("?");
  const params = new URLSearchParams(search);
  if (account && !params.has("account")) params.set("account", account);
  return params.size > 0 ? `${path}?${params}` : path;
}
