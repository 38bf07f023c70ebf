import type { Type } from "@vendure/core";

export interface TandemOptions {
  /** Tandem's address for Vendure's webhooks: "https://search.example/webhooks/vendure". */
  url: string;
  /** Tandem's VENDURE_WEBHOOK_SECRET. */
  secret: string;
}

export declare class TandemPlugin {
  static init(options: TandemOptions): Type<TandemPlugin>;
}
