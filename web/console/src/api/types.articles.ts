/** Articles, what became of them, and the media library, as the hub speaks them. */
import type {
  At,
  Id,
  Items,
  Media,
  MediaKind,
  MediaUses,
  Millis,
  Op,
  Page,
  Paging,
  Query,
  Send,
} from "./types";

export type ArticleState = "draft" | "synced" | "changed" | "conflict" | "gone";
/** Under way: a job of the hub is at it. */
export type ArticleWish = "push" | "delete" | "copy";
export type ArticleComments = "off" | "everybody" | "fans";

/** What only WeChat gave; given back as it was got. */
export interface AtWechat {
  kind: "news" | "newspic";
  cover_id: string;
  /** On our own server; empty when there is none. */
  cover_url: string;
  images: string[];
  crop_wide: string;
  crop_square: string;
}
export interface ArticleItem {
  title: string;
  author: string;
  digest: string;
  html: string;
  cover_media_id: Id | null;
  source_url: string;
  comments: ArticleComments;
  wechat: AtWechat | null;
}
export type PublicationState =
  | "waiting"
  | "submitting"
  | "publishing"
  | "published"
  | "refused"
  | "failed"
  | "unknown"
  | "deleted";
export interface PublishedPage {
  /** From 1. */
  idx: number;
  title: string;
  url: string;
  deleted: boolean;
}
export interface Publication {
  id: Id;
  account_id: Id;
  /** None of one that was made elsewhere. */
  article_id: Id | null;
  source: "hub" | "broadcast" | "wechat";
  state: PublicationState;
  titles: string[];
  pages: PublishedPage[];
  wechat_article_id: string | null;
  /** Without it the API knows no comments. */
  msg_data_id: string | null;
  problem: string | null;
  errcode: number | null;
  fail_idx: number[];
  by: string | null;
  created_at: Millis;
  finished_at: Millis | null;
}
export interface Article {
  id: Id;
  account_id: Id;
  items: ArticleItem[];
  state: ArticleState;
  wish: ArticleWish | null;
  problem: string | null;
  errcode: number | null;
  /** Which article the problem is of, from 0. */
  problem_item: number | null;
  in_box: boolean;
  synced_at: Millis | null;
  theirs: ArticleItem[] | null;
  publication: Publication | null;
  by: string | null;
  created_at: Millis;
  updated_at: Millis;
  revision: number;
}
export interface ArticleLine {
  id: Id;
  account_id: Id;
  titles: string[];
  digest: string;
  cover_media_id: Id | null;
  cover_url: string;
  state: ArticleState;
  wish: ArticleWish | null;
  problem: string | null;
  errcode: number | null;
  in_box: boolean;
  publication: Publication | null;
  by: string | null;
  created_at: Millis;
  updated_at: Millis;
}
export interface ArticleQuery extends Paging {
  account?: Id;
  query?: string;
  state?: ArticleState;
}
export interface ArticleSync {
  account_id: Id;
  state: "none" | "running" | "done" | "failed";
  total: number;
  seen: number;
  changed: number;
  conflicts: number;
  started_at: Millis | null;
  ended_at: Millis | null;
  problem: string | null;
  errcode: number | null;
}
export interface ArticleComment {
  id: string;
  openid: string | null;
  at: Millis;
  text: string;
  elected: boolean;
  reply: string | null;
  replied_at: Millis | null;
}
export interface MaterialBudget {
  images: { used: number; limit: number };
  voices: { used: number; limit: number };
  videos: { used: number; limit: number };
}
export interface MediaQuery extends Paging {
  kind?: MediaKind;
  folder?: string;
  query?: string;
}

type OfArticle = At<"article">;
type OfPublication = At<"publication">;
type OfComment = At<"publication" | "comment">;

export interface ArticlePaths {
  "/api/v1/articles": {
    get: Op<Page<ArticleLine>, Query<ArticleQuery>>;
    post: Send<Article, { account_id: Id; items: ArticleItem[] }>;
  };
  "/api/v1/articles/{article}": {
    get: Op<Article, OfArticle>;
    put: Send<Article, { items: ArticleItem[]; revision: number }, OfArticle>;
    delete: Op<Article | undefined, OfArticle & Query<{ at_wechat?: boolean }>>;
  };
  "/api/v1/articles/{article}/push": { post: Op<Article, OfArticle> };
  "/api/v1/articles/{article}/resolve": { post: Send<Article, { take: "ours" | "theirs" }, OfArticle> };
  "/api/v1/articles/{article}/preview": {
    post: Send<undefined, { customer_id?: Id; wechat_id?: string }, OfArticle>;
  };
  "/api/v1/articles/{article}/publish": { post: Op<Publication, OfArticle> };
  "/api/v1/articles/{article}/copy": { post: Send<Article, { account_id: Id }, OfArticle> };
  "/api/v1/accounts/{account}/articles/sync": {
    get: Op<ArticleSync, At<"account">>;
    post: Op<ArticleSync, At<"account">>;
  };
  "/api/v1/accounts/{account}/material_budget": { get: Op<MaterialBudget, At<"account">> };
  "/api/v1/publications": { get: Op<Page<Publication>, Query<{ account?: Id } & Paging>> };
  "/api/v1/publications/{publication}": {
    delete: Op<Publication, OfPublication & Query<{ idx?: number }>>;
  };
  "/api/v1/publications/{publication}/comments": {
    get: Op<
      { total: number; items: ArticleComment[] },
      OfPublication & Query<{ idx?: number; elected?: boolean; begin?: number }>
    >;
  };
  "/api/v1/publications/{publication}/comments/switch": {
    put: Send<undefined, { idx: number; open: boolean }, OfPublication>;
  };
  "/api/v1/publications/{publication}/comments/{comment}": {
    delete: Op<undefined, OfComment & Query<{ idx: number }>>;
  };
  "/api/v1/publications/{publication}/comments/{comment}/elected": {
    put: Send<undefined, { idx: number; elected: boolean }, OfComment>;
  };
  "/api/v1/publications/{publication}/comments/{comment}/reply": {
    put: Send<undefined, { idx: number; text: string }, OfComment>;
    delete: Op<undefined, OfComment & Query<{ idx: number }>>;
  };
  "/api/v1/media": { get: Op<Page<Media>, Query<MediaQuery>>; post: Send<Media, FormData> };
  "/api/v1/media/folders": { get: Op<Items<{ folder: string; files: number }>> };
  "/api/v1/media/{media}": {
    patch: Send<Media, { file_name?: string; folder?: string }, At<"media">>;
    delete: Op<undefined, At<"media">>;
  };
  "/api/v1/media/{media}/uses": { get: Op<MediaUses, At<"media">> };
}
