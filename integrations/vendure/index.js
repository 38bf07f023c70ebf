// A Vendure 3 plugin that tells Tandem which products changed (README.md). Plain JavaScript, so that it needs no
// build: the decorators are called as functions.
"use strict";

const { createHmac } = require("node:crypto");
const { Inject } = require("@nestjs/common");
const {
  CollectionModificationEvent,
  EventBus,
  JobQueueService,
  Logger,
  PluginCommonModule,
  ProductChannelEvent,
  ProductEvent,
  ProductOptionEvent,
  ProductVariant,
  ProductVariantChannelEvent,
  ProductVariantEvent,
  ProductVariantPrice,
  ProductVariantPriceEvent,
  StockMovementEvent,
  TransactionalConnection,
  VendurePlugin,
} = require("@vendure/core");

// One edit raises several events; what is gathered for so long becomes one message for each product.
const GATHER_MS = 500;
const TIMEOUT_MS = 10_000;
const RETRIES = 10;

class TandemPlugin {
  constructor(eventBus, connection, jobQueueService) {
    this.eventBus = eventBus;
    this.connection = connection;
    this.jobQueueService = jobQueueService;
    this.gathered = new Set();
    this.timer = undefined;
  }

  // `url` is Tandem's address for Vendure's webhooks, `secret` its VENDURE_WEBHOOK_SECRET.
  static init({ url, secret }) {
    if (!url || !secret) throw new Error("TandemPlugin needs the url and the secret of Tandem's webhook.");
    TandemPlugin.options = { url, secret };
    return TandemPlugin;
  }

  async onApplicationBootstrap() {
    const { url, secret } = TandemPlugin.options;
    this.queue = await this.jobQueueService.createQueue({
      name: "tell-tandem",
      process: (job) => deliver(url, secret, job.data.id),
    });
    // Subscribers of the bus get an event once its transaction is committed.
    this.on(ProductEvent, (event) => [event.entity.id]);
    this.on(ProductChannelEvent, (event) => [event.product.id]);
    this.on(ProductVariantEvent, (event) => this.ofVariants(event.entity.map((variant) => variant.id)));
    this.on(ProductVariantChannelEvent, (event) => this.ofVariants([event.productVariant.id]));
    this.on(ProductVariantPriceEvent, (event) => this.ofPrices(event.entity));
    this.on(StockMovementEvent, (event) => this.ofVariants(event.stockMovements.map((each) => each.productVariant.id)));
    this.on(ProductOptionEvent, (event) => this.ofOption(event.entity.id));
    this.on(CollectionModificationEvent, (event) => this.ofVariants(event.productVariantIds));
  }

  async onApplicationShutdown() {
    await this.flush();
  }

  on(type, products) {
    this.eventBus.ofType(type).subscribe(async (event) => {
      try {
        for (const id of await products(event)) this.gathered.add(String(id));
        this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
      } catch (error) {
        Logger.error(`A change was not noted: ${error.message}`, "Tandem");
      }
    });
  }

  async flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const ids = [...this.gathered];
    this.gathered.clear();
    for (const id of ids) {
      await this.queue
        .add({ id }, { retries: RETRIES })
        .catch((error) => Logger.error(`The change of product ${id} was not queued: ${error.message}`, "Tandem"));
    }
  }

  // Ids may be thousands (a collection's), more than one statement takes.
  async ofVariants(ids) {
    const found = new Set();
    for (let start = 0; start < ids.length; start += 500) {
      const rows = await this.variants().where("variant.id IN (:...ids)", { ids: ids.slice(start, start + 500) }).getRawMany();
      rows.forEach((row) => found.add(row.id));
    }
    return found;
  }

  // A removed price has no id any more, by which TypeORM would find every price there is.
  async ofPrices(stated) {
    const where = stated.filter((price) => !price.variant && price.id != null).map(({ id }) => ({ id }));
    const stored = where.length
      ? await this.connection.rawConnection
          .getRepository(ProductVariantPrice)
          .find({ where, relations: { variant: true } })
      : [];
    const variants = [...stated, ...stored].map((price) => price.variant?.id);
    return this.ofVariants(variants.filter((id) => id != null));
  }

  async ofOption(id) {
    const rows = await this.variants().innerJoin("variant.options", "option").where("option.id = :id", { id }).getRawMany();
    return rows.map((row) => row.id);
  }

  // Deleted variants keep their rows.
  variants() {
    const repository = this.connection.rawConnection.getRepository(ProductVariant);
    return repository.createQueryBuilder("variant").select("variant.productId", "id").distinct(true);
  }
}

// Throws where Tandem does not take the message, so that the job queue tries it again.
async function deliver(url, secret, id) {
  const body = JSON.stringify({ id });
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "Content-Type": "application/json",
      "X-Tandem-Topic": "product.changed",
      "X-Tandem-Signature": createHmac("sha256", secret).update(body).digest("base64"),
    },
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`Tandem answered ${answer.status}.`);
}

[EventBus, TransactionalConnection, JobQueueService].forEach((token, index) => Inject(token)(TandemPlugin, undefined, index));
VendurePlugin({ imports: [PluginCommonModule], compatibility: "^3.0.0" })(TandemPlugin);

module.exports = { TandemPlugin };
