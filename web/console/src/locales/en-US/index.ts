/** What every page needs, or may. Words that only one feature says come with its pages: `all.ts`, `lib/i18n.ts`. */
import accounts from "./accounts.json";
import app from "./app.json";
import customers from "./customers.json";
import home from "./home.json";
import inbox from "./inbox.json";
import problems from "./problems.json";
import replies from "./replies.json";
import session from "./session.json";
import settings from "./settings.json";

export default {
  ...app,
  ...session,
  ...problems,
  ...home,
  ...inbox,
  ...accounts,
  ...replies,
  ...customers,
  ...settings,
};
