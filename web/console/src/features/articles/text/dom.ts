/**
 * HTML as a tree that is only looked at: nothing in it runs, loads or is shown. The page's policy would complain of
 * each `style` attribute it parses, so they are called something else while it is a tree.
 */

const kept = "data-hy-style";
const tagText = /<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>/g;
const attribute = /(\s|["'])style(\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))/gi;

interface Policies {
  createPolicy: (
    name: string,
    rules: { createHTML: (html: string) => string },
  ) => { createHTML: (html: string) => string };
}
const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
let policy: ReturnType<Policies["createPolicy"]> | undefined;

export function domOf(html: string): Element {
  const renamed = html.replace(tagText, (tag) => tag.replace(attribute, `$1${kept}$2`));
  policy ??= policies?.createPolicy("hongyan-look", { createHTML: (text) => text });
  return new DOMParser().parseFromString(policy ? policy.createHTML(renamed) : renamed, "text/html").body;
}

export function styleAt(element: Element): string | null {
  return element.getAttribute(kept);
}
