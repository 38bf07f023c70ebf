// A Vendure shop in memory, with Tandem's plugin. PORT, WEBHOOK_URL and WEBHOOK_SECRET come from the environment.
"use strict";

const path = require("node:path");
const { AssetServerPlugin } = require("@vendure/asset-server-plugin");
const { bootstrap, DefaultJobQueuePlugin, DefaultLogger, JobQueueService, LogLevel } = require("@vendure/core");
const { TandemPlugin } = require("./tandem");

bootstrap({
  logger: new DefaultLogger({ level: LogLevel.Warn }),
  apiOptions: { hostname: "127.0.0.1", port: Number(process.env.PORT), adminApiPath: "admin-api", shopApiPath: "shop-api" },
  authOptions: {
    tokenMethod: "bearer",
    superadminCredentials: { identifier: "superadmin", password: "superadmin" },
    cookieOptions: { secret: "of-a-test" },
  },
  dbConnectionOptions: { type: "sqljs", synchronize: true, logging: false },
  paymentOptions: { paymentMethodHandlers: [] },
  plugins: [
    AssetServerPlugin.init({ route: "assets", assetUploadDir: path.join(__dirname, "assets") }),
    DefaultJobQueuePlugin.init({ pollInterval: 200 }),
    TandemPlugin.init({ url: process.env.WEBHOOK_URL, secret: process.env.WEBHOOK_SECRET }),
  ],
})
  // A shop has a worker for its jobs; here one process does both.
  .then((app) => app.get(JobQueueService).start())
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
